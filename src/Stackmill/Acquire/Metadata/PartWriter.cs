using Stackmill.Core.Engine;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Acquire.Metadata;

/// <summary>Writes the rows that one task keeps as parts, one a language, which the merge puts together.</summary>
internal sealed class PartWriter(ShardContext context, string folder, bool filename) : IDisposable
{
    /// <summary>Kind of the outputs, which are no shards of the dataset.</summary>
    public const string PartKind = "file";

    // About 2 KB a row in memory; all languages of a task share the bound, and two tasks a worker's share of memory.
    private const int MostRows = 8_192;

    private readonly SortedDictionary<string, Part> _parts = new(StringComparer.Ordinal);
    private int _rows;

    /// <summary>Rows added of a language.</summary>
    public long Rows(string language) => _parts.TryGetValue(language, out var part) ? part.All : 0;

    /// <summary>Adds a row.</summary>
    public void Add(string language, MetadataRow row)
    {
        if (!_parts.TryGetValue(language, out var part))
            _parts.Add(language, part = new Part());
        part.Rows.Add(row);
        part.All++;
        part.Bytes += row.LengthBytes;
        if (++_rows == MostRows)
            Flush();
    }

    /// <summary>Writes what is left and closes the files.</summary>
    public void Complete()
    {
        Flush();
        foreach (var part in _parts.Values)
            part.File!.Close();
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
            part.File ??= new ParquetTableWriter<MetadataRow>(
                context.CreateOutput($"{folder}/{LanguageFolder.Of(language)}.parquet", PartKind, language, () => (part.All, part.Bytes)), MetadataColumns.WriteColumns(filename));
            part.File.WriteRowGroup(part.Rows);
            part.Rows.Clear();
        }

        _rows = 0;
    }

    private sealed class Part
    {
        public List<MetadataRow> Rows { get; } = [];

        public long All { get; set; }

        public long Bytes { get; set; }

        public ParquetTableWriter<MetadataRow>? File { get; set; }
    }
}
