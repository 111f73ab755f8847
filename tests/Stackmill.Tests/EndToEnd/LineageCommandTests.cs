using System.Text.Json.Nodes;
using ParquetSharp;
using Stackmill.Datasets;
using Stackmill.Runs.Provenance;
using Stackmill.Tests.Lineage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The real program tells what it read and wrote.</summary>
public sealed class LineageCommandTests : IDisposable
{
    private static readonly string[] Datasets = ["staged", "processed", "corpus", "release"];

    private readonly TempFolder _folder = new();

    private string Project => _folder["p"];

    [Fact]
    public void A_run_over_the_samples_tells_valid_events_whose_counts_and_columns_are_those_of_what_it_made()
    {
        StackmillProgram.Run(Args()).Expect(0);
        var events = EventSchema.Read(Project);
        Assert.Equal(7, EventSchema.Ends(events).Count(e => e.Value == "COMPLETE"));
        var root = events[0];
        Assert.Equal("stackmill", (string)root["job"]!["name"]!);
        // The same id as the record of the run.
        Assert.True(File.Exists(Path.Combine(Project, "logs/runs", $"{root["run"]!["runId"]}.json")));

        var ends = events.Where(e => (string)e["eventType"]! == "COMPLETE").ToDictionary(e => (string)e["job"]!["name"]!);
        foreach (var (stage, dataset) in new[] { "organize", "preprocess", "deduplicate", "export" }.Zip(Datasets))
        {
            var (end, manifest, folder) = (ends[$"stackmill.{stage}"], Manifest.Read(Path.Combine(Project, "data", dataset))!, Path.Combine(Project, "data", dataset));
            var output = end["outputs"]!.AsArray().Single()!;
            Assert.Equal((folder, manifest.RootHash), ((string)output["name"]!, (string)output["facets"]!["version"]!["datasetVersion"]!));
            var statistics = output["outputFacets"]!["outputStatistics"]!;
            Assert.Equal((manifest.Books.Kept, manifest.Shards.Sum(s => s.Bytes), manifest.Shards.Count), ((long)statistics["rowCount"]!, (long)statistics["size"]!, (int)statistics["fileCount"]!));
            Assert.Equal(manifest.Books.In, (long)end["run"]!["facets"]!["stackmill_books"]!["in"]!);
            Assert.Equal(manifest.Books.In, (long)end["inputs"]![0]!["inputFacets"]!["inputStatistics"]!["rowCount"]!);
            AssertColumns(output, folder, manifest);
        }

        // Each stage reads what the one before wrote, and its columns come from columns that are there.
        foreach (var (stage, dataset) in new[] { "preprocess", "deduplicate", "export" }.Zip(Datasets))
        {
            var end = ends[$"stackmill.{stage}"];
            Assert.Equal(Path.Combine(Project, "data", dataset), (string)end["inputs"]![0]!["name"]!);
            var columns = ColumnsOf(Path.Combine(Project, "data", dataset)).ToHashSet();
            var facet = end["outputs"]![0]!["facets"]!["columnLineage"]!;
            var fields = facet["fields"]!.AsObject();
            Assert.Equal(end["outputs"]![0]!["facets"]!["schema"]!["fields"]!.AsArray().Select(f => (string)f!["name"]!), fields.Select(f => f.Key));
            Assert.All(fields.SelectMany(f => f.Value!["inputFields"]!.AsArray()).Concat(facet["dataset"]?.AsArray() ?? []), f => Assert.Contains((string)f!["field"]!, columns));
        }

        var content = ends["stackmill.preprocess"]["outputs"]![0]!["facets"]!["columnLineage"]!["fields"]!["content"]!["inputFields"]![0]!["transformations"]![0]!;
        Assert.Equal(("TRANSFORMATION", true), ((string)content["subtype"]!, (bool)content["masking"]!));

        var graph = StackmillProgram.Run("lineage", Project, "--format", "json", "--columns").Expect(0);
        Assert.Equal(7, JsonNode.Parse(graph.Output)!["jobs"]!.AsArray().Count);
        Assert.Contains("writes  " + Path.Combine(Project, "data/corpus"), StackmillProgram.Run("lineage", Project, "--run", (string)root["run"]!["runId"]!).Expect(0).Output, StringComparison.Ordinal);
        StackmillProgram.Run("lineage", Project, "--format", "svg").Expect(2);
    }

