using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Lineage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Lineage;

public sealed class LineageRunTests : IDisposable
{
    private const string Id = "01a2190c-d70b-7e2b-9d33-a7ac510b5a54";

    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public void A_stage_of_a_run_has_its_own_run_below_it_and_the_same_stage_again_another()
    {
        var events = Events("run", run =>
        {
            for (var i = 0; i < 2; i++)
            {
                run.DataKnown("organize", Data());
                run.DataWritten("organize", new DataAmount("v", 2, 10, 1));
                run.StageEnded("organize", new Books { In = 5, Kept = 2, Dropped = new() { ["empty"] = 3 } }, upToDate: i == 1);
            }

            run.End(ExitCode.Done);
        });

        Assert.Equal(3, EventSchema.Ends(events).Count(e => e.Value == "COMPLETE"));
        var ends = events.Where(e => (string)e["eventType"]! == "COMPLETE" && (string)e["job"]!["name"]! == "mill.organize").ToList();
        Assert.All(ends, e => Assert.Equal(Id, (string)e["run"]!["facets"]!["parent"]!["run"]!["runId"]!));
        Assert.Equal(2, (int)ends[0]["outputs"]![0]!["outputFacets"]!["outputStatistics"]!["rowCount"]!);
        Assert.Equal(5, (int)ends[0]["inputs"]![0]!["inputFacets"]!["inputStatistics"]!["rowCount"]!);
        Assert.Equal(3, (int)ends[0]["run"]!["facets"]!["stackmill_books"]!["dropped"]!["empty"]!);
        Assert.Null(ends[1]["outputs"]![0]!["outputFacets"]);
        Assert.True((bool)ends[1]["run"]!["facets"]!["stackmill_books"]!["upToDate"]!);
    }

    [Theory]
    [InlineData(ExitCode.Interrupted, "ABORT")]
    [InlineData(ExitCode.RunFault, "FAIL")]
    public void What_is_under_way_when_a_run_ends_ends_with_it(ExitCode code, string type)
    {
        var events = Events("run", run =>
        {
            run.DataKnown("organize", Data());
            run.End(code, code == ExitCode.RunFault ? new RunFaultException("no permission") : null);
        });

        Assert.Equal([type, type], EventSchema.Ends(events).Values);
        Assert.Equal(code == ExitCode.RunFault ? 2 : 0, events.Count(e => (string?)e["run"]!["facets"]!["errorMessage"]?["message"] == "no permission"));
    }

    [Fact]
    public void A_stage_with_failed_shards_fails_and_says_why()
    {
        var events = Events("organize", run =>
        {
            run.DataKnown("organize", Data());
            run.ShardFailed("organize", new ShardTask(0, "part-00000", 1), "the shard is damaged");
            run.StageEnded("organize", new Books(), upToDate: false);
            run.End(ExitCode.ShardsFailed);
        }, isStage: true);

        Assert.Equal("FAIL", EventSchema.Ends(events)[Id]);
        Assert.Equal("the shard is damaged", (string)events[^1]["run"]!["facets"]!["errorMessage"]!["message"]!);
    }

    [Fact]
    public void A_fault_that_nobody_expected_fails_the_run_too()
    {
        var events = Events("run", run => run.DataKnown("organize", Data()));
        Assert.Equal(["FAIL", "FAIL"], EventSchema.Ends(events).Values);
    }

    [Fact]
    public void Commands_that_touch_no_data_tell_nothing_and_single_stages_tell_that_they_failed()
    {
        Assert.Empty(Events("inspect", run => run.End(ExitCode.Done)));
        Assert.Equal(["START", "FAIL"], Events("organize", run => run.End(ExitCode.Usage, new UsageException("no input")), isStage: true).Select(e => (string)e["eventType"]!));
    }

    [Fact]
    public void Tasks_of_a_plan_name_one_parent_and_are_runs_of_their_stage()
    {
        var parents = new List<string>();
        foreach (var plan in (string[])["abc", "abc", "other"])
        {
            var events = Events("task", run =>
            {
                run.TaskOfPlan(plan, "deduplicate", "deduplicate.signatures/00001");
                run.DataKnown("validate", Data());
                run.DataKnown("deduplicate", Data());
                run.End(ExitCode.Done);
            });
            Assert.Equal(["START", "COMPLETE"], events.Select(e => (string)e["eventType"]!));
            Assert.All(events, e => Assert.Equal("mill.deduplicate", (string)e["job"]!["name"]!));
            Assert.Equal("deduplicate.signatures/00001", (string)events[0]["run"]!["facets"]!["stackmill_run"]!["task"]!);
            parents.Add((string)events[0]["run"]!["facets"]!["parent"]!["run"]!["runId"]!);
        }

        Assert.Equal(parents[0], parents[1]);
        Assert.NotEqual(parents[0], parents[2]);
    }

    [Fact]
    public void Credentials_in_an_error_are_not_told()
    {
        var environment = new Dictionary<string, string> { ["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI", [LineageOptions.KeyVariable] = "key-of-the-server" };
        var events = Events("run", run => run.End(ExitCode.RunFault, new RunFaultException(
            "can't read 's3://AKIA:se/cret@pail/x' and 'https://u:p@host/a?X-Amz-Signature=abc&b' with wJalrXUtnFEMI or key-of-the-server")), environment: environment);
        var message = (string)events[^1]["run"]!["facets"]!["errorMessage"]!["message"]!;
        Assert.All(["se/cret", "u:p", "abc", "wJalr", "key-of", "AKIA"], secret => Assert.DoesNotContain(secret, message, StringComparison.Ordinal));
        Assert.Contains("@pail/x'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_is_told_once_and_ends_nothing()
    {
        var path = _folder.Write("file", "");
        using var run = LineageRun.Start(new LineageOptions { Folder = Path.Combine(path, "events"), IntervalSeconds = 0 }, Subject("run", false, []), null, new FakeClock())!;
        run.DataKnown("organize", Data());
        run.End(ExitCode.Done);
        Assert.Single(_warnings);
    }

    [Fact]
    public void Times_of_events_do_not_go_back_with_the_clock()
    {
        var clock = new BackwardClock();
        using (var run = LineageRun.Start(new LineageOptions { Folder = _folder["back"], IntervalSeconds = 0 }, Subject("run", false, []), null, clock)!)
        {
            run.DataKnown("organize", Data());
            run.End(ExitCode.Done);
        }

        EventSchema.Ends([.. File.ReadLines(Directory.EnumerateFiles(_folder["back"]).Single()).Select(l => JsonNode.Parse(l)!)]);
    }

    public void Dispose() => _folder.Dispose();

    private static StageData Data() => new([new DataPlace("/in", "", [])], new DataPlace("/out", "parquet", []));

    private LineageSubject Subject(string command, bool isStage, Dictionary<string, string> environment) =>
        new(command, Id, "mill", "1.2.3") { IsStage = isStage, Environment = environment.GetValueOrDefault, Warn = _warnings.Add };

    private List<JsonNode> Events(string command, Action<LineageRun> act, bool isStage = false, Dictionary<string, string>? environment = null)
    {
        if (Directory.Exists(_folder["logs"]))
            Directory.Delete(_folder["logs"], recursive: true);
        using (var run = LineageRun.Start(new LineageOptions { Enabled = true, IntervalSeconds = 0 }, Subject(command, isStage, environment ?? []), _folder["logs"], new FakeClock())!)
            act(run);
        return Directory.Exists(_folder["logs"]) ? EventSchema.Read(_folder.Path) : [];
    }

    private sealed class BackwardClock : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow() => FakeClock.Start.AddHours(-_looks++);
    }
}
