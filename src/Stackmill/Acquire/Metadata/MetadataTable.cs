using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Acquire.Metadata;

/// <summary>Reads what the stage <c>metadata</c> wrote.</summary>
internal static class MetadataTable
{
    /// <summary>How the names of its files begin; the folder name of the language follows.</summary>
    public const string Prefix = "filtered_metadata_";

    /// <summary>Name of a language's file.</summary>
    public static string FileName(string language) => $"{Prefix}{LanguageFolder.Of(language)}.parquet";

    /// <summary>The rows of one file, a batch at a time.</summary>
    /// <exception cref="ShardFaultException">The file can't be read.</exception>
    public static IEnumerable<IReadOnlyList<MetadataRow>> Read(string path) =>
        ParquetTableReader.Read(path, MetadataColumns.ReadColumns(), () => new MetadataRow());

    /// <summary>True when a file has the 27th column.</summary>
    /// <exception cref="ShardFaultException">The file can't be read.</exception>
    public static bool HasFilename(string path)
    {
        using var file = ParquetTableReader.Open(path);
        return file.Schema.FieldsList.Any(f => f.Name == MetadataColumns.Filename);
    }
}