    [Fact]
    public void Cut_boilerplate_makes_the_columns_anew_that_measure_what_is_left()
    {
        for (var i = 0; i < 12; i++)
            _folder.Write($"input/{i}.py", $"# Notice {string.Join("\n# Notice ", Enumerable.Range(0, 12).Select(l => $"of line {l} that every file of this project has"))}\n{Source.Python(i)}");
        string[] args = ["run", "--input", _folder["input"], "--quiet", "--set", "boilerplate.min_files=4", "--set", "export.format=jsonl"];
        StackmillProgram.Run([.. args, "--output", _folder["plain"]]).Expect(0);
        StackmillProgram.Run([.. args, "--output", Project, "--set", "boilerplate.mode=remove", "--set", "lineage.enabled=true"]).Expect(0);
        var columns = EventSchema.Read(Project).Last(e => (string)e["job"]!["name"]! == "stackmill.deduplicate")["outputs"]![0]!["facets"]!["columnLineage"]!["fields"]!.AsObject();
        var (before, after) = (Rows(_folder["plain"]), Rows(Project));
        Assert.Equal(12, after.Count);
        foreach (var (path, cut) in after)
        {
            Assert.NotEqual((string)before[path]["content"]!, (string)cut["content"]!);
            // What changed is told as made; the rest may be told as taken over.
            var changed = cut.Where(c => !JsonNode.DeepEquals(c.Value, before[path][c.Key])).Select(c => c.Key).ToList();
            Assert.True(changed.Count > 5, string.Join(' ', changed));
            Assert.All(changed, c => Assert.Contains(columns[c]!["inputFields"]!.AsArray(), f => (string)f!["transformations"]![0]!["subtype"]! == "TRANSFORMATION"));
        }
    }

    [Fact]
    public void Data_is_the_same_with_and_without_events_and_a_run_with_nothing_to_do_says_so()
    {
        StackmillProgram.Run("run", "--input", Samples.CorpusPath, "--output", _folder["without"], "--quiet").Expect(0);
        Assert.False(Directory.Exists(_folder["without/logs/lineage"]));
        StackmillProgram.Run(Args()).Expect(0);
        Assert.Equal(TreeState.OfOutput(_folder["without"]), TreeState.OfOutput(Project));

        StackmillProgram.Run(Args()).Expect(0);
        var events = EventSchema.Read(Project);
        Assert.Equal(14, EventSchema.Ends(events).Count);
        var again = events.Where(e => (string)e["eventType"]! == "COMPLETE" && e["run"]!["facets"]!["stackmill_books"]?["upToDate"]?.GetValue<bool>() == true).ToList();
        Assert.Equal(6, again.Count);
        Assert.All(again, e => Assert.Null(e["outputs"]![0]!["outputFacets"]));
    }

    [Fact]
    public void Stages_alone_and_tasks_of_a_plan_are_each_one_run()
    {
        StackmillProgram.Run("organize", "--input", Samples.CorpusPath, "--output", Path.Combine(Project, "data/staged"), "--set", "lineage.enabled=true", "--quiet").Expect(0);
        Assert.Equal("stackmill.organize", Assert.Single(EventSchema.Read(Project).Select(e => (string)e["job"]!["name"]!).Distinct()));
        Assert.Single(EventSchema.Ends(EventSchema.Read(Project)));

        StackmillProgram.Run("plan", "--input", Samples.CorpusPath, "--output", _folder["q"], "--set", "shard_size=64KiB", "--set", "lineage.enabled=true", "--quiet").Expect(0);
        foreach (var task in (string[])["organize", "organize.finish", "preprocess/00000", "preprocess/00001"])
            StackmillProgram.Run("task", task, "--output", _folder["q"], "--quiet").Expect(0);
        var events = EventSchema.Read(_folder["q"]);
        Assert.Equal(4, EventSchema.Ends(events).Count(e => e.Value == "COMPLETE"));
        Assert.Equal(["stackmill.organize", "stackmill.preprocess"], events.Select(e => (string)e["job"]!["name"]!).Distinct());
        Assert.Single(events.Select(e => (string)e["run"]!["facets"]!["parent"]!["run"]!["runId"]!).Distinct());

        // Each task left its record, among those of the plan.
        var shown = JsonNode.Parse(StackmillProgram.Run("runs", "show", "plan", "--project", _folder["q"], "--json").Expect(0).Output)!;
        Assert.Equal(4, (int)shown["attempts"]!);
        Assert.Equal(["organize", "organize.finish", "preprocess"], shown["groups"]!.AsArray().Select(g => (string)g!["group"]!));
        Assert.Equal((2, 2, 0), ((int)shown["groups"]![2]!["tasks"]!, (int)shown["groups"]![2]!["done"]!, (int)shown["groups"]![2]!["bad"]!));
        Assert.All(shown["tasks"]!.AsArray(), t => Assert.Equal(("done", 1), ((string)t!["outcome"]!, (int)t["attempt"]!)));
    }

    [Fact]
    public async Task Events_reach_a_server_and_one_that_fails_is_one_warning()
    {
        await using var server = await RecordingServer.StartAsync();
        var program = new StackmillProgram
        {
            Environment = new Dictionary<string, string> { ["OPENLINEAGE_URL"] = server.Address, ["OPENLINEAGE_API_KEY"] = "key-of-the-server", ["OPENLINEAGE_PARENT_ID"] = "fields/dag.task/01a2190c-d70b-7e2b-9d33-a7ac510b5a52" },
        };
        string[] args = ["run", "--input", Samples.CorpusPath, "--output", Project, "--quiet"];
        program.With(args).Expect(0);
        Assert.All(server.Requests, r => Assert.Empty(EventSchema.Faults(r.Text)));
        Assert.Equal(14, server.Requests.Count);
        var first = JsonNode.Parse(server.Requests.First().Text)!["run"]!["facets"]!["parent"]!;
        Assert.Equal(("dag.task", "dag.task"), ((string)first["job"]!["name"]!, (string)first["root"]!["job"]!["name"]!));

        server.Answer = _ => (500, "key-of-the-server");
        var failing = program.With([.. args, "--set", "lineage.attempts=1"]).Expect(0);
        Assert.Single(failing.Error.Split('\n'), l => l.Contains("OpenLineage events were not taken", StringComparison.Ordinal));
        Assert.DoesNotContain("key-of-the-server", failing.All, StringComparison.Ordinal);
        Assert.Equal(0, new StackmillProgram { Environment = new Dictionary<string, string> { ["OPENLINEAGE_DISABLED"] = "true" } }.With([.. args, "--set", "lineage.enabled=true"]).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(Project, "logs/lineage")));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_run_that_is_killed_or_stopped_leaves_valid_events_and_the_next_has_its_own_id()
    {
        Requires.Unix();
        GeneratedCorpus.Write(_folder["input"], files: 1_500, seed: 7);
        string[] args = ["run", "--input", _folder["input"], "--output", Project, "--workers", "1", "--set", "shard_size=64KiB", "--set", "lineage.enabled=true"];
        var preprocessing = () => Lines().Any(l => l.Contains("stackmill.preprocess\"", StringComparison.Ordinal));
        using (var killed = new StackmillProgram().Start(args))
        {
            killed.WaitUntil(preprocessing, "preprocess");
            Assert.True(killed.Kill());
        }

        Assert.All(Lines(), l => Assert.Empty(EventSchema.Faults(l)));
        var before = Files();
        using (var stopped = new StackmillProgram().Start(args))
        {
            stopped.WaitUntil(() => Files().Except(before).Any(), "the events of the second run");
            stopped.Signal("INT");
            stopped.Wait().Expect(130);
        }

        var aborted = Files().Except(before).Single();
        var events = File.ReadLines(aborted).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Contains("ABORT", EventSchema.Ends(events).Values);
        Assert.Equal("ABORT", (string)events[^1]["eventType"]!);
        StackmillProgram.Run(args).Expect(0);
        Assert.Equal(3, Files().Length);
        EventSchema.Ends(File.ReadLines(Files().Except(before).Except([aborted]).Single()).Select(l => JsonNode.Parse(l)!));
        Assert.NotEmpty(EventSchema.Read(Project));

        string[] Files() => Directory.Exists(Path.Combine(Project, "logs/lineage")) ? Directory.GetFiles(Path.Combine(Project, "logs/lineage")) : [];
        IEnumerable<string> Lines() => Files().SelectMany(f => File.ReadAllText(f).Split('\n').SkipLast(1));
    }

    [Fact]
    public void A_release_has_a_valid_statement_of_its_provenance_that_finds_each_change()
    {
        string[] args = [.. Args(), "--set", "lineage.provenance=true"];
        StackmillProgram.Run(args).Expect(0);
        var path = Path.Combine(Project, "reports", ReleaseProvenance.FileName);
        var statement = File.ReadAllText(path);
        Assert.Empty(EventSchema.StatementFaults(statement));
        Assert.NotEmpty(EventSchema.StatementFaults(statement.Replace("slsa.dev/provenance/v1", "slsa.dev/provenance/v9", StringComparison.Ordinal)));
        var shards = Manifest.Read(Path.Combine(Project, "data/release"))!.Shards;
        Assert.Equal(shards.Count + 1, JsonNode.Parse(statement)!["subject"]!.AsArray().Count);
        StackmillProgram.Run(args).Expect(0);
        Assert.Equal(statement, File.ReadAllText(path));
        StackmillProgram.Run("provenance", Project).Expect(0);

        var shard = Path.Combine(Project, "data/release", shards[0].Path);
        var bytes = File.ReadAllBytes(shard);
        bytes[^1] ^= 1;
        File.WriteAllBytes(shard, bytes);
        Assert.Contains(shards[0].Path, StackmillProgram.Run("provenance", path).Expect(4).Output, StringComparison.Ordinal);
        File.Delete(shard);
        Assert.Contains("missing", StackmillProgram.Run("provenance", Path.Combine(Project, "data/release")).Expect(4).Output, StringComparison.Ordinal);
        File.WriteAllText(path, statement.Replace(shards[0].Path, "../../../etc/passwd", StringComparison.Ordinal));
        Assert.Contains("leads out", StackmillProgram.Run("provenance", Project).Expect(4).Output, StringComparison.Ordinal);
        foreach (var damaged in (string[])["", "{}", "[]", statement[..200], statement.Replace("\"sha256\"", "\"md5\"", StringComparison.Ordinal)])
        {
            File.WriteAllText(path, damaged);
            StackmillProgram.Run("provenance", Project).Expect(2);
        }
    }

    public void Dispose() => _folder.Dispose();

    private string[] Args() => ["run", "--input", Samples.CorpusPath, "--output", Project, "--quiet", "--set", "lineage.enabled=true"];

    // What a release says of each file.
    private static Dictionary<string, JsonObject> Rows(string project) =>
        JsonLineFiles.Read(Path.Combine(project, "data/release")).ToDictionary(r => (string)r["path"]!);

    private static void AssertColumns(JsonNode output, string folder, Manifest manifest)
    {
        Assert.Equal(ColumnsOf(folder), output["facets"]!["schema"]!["fields"]!.AsArray().Select(f => (string)f!["name"]!));
        Assert.True(manifest.Shards.Count > 1);
    }

    // What the files themselves say.
    private static List<string> ColumnsOf(string folder)
    {
        using var reader = new ParquetFileReader(Path.Combine(folder, Manifest.Read(folder)!.Shards[0].Path));
        using var root = reader.FileMetaData.Schema.GroupNode;
        return [.. Enumerable.Range(0, root.FieldCount).Select(i => root.Field(i).Name)];
    }
}
