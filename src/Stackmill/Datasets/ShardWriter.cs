using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared;

namespace Stackmill.Datasets;

/// <summary>
/// Writes the records of one task as shards, one a language: contents are copied into an arena and written a row
/// group at a time. Records of one language must come in their stored order, <c>(repo_name, path, blob_id)</c>.
/// </summary>
internal sealed class ShardWriter : IDisposable
{
    /// <summary>Row groups are closed at this many bytes of content, so that readers need little memory.</summary>
    public const long RowGroupBytes = 8 << 20;

    private const int RowGroupRows = 8192;

    private readonly ShardContext _context;
    private readonly string _partName;
    private readonly IReadOnlyList<ParquetColumn<CodeRecord>> _columns;
    private readonly Dictionary<string, Part> _parts = new(StringComparer.Ordinal);
    private readonly ByteArena _arena;

    /// <summary>Makes a writer for one task; <paramref name="arena"/> is the worker's, and is reset here.</summary>
    public ShardWriter(ShardContext context, string partName, IReadOnlyList<ParquetColumn<CodeRecord>> columns, ByteArena arena)
    {
        _context = context;
        _partName = partName;
        _columns = columns;
        _arena = arena;
        arena.Reset();
    }

    /// <summary>Name of the part that a task writes.</summary>
    public static string PartName(int task) => $"part-{task:D5}";

    /// <summary>Adds one record, whose content is copied, and counts it as kept.</summary>
    public void Add(CodeRecord record)
    {
        _context.Books.Kept++;
        _context.Books.BytesKept += record.Content.Length;
        record.Content = _arena.Copy(record.Content.Span);
        if (!_parts.TryGetValue(record.Language, out var part))
            _parts.Add(record.Language, part = new Part());
        part.Rows.Add(record);
        part.Bytes += record.Content.Length;
        // One arena serves all languages of the task, so all are flushed together: still the input alone decides.
        if (_arena.Bytes >= RowGroupBytes || part.Rows.Count >= RowGroupRows)
            Flush();
    }

    /// <summary>Writes what is left and closes the files.</summary>
    public void Complete()
    {
        Flush();
        foreach (var part in _parts.Values)
            part.Close();
    }

    /// <summary>Frees the native writers.</summary>
    public void Dispose()
    {
        foreach (var part in _parts.Values)
            part.File?.Dispose();
    }

    private void Flush()
    {
        foreach (var (language, part) in _parts)
        {
            if (part.Rows.Count == 0)
                continue;
            part.File ??= Open(language, part);
            part.File.WriteRowGroup(part.Rows);
            part.Rows.Clear();
        }

        _arena.Reset();
    }

    private ParquetTableWriter<CodeRecord> Open(string language, Part part)
    {
        var path = $"{LanguageFolder.Of(language)}/{_partName}.parquet";
        var temporary = _context.CreateOutput(path, ShardOutput.ShardKind, language, () => (part.Written, part.Bytes));
        return new ParquetTableWriter<CodeRecord>(temporary, _columns, RecordColumns.Content);
    }

    private sealed class Part
    {
        public List<CodeRecord> Rows { get; private set; } = [];

        public long Bytes { get; set; }

        public long Written { get; private set; }

        public ParquetTableWriter<CodeRecord>? File { get; set; }

        // The task asks for the figures of all its shards at its end: until then only those may take memory.
        public void Close()
        {
            Written = File?.Rows ?? 0;
            File?.Close();
            File?.Dispose();
            (File, Rows) = (null, []);
        }
    }
}
