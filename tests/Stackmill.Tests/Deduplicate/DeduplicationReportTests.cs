using System.Buffers;
using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Search;
using Stackmill.Shared;
using Stackmill.Tests.Deduplicate.Search;

namespace Stackmill.Tests.Deduplicate;

public sealed class DeduplicationReportTests
{
    private static readonly Decision[] s_decisions =
    [
        new(DuplicateKind.None, 0, 0, 1),
        new(DuplicateKind.None, 1, 1, 1),
        new(DuplicateKind.Near, 0, 0, 0.875),
        new(DuplicateKind.Exact, 0, 2, 0.875),
        new(DuplicateKind.Exact, 1, 1, 1),
        new(DuplicateKind.None, 5, 5, 1),
        new(DuplicateKind.Normalized, 5, 5, 1),
    ];

    [Fact]
    public void Totals_and_groups_add_up()
    {
        JsonElement report = Write(s_decisions);
        JsonElement summary = report.GetProperty("summary");
        Assert.Equal(7, summary.GetProperty("input_files").GetInt32());
        Assert.Equal(3, summary.GetProperty("output_files").GetInt32());
        Assert.Equal(4, summary.GetProperty("removed_files").GetInt32());
        Assert.Equal(102 + 103 + 104 + 106, summary.GetProperty("bytes_saved").GetInt64());
        Assert.Equal(2, summary.GetProperty("removed_by_kind").GetProperty("exact").GetProperty("files").GetInt32());
        Assert.Equal(102, summary.GetProperty("removed_by_kind").GetProperty("near").GetProperty("bytes").GetInt64());
        Assert.Equal(0.85, summary.GetProperty("similarity_threshold").GetDouble());
        Assert.Equal(42, summary.GetProperty("bands").GetInt32());
        Assert.Equal(3, summary.GetProperty("groups").GetInt32());
        Assert.Equal(4, summary.GetProperty("removed_files_listed").GetInt32());

        JsonElement[] groups = [.. report.GetProperty("groups").EnumerateArray()];
        Assert.Equal(["f0", "f1", "f5"], groups.Select(static group => group.GetProperty("kept").GetString()));
        Assert.Equal([205L, 104L, 106L], groups.Select(static group => group.GetProperty("bytes_saved").GetInt64()));
        Assert.Equal("""[{"from":0.87,"to":0.88,"files":1}]""", report.GetProperty("similarities").GetRawText());
    }

    [Fact]
    public void The_groups_of_each_kind_have_the_form_readers_know()
    {
        JsonElement kinds = Write(s_decisions).GetProperty("duplicate_groups");
        Assert.Equal("""[["f1","f4"],["f2","f3"]]""", kinds.GetProperty("exact").GetRawText());
        Assert.Equal("""[["f5","f6"]]""", kinds.GetProperty("normalized").GetRawText());
        Assert.Equal("""[{"file1":"f0","file2":"f2","similarity":0.875}]""", kinds.GetProperty("near").GetRawText());
    }

    [Fact]
    public void A_copy_of_a_removed_file_names_both_the_file_that_stays_and_the_one_it_matched()
    {
        JsonElement group = Write(s_decisions).GetProperty("groups")[0];
        Assert.Equal(
            """[{"file":"f2","kind":"near","similarity":0.875,"bytes":102,"shingles":12},{"file":"f3","kind":"exact","similarity":0.875,"bytes":103,"shingles":13,"match":"f2"}]""",
            group.GetProperty("removed").GetRawText());
        Assert.Equal(10, group.GetProperty("shingles").GetInt32());
    }

    [Fact]
    public void Nothing_removed_gives_empty_lists()
    {
        JsonElement report = Write([]);
        Assert.Equal(0, report.GetProperty("summary").GetProperty("input_files").GetInt32());
        Assert.Equal("[]", report.GetProperty("groups").GetRawText());
    }

    [Fact]
    public void Of_very_many_removed_files_the_largest_groups_are_listed_and_all_are_counted()
    {
        // A group of 5,000, and 120,000 groups of one.
        var decisions = new Decision[5_001 + 240_000];
        for (var i = 0; i < decisions.Length; i++)
        {
            var keeper = i <= 5_000 ? 0 : i - ((i - 5_001) % 2);
            decisions[i] = new(keeper == i ? DuplicateKind.None : DuplicateKind.Exact, keeper, keeper, 1);
        }

        JsonElement report = Write(decisions);
        JsonElement summary = report.GetProperty("summary");
        Assert.Equal(125_000, summary.GetProperty("removed_files").GetInt32());
        Assert.Equal(120_001, summary.GetProperty("groups").GetInt32());
        Assert.Equal(DeduplicationReport.MostListed, summary.GetProperty("removed_files_listed").GetInt32());
        Assert.Equal(DeduplicationReport.MostListed - DeduplicationReport.MostListedOfGroup + 1, summary.GetProperty("groups_listed").GetInt32());
        JsonElement[] groups = [.. report.GetProperty("groups").EnumerateArray()];
        Assert.Equal((5_000, DeduplicationReport.MostListedOfGroup), (groups[0].GetProperty("removed_files").GetInt32(), groups[0].GetProperty("removed").GetArrayLength()));
        Assert.Equal("f5001", groups[1].GetProperty("kept").GetString());
    }

    private static JsonElement Write(Decision[] decisions)
    {
        using var harness = new SearchHarness(LshParameters.For(0.85));
        harness.Prepare(decisions.Length, () => new Named());
        Directory.CreateDirectory(Path.GetDirectoryName(harness.Files.Decisions(0))!);
        for (var part = 0; part < harness.Files.Parts; part++)
        {
            using var rows = new RowWriter<DecisionRow>(harness.Files.Decisions(part));
            for (var i = part; i < decisions.Length; i += harness.Files.Parts)
            {
                if (decisions[i].Kind != DuplicateKind.None)
                    rows.Add(Row(i, decisions[i]));
            }

            rows.Flush();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            new DeduplicationReport(harness.Files, new DeduplicateOptions(), 1 << 20).Write(writer);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    private static DecisionRow Row(int document, Decision decision) => new()
    {
        Row = document,
        Rank = (uint)document,
        Keeper = (uint)decision.Keeper,
        KeeperRow = decision.Keeper,
        Match = (uint)decision.Match,
        MatchRow = decision.Match,
        Kind = (int)decision.Kind,
        Similarity = decision.Similarity,
        Bytes = 100 + document,
        ShingleCount = 10 + document,
        KeeperShingleCount = 10 + decision.Keeper,
    };

    private sealed class Named : SearchHarness.ISketches
    {
        public void Add(int document, SketchedDocument known, SketchWriter writer) => writer.Add(known, [], [], $"f{document}", "");
    }
}
