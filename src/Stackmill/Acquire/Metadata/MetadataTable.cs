using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared.Languages;

namespace Stackmill.Acquire.Metadata;

/// <summary>A <c>filtered_metadata_*.parquet</c> file of a finished dataset.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Language">Linguist's name.</param>
/// <param name="Rows">Rows inside.</param>
/// <param name="ContentBytes">Sum of their <c>length_bytes</c>: what the contents will weigh.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
internal sealed record MetadataTableFile(string Path, string Language, long Rows, long ContentBytes, string Sha256);

/// <summary>Reads what the stage <c>metadata</c> wrote.</summary>
internal static class MetadataTable
{
    /// <summary>How the names of its files begin; the folder name of the language follows.</summary>
    public const string Prefix = "filtered_metadata_";

    /// <summary>Name of a language's file.</summary>
    public static string FileName(string language) => $"{Prefix}{LanguageFolder.Of(language)}.parquet";

    /// <summary>The files of a finished dataset folder, in ordinal order of their names.</summary>
    /// <exception cref="UsageException">The folder holds no finished dataset of this stage.</exception>
    public static IReadOnlyList<MetadataTableFile> Files(string folder)
    {
        var manifest = Manifest.Read(folder);
        if (manifest?.Stage != MetadataStage.Id)
        {
            var found = manifest is null ? $"there is no {Manifest.FileName}" : $"its dataset is one of stage '{manifest.Stage}'";
            throw new UsageException($"'{folder}' holds no finished metadata: {found}. Expected the output of stage '{MetadataStage.Id}'; run it first, or again if it was interrupted.");
        }

        return [.. manifest.Shards.OrderBy(s => s.Path, StringComparer.Ordinal).Select(s => new MetadataTableFile(Path.Combine(folder, s.Path), s.Language, s.Rows, s.ContentBytes, s.Sha256))];
    }

    /// <summary>The rows of one file, or of some of its row groups, a batch at a time.</summary>
    /// <exception cref="ShardFaultException">The file can't be read.</exception>
    public static IEnumerable<IReadOnlyList<MetadataRow>> Read(string path, int[]? rowGroups = null) =>
        ParquetTableReader.Read(path, MetadataColumns.ReadColumns(), () => new MetadataRow(), rowGroups);

    /// <summary>True when a file has the 27th column.</summary>
    /// <exception cref="ShardFaultException">The file can't be read.</exception>
    public static bool HasFilename(string path)
    {
        using var file = ParquetTableReader.Open(path);
        return file.Schema.FieldsList.Any(f => f.Name == MetadataColumns.Filename);
    }

    /// <summary>Rows of each row group of one file: pieces of work that can be read alone.</summary>
    /// <exception cref="ShardFaultException">The file can't be read.</exception>
    public static IReadOnlyList<long> RowGroups(string path)
    {
        using var file = ParquetTableReader.Open(path);
        var rows = new long[file.NumRowGroups];
        for (var i = 0; i < rows.Length; i++)
        {
            using var group = file.ParquetReader.RowGroup(i);
            rows[i] = group.MetaData.NumRows;
        }

        return rows;
    }

    /// <summary>The record that contents are put into: path normalised, language by linguist's name.</summary>
    public static CodeRecord ToRecord(MetadataRow row)
    {
        var path = RecordIdentity.NormalisePath(row.Path ?? "");
        return new CodeRecord
        {
            BlobId = row.BlobId,
            ContentId = row.ContentId ?? "",
            RepoName = row.RepoName ?? "",
            Path = path,
            Extension = LanguageTable.Extension(path),
            Language = MetadataLanguage.Find(row.Language)?.Name ?? row.Language ?? "",
            DetectedLicenses = row.DetectedLicenses,
            LicenseType = row.LicenseType,
            StarEventsCount = row.StarEventsCount,
            ForkEventsCount = row.ForkEventsCount,
            RevisionId = row.RevisionId,
            BranchName = row.BranchName,
            DirectoryId = row.DirectoryId,
            SnapshotId = row.SnapshotId,
            CommitterDateMicros = row.CommitterDate,
            GithubId = row.GithubId,
            IsVendor = row.IsVendor,
            IsGenerated = row.IsGenerated,
            SrcEncoding = row.SrcEncoding,
            LengthBytes = row.LengthBytes,
        };
    }

    /// <summary>Fails when a file is not the one that the manifest names.</summary>
    /// <exception cref="ShardFaultException">It is missing or changed.</exception>
    public static void Verify(MetadataTableFile file)
    {
        var found = !File.Exists(file.Path) ? "it is missing" : AtomicFile.Hash(file.Path) is var hash && hash != file.Sha256 ? $"its SHA-256 is {hash}, the manifest says {file.Sha256}" : null;
        if (found is not null)
            throw new ShardFaultException($"'{file.Path}' was changed or damaged: {found}. Run stage '{MetadataStage.Id}' again with --force.");
    }
}
