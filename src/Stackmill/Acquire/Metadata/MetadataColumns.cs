using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Acquire.Metadata;

/// <summary>One column of The Stack v2: how it is stored, how a value of any source is taken over, and how it is written as JSON.</summary>
/// <param name="Stored">The column in <c>filtered_metadata_*.parquet</c>.</param>
/// <param name="Take">Sets the value from a source's array, which may have another width or unit.</param>
/// <param name="WriteValue">Writes the value as JSON.</param>
internal sealed record MetadataColumn(
    ParquetColumn<MetadataRow> Stored, Action<MetadataRow, IArrowArray, int> Take, Action<Utf8JsonWriter, MetadataRow> WriteValue)
{
    /// <summary>Published name.</summary>
    public string Name => Stored.Name;
}

/// <summary>The columns, in their published order. Made anew for each user, since columns hold buffers.</summary>
internal static class MetadataColumns
{
    /// <summary>Name of the column that some copies lack.</summary>
    public const string Filename = "filename";

    /// <summary>Columns without which a file can't be used.</summary>
    public static readonly string[] Required = ["blob_id", "path", "repo_name", "language", "length_bytes"];

    /// <summary>All columns; <paramref name="filename"/> tells whether the 27th is among them.</summary>
    public static IReadOnlyList<MetadataColumn> All(bool filename)
    {
        List<MetadataColumn> columns =
        [
            Text("blob_id", r => r.BlobId, (r, v) => r.BlobId = v ?? "", optional: false),
            Text("directory_id", r => r.DirectoryId, (r, v) => r.DirectoryId = v),
            Text("path", r => r.Path, (r, v) => r.Path = v),
            Text("content_id", r => r.ContentId, (r, v) => r.ContentId = v),
            new(new TextListColumn<MetadataRow>("detected_licenses", r => r.DetectedLicenses, (r, v) => r.DetectedLicenses = v),
                (r, a, i) => r.DetectedLicenses = ArrowValues.Strings(a, i), (json, r) => WriteList(json, r.DetectedLicenses)),
            Text("license_type", r => r.LicenseType, (r, v) => r.LicenseType = v),
            Text("repo_name", r => r.RepoName, (r, v) => r.RepoName = v),
            Text("snapshot_id", r => r.SnapshotId, (r, v) => r.SnapshotId = v),
            Text("revision_id", r => r.RevisionId, (r, v) => r.RevisionId = v),
            Text("branch_name", r => r.BranchName, (r, v) => r.BranchName = v),
            Time("visit_date", r => r.VisitDate, (r, v) => r.VisitDate = v),
            Time("revision_date", r => r.RevisionDate, (r, v) => r.RevisionDate = v),
            Time("committer_date", r => r.CommitterDate, (r, v) => r.CommitterDate = v),
            Long("github_id", r => r.GithubId, (r, v) => r.GithubId = v),
            Long("star_events_count", r => r.StarEventsCount, (r, v) => r.StarEventsCount = v),
            Long("fork_events_count", r => r.ForkEventsCount, (r, v) => r.ForkEventsCount = v),
            Text("gha_license_id", r => r.GhaLicenseId, (r, v) => r.GhaLicenseId = v),
            Time("gha_event_created_at", r => r.GhaEventCreatedAt, (r, v) => r.GhaEventCreatedAt = v),
            Time("gha_created_at", r => r.GhaCreatedAt, (r, v) => r.GhaCreatedAt = v),
            Text("gha_language", r => r.GhaLanguage, (r, v) => r.GhaLanguage = v),
            Text("src_encoding", r => r.SrcEncoding, (r, v) => r.SrcEncoding = v),
            Text("language", r => r.Language, (r, v) => r.Language = v),
            Bool("is_vendor", r => r.IsVendor, (r, v) => r.IsVendor = v),
            Bool("is_generated", r => r.IsGenerated, (r, v) => r.IsGenerated = v),
            Long("length_bytes", r => r.LengthBytes, (r, v) => r.LengthBytes = v ?? 0, optional: false),
            Text("extension", r => r.Extension, (r, v) => r.Extension = v),
        ];
        if (filename)
            columns.Add(Text(Filename, r => r.Filename, (r, v) => r.Filename = v));
        return columns;
    }

    /// <summary>The columns for writing.</summary>
    public static IReadOnlyList<ParquetColumn<MetadataRow>> WriteColumns(bool filename) => [.. All(filename).Select(c => c.Stored)];

    /// <summary>The columns for reading what this stage wrote; those that the file lacks stay null.</summary>
    public static IReadOnlyList<ParquetColumn<MetadataRow>> ReadColumns() => WriteColumns(filename: true);

    private static MetadataColumn Text(string name, Func<MetadataRow, string?> get, Action<MetadataRow, string?> set, bool optional = true) =>
        new(new TextColumn<MetadataRow>(name, optional, get, set), (r, a, i) => set(r, ArrowValues.String(a, i)), (json, r) => json.WriteStringValue(get(r)));

    private static MetadataColumn Long(string name, Func<MetadataRow, long?> get, Action<MetadataRow, long?> set, bool optional = true) =>
        new(ValueColumns.Long(name, optional, get, set), (r, a, i) => set(r, ArrowValues.Long(a, i)), (json, r) => WriteNumber(json, get(r)));

    private static MetadataColumn Bool(string name, Func<MetadataRow, bool?> get, Action<MetadataRow, bool?> set) =>
        new(ValueColumns.Bool(name, get, set), (r, a, i) => set(r, ArrowValues.Bool(a, i)), (json, r) => WriteTruth(json, get(r)));

    private static MetadataColumn Time(string name, Func<MetadataRow, long?> get, Action<MetadataRow, long?> set) =>
        new(ValueColumns.Time(name, get, set), (r, a, i) => set(r, ArrowValues.TimestampMicros(a, i)), (json, r) => WriteTime(json, get(r)));

    private static void WriteNumber(Utf8JsonWriter json, long? value)
    {
        if (value is { } number)
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }

    private static void WriteTruth(Utf8JsonWriter json, bool? value)
    {
        if (value is { } truth)
            json.WriteBooleanValue(truth);
        else
            json.WriteNullValue();
    }

    // ISO 8601 in UTC with microseconds. Years outside of 1 to 9999, which damaged commits have, stay numbers.
    private static void WriteTime(Utf8JsonWriter json, long? value)
    {
        const long MicrosPerDay = 86_400_000_000;
        const long LastDay = 2_932_896; // 9999-12-31
        const long FirstDay = -719_162; // 0001-01-01
        if (value is { } micros && micros / MicrosPerDay is > FirstDay and < LastDay)
            json.WriteStringValue(DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        else
            WriteNumber(json, value);
    }

    private static void WriteList(Utf8JsonWriter json, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
