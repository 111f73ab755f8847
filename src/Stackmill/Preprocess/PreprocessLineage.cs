using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Preprocess;

/// <summary>What <c>preprocess</c> reads and writes, column by column.</summary>
internal static class PreprocessLineage
{
    private static readonly string[] Lexed = ["num_tokens", "num_code_lines", "num_comment_lines", "comment_fraction", "lex_degraded", "num_functions", "num_classes", "num_imports", "complexity_mean", "complexity_max"];

    /// <summary>What is read, and what is written from it.</summary>
    public static StageData Of(Dataset input, string output, PreprocessOptions options)
    {
        var taken = RecordColumns.Staged().Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return new StageData([StageColumns.Place(input)], new DataPlace(output, "parquet", StageColumns.Of(RecordColumns.Text(), name => Worked(name, taken, options.Stages))))
        {
            Decides = [RecordColumns.Content, "path", "language", "blob_id", "star_events_count", "is_generated"],
        };
    }

    private static ColumnSource[]? Worked(string column, HashSet<string> taken, StageSwitches steps) => column switch
    {
        RecordColumns.Content => [new(column, $"decoded{(steps.MalformedCleaning || steps.WhitespaceCleanup ? ", cleaned" : "")}{(steps.PiiRemoval ? ", personal data and secrets replaced" : "")}", steps.PiiRemoval)],
        "sha256" => [new(RecordColumns.Content, "checksum of the text that was made of it", steps.PiiRemoval)],
        "src_encoding" => [new(column, "the encoding that it names is tried"), new(RecordColumns.Content, "detected")],
        "redactions" => [new(RecordColumns.Content, "places where something was found; never what", true)],
        "filters" => [new(RecordColumns.Content, "verdicts of the rules"), new("path", "verdicts of the rules"), new("language", "verdicts of the rules"), new("star_events_count", "verdicts of the rules")],
        _ when taken.Contains(column) => null,
        _ when Lexed.Contains(column) => [new(RecordColumns.Content, "measured"), new("language", "by its syntax")],
        _ => [new(RecordColumns.Content, "measured")],
    };
}
