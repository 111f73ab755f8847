using System.Text.Json.Nodes;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>One run over the sample corpus, read through what the program itself gives out.</summary>
public sealed class SampleRun : IDisposable
{
    private readonly TempFolder _folder = new();

    public SampleRun()
    {
        StackmillProgram.Run("run", "--input", Samples.CorpusPath, "--output", Project, "--workers", "2", "--quiet").Expect(0);
        Corpus = Export("corpus");
        Processed = Export("processed");
        foreach (var stage in (string[])["staged", "processed", "corpus"])
            Ledger.AddRange(Dataset.Open(ProjectLayout.Data(Project, stage)).ReadLedger());
    }

    internal string Project => _folder["project"];

    /// <summary>Records of the final corpus, by path.</summary>
    internal IReadOnlyDictionary<string, JsonObject> Corpus { get; }

    /// <summary>Records before deduplication, by path.</summary>
    internal IReadOnlyDictionary<string, JsonObject> Processed { get; }

    internal List<LedgerRow> Ledger { get; } = [];

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, JsonObject> Export(string stage)
    {
        StackmillProgram.Run(
            "export", "--input", ProjectLayout.Data(Project, stage), "--output", _folder["lines", stage], "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
        return JsonLineFiles.Read(_folder["lines", stage]).ToDictionary(record => (string)record["path"]!, StringComparer.Ordinal);
    }
}

public sealed class SamplesFateTests(SampleRun run) : IClassFixture<SampleRun>
{
    // Files without five tokens have no shingle: they are compared by all their tokens, under a reason of its own.
    private static bool IsSameReason(string? expected, string actual) =>
        expected == actual || (expected == "duplicate_near" && actual == "duplicate_normalized");

    [Fact]
    public void Every_entry_ends_at_its_stage_for_its_reason()
    {
        var wrong = new List<string>();
        foreach (var file in Samples.Expected)
        {
            var rows = run.Ledger.Where(row => row.Path == file.Path && row.Action != LedgerAction.Changed).ToList();
            var kept = run.Corpus.ContainsKey(file.Path);
            if (file.IsKept)
            {
                if (!kept || rows.Count > 0)
                    wrong.Add($"{file.Path}: expected to stay; in the corpus: {kept}, {string.Join("; ", rows.Select(Show))}");
                continue;
            }

            if (kept || rows.Count != 1 || rows[0].Action != LedgerAction.Dropped || rows[0].Stage != file.Stage || !IsSameReason(file.Reason, rows[0].Reason))
                wrong.Add($"{file.Path}: expected dropped at {file.Stage} as {file.Reason}; in the corpus: {kept}, {string.Join("; ", rows.Select(Show))}");
        }

        Assert.True(Samples.Expected.Count > 150);
        AssertNone(wrong);
    }

    [Fact]
    public void Nothing_is_in_the_corpus_or_ledger_that_is_not_in_the_input()
    {
        var known = Samples.Expected.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        AssertNone(run.Corpus.Keys.Concat(run.Ledger.Select(row => row.Path)).Where(path => !known.Contains(path)));
        Assert.Equal(Samples.Expected.Count(file => file.IsKept), run.Corpus.Count);
    }

    [Fact]
    public void Ids_languages_and_sizes_are_those_of_the_original_bytes()
    {
        var kept = Samples.Expected.Where(file => file.IsKept).ToList();
        AssertNone(kept.Where(file =>
            run.Corpus[file.Path] is var record
            && ((string?)record["content_id"] != file.ContentId || (string?)record["language"] != file.Language || (long?)record["length_bytes"] != file.Bytes))
            .Select(file => file.Path));
    }

