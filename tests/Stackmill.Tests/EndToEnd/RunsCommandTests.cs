using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary><c>stackmill runs</c>: the runs of a project, from the records that real ones leave.</summary>
public sealed class RunsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RunsCommandTests()
    {
        _folder.Write("input/a.py", Source.Python(3));
        _folder.Write("input/b.py", Source.Python(4));
        Run().Expect(0);
        _folder.Write("input/c.py", Source.Python(5));
        _folder.Write("input/image.py", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0]);
        Run("--set", "filters.file_size.min_bytes=0").Expect(0);
    }

    public void Dispose() => _folder.Dispose();

    private ProgramResult Run(params string[] more) => StackmillProgram.Run(["run", "--input", _folder["input"], "--output", _folder["project"], "--quiet", .. more]);

    private ProgramResult Runs(params string[] args) => StackmillProgram.Run(["runs", .. args, "--project", _folder["project"]]);

    private JsonArray Listed(params string[] args) => JsonNode.Parse(Runs(["list", "--json", .. args]).Expect(0).Output)!.AsArray();

    [Fact]
    public void Runs_are_listed_the_newest_first_and_shown_with_their_stages()
    {
        var runs = Listed();
        Assert.Equal(2, runs.Count);
        Assert.True(string.CompareOrdinal((string?)runs[0]!["run_id"], (string?)runs[1]!["run_id"]) > 0, "ids sort by time");
        Assert.All(runs, r => Assert.Equal(("run", "stopped", 0), ((string?)r!["command"], (string?)r["status"], (int?)r["exit_code"])));
        Assert.Single(Listed("--most", "1"));

        var table = Runs("list").Expect(0).Output;
        Assert.Contains((string)runs[1]!["run_id"]!, table, StringComparison.Ordinal);

        Assert.DoesNotContain("stopped", table, StringComparison.Ordinal);
        Assert.Contains("│ done ", table, StringComparison.Ordinal);

        var shown = Runs("show", "last").Expect(0).Output;
        Assert.Contains((string)runs[0]!["run_id"]!, shown, StringComparison.Ordinal);
        Assert.Matches(@"organize\s+│\s+\d+\.\d\d │\s+1 │\s+0 │\s+4 │\s+4 │", shown);
        Assert.Matches(@"preprocess\s+│\s+\d+\.\d\d │\s+1 │\s+0 │\s+4 │\s+3 │\s+1 │", shown);
        Assert.Contains("done, exit code 0", shown, StringComparison.Ordinal);
        var whole = (string)runs[1]!["run_id"]!;
        Assert.Equal(whole, (string?)JsonNode.Parse(Runs("show", whole, "--json").Expect(0).Output)!["run_id"]);
    }

    [Fact]
    public void Two_runs_are_compared_by_the_counts_that_differ()
    {
        var first = (string)Listed()[1]!["run_id"]!;
        var compared = JsonNode.Parse(Runs("compare", first, "last", "--json").Expect(0).Output)!;
        var counts = compared["stages"]!.AsArray().Single(s => (string?)s!["stage"] == "preprocess")!["counts"]!.AsArray()
            .ToDictionary(c => (string)c!["what"]!, c => ((long)c!["left"]!, (long)c["right"]!));
        Assert.Equal((2, 4), counts["in"]);
        Assert.Equal((2, 3), counts["kept"]);
        Assert.Equal((0, 1), counts["dropped.binary"]);
        Assert.DoesNotContain(counts, c => c.Value.Item1 == c.Value.Item2);

        var table = Runs("compare", first, "last").Expect(0).Output;
        Assert.Matches(@"dropped\.binary\s+│\s+0 │\s+1 │\s+\+1 │", table);
    }

    [Fact]
    public void A_damaged_record_is_warned_of_and_told_as_damaged_when_it_is_asked_for()
    {
        var runs = Listed();
        var (id, other) = ((string)runs[0]!["run_id"]!, (string)runs[1]!["run_id"]!);
        var path = _folder["project/logs/runs", id + ".json"];
        foreach (var damage in (string[])["garbage", "null", "{}", File.ReadAllText(_folder["project/logs/runs", other + ".json"])])
        {
            File.WriteAllText(path, damage);
            var listed = Runs("list").Expect(0);
            Assert.Contains($"warning: the record '{path}' is damaged", listed.Error, StringComparison.Ordinal);
            Assert.Contains(other, listed.Output, StringComparison.Ordinal);
            Assert.Contains($"the record of this run, '{path}', is damaged", Runs("show", id).Expect(2).Error, StringComparison.Ordinal);
            Assert.Contains(other, Runs("show", "last").Expect(0).Output, StringComparison.Ordinal);
        }

        File.WriteAllText(_folder["project/logs/runs", other + ".json"], "garbage");
        Assert.Contains("all records of runs", Runs("show", "last").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_of_no_run_of_several_or_of_a_project_without_records_is_refused_with_what_to_do()
    {
        // Ids of one minute begin alike.
        Assert.Contains("2 runs have ids that begin with '0'", Runs("show", "0").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected the id of a run", Runs("show", "").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("no run of", Runs("show", "zz").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("--most 0", Runs("list", "--most", "0").Expect(2).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("has no records of runs", StackmillProgram.Run("runs", "show", "last", "--project", _folder["empty"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("there is no project folder", StackmillProgram.Run("runs", "list", "--project", _folder["missing"]).Expect(2).Error, StringComparison.Ordinal);
    }
}
