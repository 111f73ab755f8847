using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Organize;

/// <summary>What <c>organize</c> reads and writes, column by column.</summary>
internal static class OrganizeLineage
{
    // Filters of files look at these; what the content tells comes beside them.
    private static readonly string[] Deciding = ["path", "repo_name", "language", "length_bytes", "star_events_count", "detected_licenses", "license_type", "is_vendor", "is_generated", RecordColumns.Content];

    /// <summary>What is read, and what is written from it. Only a dataset of ours has columns that are known before: other inputs are files, or tables of others.</summary>
    public static StageData Of(OrganizeInput input, string output)
    {
        var isDataset = input.State is not null && input.LocalPath is { } folder && Manifest.Read(folder) is not null;
        var reads = isDataset
            ? StageColumns.Place(input.LocalPath!, Manifest.Read(input.LocalPath!)!)
            : new DataPlace(input.Name, FormatOf(input), []) { Amount = input.State is { } state ? new DataAmount(state.Hash, null, 0, input.Kind?.Files.Count ?? 0) : null };
        return new StageData([reads], new DataPlace(output, "parquet", isDataset ? StageColumns.Of(RecordColumns.Staged(), Worked) : StageColumns.Plain(RecordColumns.Staged())))
        {
            Decides = isDataset ? Deciding : [],
        };
    }

    private static string FormatOf(OrganizeInput input) => input.Kind?.Form switch
    {
        Sources.InputForm.JsonLines => "json",
        Sources.InputForm.Parquet => "parquet",
        Sources.InputForm.Csv => "csv",
        Sources.InputForm.Arrow => "arrow",
        _ => "",
    };

    private static IReadOnlyList<ColumnSource>? Worked(string column) => column switch
    {
        "sha256" or "content_id" or "blob_id" => [new(RecordColumns.Content, "checksum of the bytes")],
        "length_bytes" => [new(RecordColumns.Content, "their number")],
        "extension" => [new("path", "its end")],
        "language" => [new("language", "linguist's name of it"), new("path", "detected by name"), new(RecordColumns.Content, "detected by content")],
        "detected_licenses" or "license_type" => [new(column), new("path", "licences that hold for its folder"), new(RecordColumns.Content, "detected by tags and texts")],
        "is_vendor" => [new(column), new("path", "detected by name")],
        "is_generated" => [new(column), new("path", "detected by name"), new(RecordColumns.Content, "detected by marks")],
        _ => null,
    };
}
