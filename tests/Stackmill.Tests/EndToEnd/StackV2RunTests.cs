using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stackmill.Datasets;
using Stackmill.Tests.Lineage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A world and one undisturbed run from it: one command with one configuration file.</summary>
public sealed class StackV2Run : IAsyncLifetime
{
    internal StackV2World World { get; private set; } = null!;

    internal ProgramResult Result { get; private set; } = null!;

    internal string Project => World["project"];

    internal SortedDictionary<string, string> State { get; private set; } = null!;

    /// <summary>How often each content was asked for by the first run.</summary>
    internal Dictionary<string, int> Asked { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        World = await StackV2World.MakeAsync();
        Result = World.Program.With(World.Run(Project, "--workers", "2", "--log-level", "trace")).Expect(0);
        State = StackV2RunTests.StateOf(Project);
        Asked = new Dictionary<string, int>(World.Blobs.Attempts);
    }

    public async ValueTask DisposeAsync() => await World.DisposeAsync();
}

/// <summary>From a gated dataset on the Hub, whose rows describe files, and a bucket of contents to the release.</summary>
public sealed partial class StackV2RunTests(StackV2Run run) : IClassFixture<StackV2Run>
{
    private static readonly string[] Stages = ["metadata", "contents", "organize", "preprocess", "deduplicate", "validate", "statistics", "export"];

    private StackV2World World => run.World;

