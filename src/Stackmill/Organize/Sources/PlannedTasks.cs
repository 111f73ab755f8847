using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Organize.Sources;

/// <summary>
/// The entries of a listing, cut into tasks and kept in a scratch file: memory holds one open task a language and two numbers a task,
/// whatever the number of entries. Tasks hold files of one language as their names tell it; entries that are left out are tasks of their own, which only write
/// ledger rows.
/// </summary>
/// <typeparam name="T">An entry, which JSON can hold.</typeparam>
internal sealed class PlannedTasks<T> : IDisposable
{
    // Small files cost more than their bytes: this many make a task whatever their size.
    private const int MaxFilesPerTask = 8192;
    private const int RejectsPerTask = 20_000;

    // Files whose names tell no language have tasks of their own, apart from what is left out.
    private const string OpenLanguage = "?";

    private readonly FileStream _file;
    private readonly long _shardBytes;
    private readonly Comparison<T>? _order;
    private readonly List<(long Offset, int Length)> _blocks = [];
    private readonly List<ShardTask> _tasks = [];
    private readonly Dictionary<string, Pending> _pending = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Begins a plan.</summary>
    /// <param name="scratchFile">Name of the scratch file.</param>
    /// <param name="shardBytes">Bytes of content that a task should have.</param>
    /// <param name="order">Order of the entries of a task; that of the listing when <c>null</c>.</param>
    public PlannedTasks(string scratchFile, long shardBytes, Comparison<T>? order = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratchFile)!);
        _file = new FileStream(scratchFile, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose);
        (_shardBytes, _order) = (shardBytes, order);
    }

    /// <summary>The tasks, in the order of their index.</summary>
    public IReadOnlyList<ShardTask> Tasks => _tasks;

    /// <summary>Adds a file to read; its language is empty when only the content tells it.</summary>
    public void Add(T file, string language, long bytes) => Add(language.Length > 0 ? language : OpenLanguage, file, bytes, MaxFilesPerTask);

    /// <summary>Adds an entry that is left out.</summary>
    public void AddReject(T entry) => Add("", entry, 0, RejectsPerTask);

    /// <summary>Adds a task without entries, and gives its index.</summary>
    public int AddEmpty()
    {
        AddTask(0, []);
        return _tasks.Count - 1;
    }

    /// <summary>Makes tasks of what is left.</summary>
    public void Finish()
    {
        foreach (var key in _pending.Keys.Order(StringComparer.Ordinal))
            Cut(_pending[key]);
    }

    /// <summary>The entries of one task.</summary>
    public List<T> Read(int task)
    {
        var (offset, length) = _blocks[task];
        if (length == 0)
            return [];
        var block = new byte[length];
        lock (_gate)
        {
            _file.Flush();
            RandomAccess.Read(_file.SafeFileHandle, block, offset);
        }

        return JsonSerializer.Deserialize<List<T>>(block)!;
    }

    /// <summary>Removes the scratch file.</summary>
    public void Dispose() => _file.Dispose();

    private void Add(string key, T entry, long bytes, int most)
    {
        if (!_pending.TryGetValue(key, out var open))
            _pending.Add(key, open = new Pending());
        open.Entries.Add(entry);
        open.Bytes += bytes;
        if (open.Bytes >= _shardBytes || open.Entries.Count >= most)
            Cut(open);
    }

    private void Cut(Pending pending)
    {
        if (pending.Entries.Count == 0)
            return;
        if (_order is not null)
            pending.Entries.Sort(_order);
        AddTask(pending.Bytes, JsonSerializer.SerializeToUtf8Bytes(pending.Entries));
        pending.Entries.Clear();
        pending.Bytes = 0;
    }

    private void AddTask(long weight, ReadOnlySpan<byte> block)
    {
        _blocks.Add((_file.Position, block.Length));
        _file.Write(block);
        _tasks.Add(new ShardTask(_tasks.Count, ShardWriter.PartName(_tasks.Count), weight));
    }

    private sealed class Pending
    {
        public List<T> Entries { get; } = [];

        public long Bytes { get; set; }
    }
}
