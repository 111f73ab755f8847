using System.Buffers;
using System.Text.Json;
using Stackmill.Deduplicate;

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

        JsonElement[] groups = [.. report.GetProperty("groups").EnumerateArray()];
        Assert.Equal(["f0", "f1", "f5"], groups.Select(static group => group.GetProperty("kept").GetString()));
        Assert.Equal([205L, 104L, 106L], groups.Select(static group => group.GetProperty("bytes_saved").GetInt64()));
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
            """[{"file":"f2","kind":"near","similarity":0.875,"bytes":102},{"file":"f3","kind":"exact","similarity":0.875,"bytes":103,"match":"f2"}]""",
            group.GetProperty("removed").GetRawText());
    }

    [Fact]
    public void Nothing_removed_gives_empty_lists()
    {
        JsonElement report = Write([]);
        Assert.Equal(0, report.GetProperty("summary").GetProperty("input_files").GetInt32());
        Assert.Equal("[]", report.GetProperty("groups").GetRawText());
    }

    private static JsonElement Write(Decision[] decisions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            new DeduplicationReport(LshParameters.For(0.85), decisions, static i => $"f{i}", static i => 100 + i).Write(writer);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