    [Fact]
    public void Every_row_is_accounted_for_from_the_Hub_to_the_release()
    {
        var opened = World.Rows.Where(r => r.Key != "Go").SelectMany(r => r.Value.Select((_, i) => StackV2World.Fate(i))).ToList();
        long Of(params string[] fates) => opened.Count(fates.Contains);
        var (few, small, copies) = (Of("too_few_stars"), Of("too_small"), Of("copy"));
        Assert.All([few, small, copies, Of("latin1"), Of("secret")], count => Assert.Equal(9, count));
        var kept = opened.Count - few - small;

        Assert.Equal((180L, kept), In(run.Project, "raw"));
        Assert.Equal(new Dictionary<string, long> { ["too_few_stars"] = few, ["too_small"] = small }, Books(run.Project, "raw").Dropped);
        Assert.Equal((kept, kept), In(run.Project, "contents"));
        Assert.Equal((kept, kept), In(run.Project, "staged"));
        Assert.Equal((kept, kept), In(run.Project, "processed"));
        Assert.Equal((kept, kept - copies), In(run.Project, "corpus"));
        Assert.Equal(new Dictionary<string, long> { ["duplicate_exact"] = copies }, Books(run.Project, "corpus").Dropped);
        Assert.Equal((kept - copies, kept - copies), In(run.Project, "release"));

        // Each content is asked for once, however many rows name it; those of rows that the filters dropped never are.
        Assert.Equal(kept - copies, run.Asked.Count);
        Assert.All(run.Asked.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public void The_filtered_rows_have_the_published_columns_and_as_json_the_same()
    {
        string[] published =
        [
            "blob_id", "directory_id", "path", "content_id", "detected_licenses", "license_type", "repo_name", "snapshot_id", "revision_id", "branch_name", "visit_date", "revision_date",
            "committer_date", "github_id", "star_events_count", "fork_events_count", "gha_license_id", "gha_event_created_at", "gha_created_at", "gha_language", "src_encoding", "language",
            "is_vendor", "is_generated", "length_bytes", "extension",
        ];
        var folder = ProjectLayout.Data(run.Project, "raw");
        Assert.Equal(["csharp", "java", "python"], Directory.EnumerateFiles(folder, "*.parquet").Select(f => Path.GetFileNameWithoutExtension(f)["filtered_metadata_".Length..]).Order(StringComparer.Ordinal));
        using (var file = new ParquetSharp.ParquetFileReader(Path.Combine(folder, "filtered_metadata_python.parquet")))
            Assert.Equal(published, Enumerable.Range(0, file.FileMetaData.Schema.NumColumns).Select(i => file.FileMetaData.Schema.Column(i).Path.ToDotVector()[0]));

        var json = World["json"];
        World.Program.With("metadata", "--config", World.Configuration(), "--output", json, "--limit", "7", "--set", "metadata.json=true", "--quiet").Expect(0);
        foreach (var (path, language) in ((string, string)[])[("python", "Python"), ("java", "Java"), ("csharp", "C-Sharp")])
        {
            var rows = JsonNode.Parse(File.ReadAllBytes(Path.Combine(json, $"filtered_metadata_{path}.json")))!.AsArray();
            Assert.Equal(
                World.Rows[language].Where(r => r is { StarEventsCount: >= 10, LengthBytes: >= 100 }).Take(7).Select(r => r.BlobId), rows.Select(r => (string)r!["blob_id"]!));
            Assert.All(rows, row => Assert.Equal(published, row!.AsObject().Select(p => p.Key)));
            Assert.All(rows, row => Assert.StartsWith("/", (string)row!["path"]!, StringComparison.Ordinal));
        }

        long Sampled(string share)
        {
            World.Program.With("metadata", "--config", World.Configuration(), "--output", World[$"sample-{share}"], "--sample", share, "--quiet").Expect(0);
            return Manifest.Read(World[$"sample-{share}"])!.Books.Kept;
        }

        var (half, tenth) = (Sampled("0.5"), Sampled("0.1"));
        Assert.InRange(half, 50, 110);
        Assert.InRange(tenth, 3, 35);
    }

    [Fact]
    public void The_release_holds_the_decoded_and_redacted_texts_with_what_the_rows_told()
    {
        var lines = World["lines"];
        World.Program.With("export", "--input", run.Project, "--output", lines, "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
        var records = JsonLineFiles.Read(lines).ToDictionary(r => $"{r["repo_name"]}/{r["path"]}", r => r);
        var rows = World.Rows.Where(r => r.Key != "Go").SelectMany(r => r.Value.Select((row, i) => (Row: row, Fate: StackV2World.Fate(i)))).ToList();
        Assert.Equal(153, records.Count);

        foreach (var (row, fate) in rows.Where(r => r.Fate is "latin1" or "secret" or "plain"))
        {
            if (!records.TryGetValue($"{row.RepoName}{row.Path}", out var record))
            {
                // Of two equal files the one of the better repository stays, which may be the copy.
                Assert.Equal("plain", fate);
                continue;
            }

            var text = (string)record["content"]!;
            Assert.Equal(row.StarEventsCount, (long)record["star_events_count"]!);
            Assert.Equal(["MIT"], record["detected_licenses"]!.AsArray().Select(l => (string)l!));
            Assert.Equal(row.RevisionId, (string)record["revision_id"]!);
            if (fate == "latin1")
                Assert.StartsWith("# Größe und Maß der Straße", text, StringComparison.Ordinal);
            if (fate == "secret")
                Assert.DoesNotContain("quillon.brandt", text, StringComparison.Ordinal);
        }

        Assert.Equal(["C#", "Java", "Python"], records.Values.Select(r => (string)r["language"]!).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manifests_record_the_pinned_commit_the_accepted_terms_and_lead_from_one_to_the_next()
    {
        var (raw, contents, staged) = (Read("raw"), Read("contents"), Read("staged"));
        Assert.Contains(new ManifestInput(StackV2World.Dataset, World.Hub.Datasets[StackV2World.Dataset].Commit), raw.Inputs);
        Assert.True((bool)contents.Configuration["contents"]!["accept_terms"]!);
        Assert.Equal("s3://softwareheritage/content/", (string)contents.Configuration["contents"]!["location"]!);
        Assert.Equal([new ManifestInput("metadata", raw.RootHash)], contents.Inputs);
        Assert.Equal([new ManifestInput("contents", contents.RootHash)], staged.Inputs);
        Assert.Equal([new ManifestInput("organize", staged.RootHash)], Read("processed").Inputs);

        Manifest Read(string name) => Manifest.Read(ProjectLayout.Data(run.Project, name))!;
    }

    [Fact]
    public void Statistics_and_the_table_tell_of_every_stage_also_of_those_that_fetched()
    {
        var statistics = JsonNode.Parse(File.ReadAllBytes(Path.Combine(ProjectLayout.Reports(run.Project), "data_statistics.json")))!;
        Assert.Equal(153, (long)statistics["total_files"]!);
        Assert.Equal(["metadata", "contents", "organize", "preprocess", "deduplicate"], statistics["stages"]!.AsArray().Select(s => (string)s!["stage"]!));
        Assert.Equal(9, (long)statistics["stages"]![0]!["dropped"]!["too_few_stars"]!);
        foreach (var stage in (string[])["metadata", "contents", "organize", "preprocess", "deduplicate", "export"])
            Assert.Matches($"{stage} +│ +\\d", run.Result.Output);

        var json = JsonNode.Parse(World.Program.With(World.Run(run.Project, "--json", "--quiet")).Expect(0).Output)!;
        Assert.Equal(["metadata", "contents", "organize", "preprocess", "deduplicate", "export"], json["stages"]!.AsArray().Select(s => (string)s!["stage"]!));
    }

    [Fact]
    public void A_second_run_finds_everything_up_to_date_and_fetches_no_content()
    {
        var (before, requests) = (Written(), World.Blobs.Requests);

        var again = World.Program.With(World.Run(run.Project)).Expect(0);

        Assert.Equal(Stages, UpToDate(again));
        TreeState.AssertEqual(before, Written());
        Assert.Equal(requests, World.Blobs.Requests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Any_number_of_workers_gives_the_same_bytes(int workers)
    {
        var project = World[$"workers-{workers}"];

        World.Program.With(World.Run(project, "--workers", $"{workers}", "--quiet", "--set", "contents.cache=" + World["shared-cache"])).Expect(0);

        TreeState.AssertEqual(run.State, StateOf(project));
    }

    [Fact]
    public void Watched_by_everything_it_gives_the_same_bytes_and_tells_where_the_columns_come_from()
    {
        var project = World["watched"];
        World.Program.With(World.Run(project, "--quiet", "--metrics-file", World["watched.prom"], "--set", "lineage.enabled=true", "--set", "lineage.interval_seconds=0.2", "--set", "contents.cache=" + World["watched-cache"])).Expect(0);
        TreeState.AssertEqual(run.State, StateOf(project));

        var events = EventSchema.Read(project);
        Assert.Equal(9, EventSchema.Ends(events).Count(e => e.Value == "COMPLETE"));
        // What is under way is told with what it has done so far.
        var under = events.Where(e => (string)e["eventType"]! == "RUNNING" && e["run"]!["facets"]!["stackmill_progress"] is not null).GroupBy(e => (string)e["run"]!["runId"]!).ToList();
        Assert.NotEmpty(under);
        Assert.All(under, r => Assert.Equal(r.Select(Done).Order(), r.Select(Done)));
        var ends = events.Where(e => (string)e["eventType"]! == "COMPLETE").ToDictionary(e => (string)e["job"]!["name"]!);
        foreach (var (stage, from, to) in new[] { ("metadata", null, "raw"), ("contents", "raw", "contents"), ("organize", "contents", "staged") })
        {
            var output = ends[$"stackmill.{stage}"]["outputs"]!.AsArray().Single()!;
            Assert.Equal(ColumnsOf(project, to), output["facets"]!["schema"]!["fields"]!.AsArray().Select(f => (string)f!["name"]!));
            // A column comes from columns that are there; the Hub's are those that were asked for.
            var there = from is null ? [.. ends[$"stackmill.{stage}"]["inputs"]![0]!["facets"]!["schema"]!["fields"]!.AsArray().Select(f => (string)f!["name"]!)] : ColumnsOf(project, from);
            var facet = output["facets"]!["columnLineage"]!;
            Assert.All(facet["fields"]!.AsObject().SelectMany(f => f.Value!["inputFields"]!.AsArray()).Concat(facet["dataset"]?.AsArray() ?? []), f => Assert.Contains((string)f!["field"]!, there));
            Assert.All(facet["fields"]!.AsObject(), f => Assert.Contains(f.Key, ColumnsOf(project, to)));
        }

        static long Done(JsonNode e) => (long)e["run"]!["facets"]!["stackmill_progress"]!["tasksDone"]!;
    }

    [Fact]
    public void The_stages_one_by_one_give_the_same_bytes_as_run()
    {
        var project = World["single"];
        var config = World.Configuration();
        string Data(string name) => ProjectLayout.Data(project, name);
        void Stage(string name, string? input, string? output)
        {
            string[] args = [name, "--config", config, "--quiet", .. input is null ? (string[])[] : ["--input", input], .. output is null ? (string[])[] : ["--output", Data(output)]];
            World.Program.With(args).Expect(0);
        }

        Stage("metadata", null, "raw");
        Stage("contents", Data("raw"), "contents");
        Stage("organize", Data("contents"), "staged");
        Stage("preprocess", Data("staged"), "processed");
        Stage("deduplicate", Data("processed"), "corpus");
        Stage("validate", project, null);
        Stage("statistics", project, null);
        Stage("export", project, "release");

        TreeState.AssertEqual(run.State, StateOf(project));
        Assert.Equal(Stages, UpToDate(World.Program.With(World.Run(project)).Expect(0)));
    }

    [Fact]
    public void The_token_is_nowhere_and_goes_to_the_Hub_alone()
    {
        Assert.DoesNotContain(HubServer.Token, run.Result.All, StringComparison.Ordinal);
        var token = System.Text.Encoding.UTF8.GetBytes(HubServer.Token);
        var files = Directory.EnumerateFiles(run.Project, "*", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, f => f.Contains("stackmill", StringComparison.Ordinal) && f.Contains("logs", StringComparison.Ordinal) && new FileInfo(f).Length > 0);
        Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(token) < 0, file));
        Assert.Contains(World.Hub.Requests, r => r.Host == "cdn");
        Assert.All(World.Hub.Requests, r => Assert.Equal(r.Host == "cdn" ? null : $"Bearer {HubServer.Token}", r.Authorization));
        // Signed addresses are secrets too.
        Assert.All(files.Where(f => f.Contains("logs", StringComparison.Ordinal)), file => Assert.DoesNotContain("Signature", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.DoesNotContain("Signature", run.Result.All, StringComparison.Ordinal);
    }

    /// <summary>Everything that a run leaves and another must leave too: without the cache, and without how often was asked.</summary>
    internal static SortedDictionary<string, string> StateOf(string project) => TreeState.OfOutput(
        project, path => !path.StartsWith("data/cache/", StringComparison.Ordinal) && path != "reports/contents_report.json");

    internal static IEnumerable<string> UpToDate(ProgramResult result) => Resting().Matches(result.Error).Select(match => match.Groups[1].Value);

    // What the files themselves say.
    private static List<string> ColumnsOf(string project, string name)
    {
        using var reader = new ParquetSharp.ParquetFileReader(Directory.EnumerateFiles(ProjectLayout.Data(project, name), "*.parquet", SearchOption.AllDirectories).First(f => !f.Contains("/_", StringComparison.Ordinal)));
        using var root = reader.FileMetaData.Schema.GroupNode;
        return [.. Enumerable.Range(0, root.FieldCount).Select(i => root.Field(i).Name)];
    }

    private static ManifestBooks Books(string project, string name) => Manifest.Read(ProjectLayout.Data(project, name))!.Books;

    private static (long In, long Kept) In(string project, string name) => (Books(project, name).In, Books(project, name).Kept);

    private SortedDictionary<string, string> Written() =>
        TreeState.Exact(run.Project, path => !path.StartsWith("logs/", StringComparison.Ordinal) && !path.EndsWith(".lock", StringComparison.Ordinal));

    [GeneratedRegex("^([a-z]+): up to date", RegexOptions.Multiline)]
    private static partial Regex Resting();
}
