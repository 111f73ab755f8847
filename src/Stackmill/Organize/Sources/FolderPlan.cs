using System.Security.Cryptography;
using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Shared.Languages;

namespace Stackmill.Organize.Sources;

/// <summary>A file to read, or an entry to account for, as the plan holds it.</summary>
internal sealed record PlannedFile(
    string Path, string Language, long Length, string? Reason = null, bool IsFailure = false, double? Value = null, double? Threshold = null, string? Detail = null);

/// <summary>
/// The listing of an input folder, cut into tasks and kept in a scratch file: memory holds one open task a language and
/// two numbers a task, whatever the number of files. Tasks hold files of one language; entries that are left out by
/// name or size are tasks of their own, which only write ledger rows.
/// </summary>
internal sealed class FolderPlan : IDisposable
{
    // Small files cost more than their bytes: this many make a task whatever their size.
    private const int MaxFilesPerTask = 8192;
    private const int RejectsPerTask = 20_000;

    private readonly FileStream _file;
    private readonly List<(long Offset, int Length)> _blocks = [];
    private readonly List<ShardTask> _tasks = [];
    private readonly IncrementalHash _fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Lock _gate = new();

    private FolderPlan(string scratchFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratchFile)!);
        _file = new FileStream(scratchFile, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose);
    }

    /// <summary>The tasks, in the order of their index.</summary>
    public IReadOnlyList<ShardTask> Tasks => _tasks;

    /// <summary>SHA-256 over path, size and change time of every entry: equal fingerprints mean an unchanged folder.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Lists the folder.</summary>
    public static FolderPlan Make(FolderScanner scanner, IReadOnlyList<IFileFilter> filters, long shardBytes, string scratchFile, CancellationToken cancellation)
    {
        var plan = new FolderPlan(scratchFile);
        var whole = false;
        try
        {
            plan.List(scanner, filters, shardBytes, cancellation);
            whole = true;
            return plan;
        }
        finally
        {
            if (!whole)
                plan.Dispose();
        }
    }

    /// <summary>The files of one task, by path.</summary>
    public IReadOnlyList<PlannedFile> Files(int task)
    {
        var (offset, length) = _blocks[task];
        var block = new byte[length];
        lock (_gate)
        {
            _file.Flush();
            RandomAccess.Read(_file.SafeFileHandle, block, offset);
        }

        return JsonSerializer.Deserialize<List<PlannedFile>>(block)!;
    }

    /// <summary>Removes the scratch file.</summary>
    public void Dispose()
    {
        _fingerprint.Dispose();
        _file.Dispose();
    }

    private void List(FolderScanner scanner, IReadOnlyList<IFileFilter> filters, long shardBytes, CancellationToken cancellation)
    {
        var pending = new Dictionary<string, Pending>(StringComparer.Ordinal);
        foreach (var entry in scanner.Scan())
        {
            cancellation.ThrowIfCancellationRequested();
            _fingerprint.AppendData(JsonSerializer.SerializeToUtf8Bytes(new { entry.Path, entry.Length, entry.Changed, entry.Reason }));
            var file = Judge(entry, filters);
            var isReject = file.Reason is not null;
            var key = isReject ? "" : file.Language;
            if (!pending.TryGetValue(key, out var open))
                pending.Add(key, open = new Pending());
            open.Files.Add(file);
            open.Bytes += isReject ? 0 : file.Length;
            if (open.Bytes >= shardBytes || open.Files.Count >= (isReject ? RejectsPerTask : MaxFilesPerTask))
                Cut(open);
        }

        foreach (var key in pending.Keys.Order(StringComparer.Ordinal))
            Cut(pending[key]);
        Fingerprint = Convert.ToHexStringLower(_fingerprint.GetHashAndReset());
    }

    private static PlannedFile Judge(FolderEntry entry, IReadOnlyList<IFileFilter> filters)
    {
        if (entry.Reason is not null)
            return new PlannedFile(entry.Path, "", entry.Length, entry.Reason, entry.IsFailure, Detail: entry.Detail);
        var language = LanguageTable.OfPath(entry.Path)?.Name;
        var facts = new FileFacts(entry.Path, language, entry.Length);
        foreach (var filter in filters)
        {
            var verdict = filter.Check(facts);
            if (!verdict.IsKept)
                return new PlannedFile(entry.Path, language ?? "", entry.Length, verdict.Reason, false, verdict.Value, verdict.Threshold);
        }

        return new PlannedFile(entry.Path, language!, entry.Length);
    }

    private void Cut(Pending pending)
    {
        if (pending.Files.Count == 0)
            return;
        pending.Files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var block = JsonSerializer.SerializeToUtf8Bytes(pending.Files);
        _blocks.Add((_file.Position, block.Length));
        _file.Write(block);
        _tasks.Add(new ShardTask(_tasks.Count, ShardWriter.PartName(_tasks.Count), pending.Bytes));
        pending.Files.Clear();
        pending.Bytes = 0;
    }

    private sealed class Pending
    {
        public List<PlannedFile> Files { get; } = [];

        public long Bytes { get; set; }
    }
}