    [Fact]
    public void Every_file_is_decoded_from_its_encoding()
    {
        var wrong = new List<string>();
        var decoded = Samples.Expected.Where(file => file.Encoding is not null).ToList();
        foreach (var file in decoded)
        {
            var encoding = (string?)run.Processed[file.Path]["src_encoding"];
            if (encoding != file.Encoding && !file.EncodingAlso.Contains(encoding))
                wrong.Add($"{file.Path}: {encoding}, expected {file.Encoding}");
        }

        Assert.True(decoded.Count > 150, $"only {decoded.Count} are decoded");
        AssertNone(wrong);
        Assert.DoesNotContain(Samples.Expected, file => file.Encoding is null && run.Processed.ContainsKey(file.Path));
    }

    [Fact]
    public void Every_planted_value_is_redacted_and_no_look_alike_is()
    {
        var wrong = new List<string>();
        foreach (var file in Samples.Expected.Where(file => file.Encoding is not null))
        {
            var found = run.Processed[file.Path]["redactions"]!.AsArray().GroupBy(redaction => (string)redaction!["kind"]!).ToDictionary(group => group.Key, group => group.Count());
            if (Counts(found) != Counts(file.Redactions))
                wrong.Add($"{file.Path}: {Counts(found)}, expected {Counts(file.Redactions)}");
        }

        Assert.Contains(Samples.Expected, file => file.Redactions.Count > 0);
        AssertNone(wrong);
    }

    [Fact]
    public void Final_contents_have_what_they_must_and_not_what_they_must_not()
    {
        var wrong = new List<string>();
        var pieces = 0;
        foreach (var file in Samples.Expected.Where(file => file.Encoding is not null))
        {
            var content = (string)(file.IsKept ? run.Corpus : run.Processed)[file.Path]["content"]!;
            wrong.AddRange(file.MustContain.Where(piece => !content.Contains(piece, StringComparison.Ordinal)).Select(piece => $"{file.Path}: lacks {piece}"));
            wrong.AddRange(file.MustNotContain.Where(piece => content.Contains(piece, StringComparison.Ordinal)).Select(piece => $"{file.Path}: has {piece}"));
            pieces += file.MustContain.Count + file.MustNotContain.Count;
        }

        Assert.True(pieces > 100, $"only {pieces} pieces are stated");
        AssertNone(wrong);
    }

    [Fact]
    public void Every_duplicate_names_the_file_that_stays_and_how_alike_they_are()
    {
        var wrong = new List<string>();
        var duplicates = Samples.Expected.Where(file => file.DuplicateOf is not null).ToList();
        foreach (var file in duplicates)
        {
            var row = run.Ledger.Single(row => row.Path == file.Path && row.Action == LedgerAction.Dropped);
            var expected = Samples.ExpectedOf(file.DuplicateOf!);
            if (row.KeptPath != expected.Path || row.KeptId != expected.ContentId || Math.Round(row.Similarity ?? -1, 4) != Math.Round(file.Similarity!.Value, 4))
                wrong.Add($"{file.Path}: {row.KeptPath} at {row.Similarity}, expected {expected.Path} at {file.Similarity}");
        }

        Assert.True(duplicates.Count >= 10);
        AssertNone(wrong);
    }

    [Fact]
    public void The_report_of_duplicates_agrees_with_the_ledger()
    {
        var report = JsonNode.Parse(File.ReadAllBytes(Path.Combine(run.Project, "reports", "deduplication_report.json")))!;
        var removed = report["groups"]!.AsArray().SelectMany(group => group!["removed"]!.AsArray().Select(file => ((string)file!["file"]!, (string)group["kept"]!)));
        var rows = run.Ledger.Where(row => row.Stage == "deduplicate").Select(row => (row.Path, row.KeptPath!));

        Assert.Equal(rows.Order(), removed.Order());
    }

    // Assert.Empty cuts each text after some characters.
    private static void AssertNone(IEnumerable<string> wrong) => Assert.True(!wrong.Any(), string.Join('\n', wrong));

    private static string Show(LedgerRow row) => $"{row.Action} at {row.Stage} as {row.Reason}";

    private static string Counts(IEnumerable<KeyValuePair<string, int>> counts) =>
        string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} × {count.Key}"));
}
