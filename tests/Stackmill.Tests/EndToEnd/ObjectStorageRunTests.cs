using System.Text;
using System.Text.Json.Nodes;
using Amazon.S3.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The program with addresses of object storage in the place of paths, on a real server.</summary>
public sealed class ObjectStorageRunTests(CephServer ceph)
{
    private static readonly string[] Datasets = ["staged", "processed", "corpus", "release"];

    [Fact]
    public async Task A_run_from_a_bucket_into_a_bucket_gives_what_a_local_one_gives()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await PutCorpusAsync(place, "code", 60);
        var local = place.Folder["local"];
        StackmillProgram.Run("run", "--input", place.Folder["code"], "--output", local, "--quiet", "--set", "shard_size=64KiB").Expect(0);

        var result = Run(place, "one", "run", "--input", place.Address("code"), "--output", place.Address("project"), "--set", "shard_size=64KiB").Expect(0);

        Assert.Contains(place.Address("project") + "/data/release", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(place.Folder.Path, result.Output, StringComparison.Ordinal);
        var expected = TreeState.OfOutput(local, path => !path.EndsWith("_manifest.json", StringComparison.Ordinal) && !path.StartsWith("reports/", StringComparison.Ordinal));
        var copy = await DownloadAsync(place, "project", "copy");
        TreeState.AssertEqual(expected, TreeState.OfOutput(copy, path => !path.EndsWith("_manifest.json", StringComparison.Ordinal) && !path.StartsWith("reports/", StringComparison.Ordinal)));
        foreach (var name in Datasets)
            Assert.Equal(Manifest.Read(ProjectLayout.Data(local, name))!.RootHash, Manifest.Read(ProjectLayout.Data(copy, name))!.RootHash);
        Assert.True(File.Exists(Path.Combine(copy, "reports", "data_statistics.json")));
        // The last thing that is written of each dataset is its manifest.
        foreach (var name in Datasets)
            Assert.EndsWith(Manifest.FileName, place.Proxy.Seen.Last(r => r.Method == "PUT" && r.Key.Contains($"/data/{name}/", StringComparison.Ordinal)).Key, StringComparison.Ordinal);

        var sent = Writes(place);
        var again = Run(place, "one", "run", "--input", place.Address("code"), "--output", place.Address("project"), "--set", "shard_size=64KiB").Expect(0);
        Assert.Equal(6, StackV2RunTests.UpToDate(again).Count());
        Assert.Equal(sent, Writes(place));

        var elsewhere = Run(place, "two", "run", "--input", place.Address("code"), "--output", place.Address("project"), "--set", "shard_size=64KiB", "--set", "similarity_threshold=0.7").Expect(0);
        Assert.Equal(["organize", "preprocess"], StackV2RunTests.UpToDate(elsewhere).Take(2));
        Assert.Equal(Manifest.Read(ProjectLayout.Data(copy, "staged"))!.RootHash, Manifest.Read(ProjectLayout.Data(await DownloadAsync(place, "project", "copy-2"), "staged"))!.RootHash);
    }

    [Fact]
    public async Task Every_stage_alone_reads_and_writes_addresses()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await PutCorpusAsync(place, "code", 30);
        var local = place.Folder["local"];
        StackmillProgram.Run("run", "--input", place.Folder["code"], "--output", local, "--quiet").Expect(0);
        string Data(string name) => place.Address($"p/data/{name}");

        Run(place, "one", "organize", "--input", place.Address("code"), "--output", Data("staged")).Expect(0);
        Run(place, "two", "preprocess", "--input", Data("staged"), "--output", Data("processed")).Expect(0);
        Run(place, "one", "deduplicate", "--input", place.Address("p"), "--output", Data("corpus")).Expect(0);
        var validated = Run(place, "two", "validate", "--input", place.Address("p")).Expect(0);
        Run(place, "one", "statistics", "--input", place.Address("p"), "--output", place.Address("elsewhere/figures.json")).Expect(0);
        Run(place, "one", "export", "--input", Data("corpus"), "--output", Data("release")).Expect(0);
        Run(place, "one", "export", "--input", Data("corpus"), "--output", place.Folder["lines"], "--format", "jsonl").Expect(0);

        Assert.Contains(place.Address("p/reports/schema_validation_report.json"), validated.Output, StringComparison.Ordinal);
        var copy = await DownloadAsync(place, "p", "copy");
        foreach (var name in Datasets)
            Assert.Equal(Manifest.Read(ProjectLayout.Data(local, name))!.RootHash, Manifest.Read(ProjectLayout.Data(copy, name))!.RootHash);
        Assert.Equal("passed", (string)JsonNode.Parse(File.ReadAllBytes(Path.Combine(copy, "reports", "schema_validation_report.json")))!["status"]!);
        Assert.NotEmpty(JsonLineFiles.Read(place.Folder["lines"]));
        var figures = JsonNode.Parse(File.ReadAllBytes(Path.Combine(await DownloadAsync(place, "elsewhere", "figures"), "figures.json")))!;
        Assert.Equal(["organize", "preprocess", "deduplicate"], figures["stages"]!.AsArray().Select(s => (string)s!["stage"]!));

        var file = (await place.KeysAsync("code/")).First(k => k.EndsWith(".py", StringComparison.Ordinal));
        var inspected = Run(place, "one", "inspect", place.Address(file), "--json").Expect(0);
        Assert.Contains(place.Address(file), inspected.Output, StringComparison.Ordinal);
        Assert.Contains("\"verdict\"", inspected.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_in_a_bucket_are_read_where_they_lie()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var lines = string.Concat(Enumerable.Range(0, 40).Select(i => new JsonObject { ["path"] = $"f{i}.py", ["content"] = Source.Python(i) }.ToJsonString() + "\n"));
        await place.PutAsync("records/a.jsonl", lines);
        await place.PutAsync("records/b.jsonl", lines.Replace("f", "g", StringComparison.Ordinal).Replace("level_", "height_", StringComparison.Ordinal));
        await place.PutAsync("records/README.md", "about");

        Run(place, "one", "run", "--input", place.Address("records"), "--output", place.Folder["project"]).Expect(0);

        Assert.Equal(80, Manifest.Read(ProjectLayout.Data(place.Folder["project"], "staged"))!.Books.In);
        Assert.Contains(place.Proxy.Seen, r => r.Key.EndsWith("records/a.jsonl", StringComparison.Ordinal) && r.Range is not null);
        Assert.DoesNotContain(place.Folder.Files(), f => f.EndsWith(".jsonl", StringComparison.Ordinal) && f.StartsWith("one/", StringComparison.Ordinal));
        var again = Run(place, "one", "run", "--input", place.Address("records"), "--output", place.Folder["project"]).Expect(0);
        Assert.Equal(6, StackV2RunTests.UpToDate(again).Count());
    }

    [Fact]
    public async Task Metadata_and_contents_read_and_write_addresses_and_rows_in_a_bucket_are_read_by_ranges()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await using var world = await StackV2World.MakeAsync(files: 40);
        foreach (var (folder, rows) in world.Rows)
            await place.PutAsync($"rows/{folder}.parquet", await File.ReadAllBytesAsync(StackV2Files.Write(world[$"rows/{folder}.parquet"], rows)));
        var config = world.Configuration();
        void Stage(string command, string input, string output) => world.Program.With([command, "--config", config, "--input", input, "--output", output, .. Set(place, "one")]).Expect(0);

        Stage("metadata", place.Address("rows"), place.Address("p/data/raw"));
        Stage("contents", place.Address("p/data/raw"), place.Address("p/data/contents"));
        Stage("organize", place.Address("p/data/contents"), place.Address("p/data/staged"));

        Assert.All(place.Proxy.Seen.Where(r => r.Method == "GET" && r.Key.EndsWith("Python.parquet", StringComparison.Ordinal)), r => Assert.NotNull(r.Range));
        Assert.DoesNotContain(place.Folder.Files(), f => f.EndsWith("Python.parquet", StringComparison.Ordinal));
        var local = world["local"];
        Stage("metadata", world["rows"], ProjectLayout.Data(local, "raw"));
        Stage("contents", local, ProjectLayout.Data(local, "contents"));
        Stage("organize", ProjectLayout.Data(local, "contents"), ProjectLayout.Data(local, "staged"));
        var copy = await DownloadAsync(place, "p", "copy");
        foreach (var name in (string[])["raw", "contents", "staged"])
            Assert.Equal(Manifest.Read(ProjectLayout.Data(local, name))!.RootHash, Manifest.Read(ProjectLayout.Data(copy, name))!.RootHash);
        Assert.Equal(108, Manifest.Read(ProjectLayout.Data(copy, "staged"))!.Books.Kept);
    }

    [Fact]
    public async Task From_the_Hub_into_a_bucket_contents_are_fetched_once_by_a_machine()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await using var world = await StackV2World.MakeAsync(files: 20);
        string[] Args(string machine, params string[] more) => [.. world.Run(place.Address("p"), more), .. Set(place, machine)];

        world.Program.With(Args("one")).Expect(0);
        var fetched = world.Blobs.Requests;
        world.Program.With(Args("one", "--set", "filters.stars.min=20")).Expect(0);
        Assert.Equal(fetched, world.Blobs.Requests);

        var other = world.Program.With(Args("two", "--set", "filters.stars.min=20")).Expect(0);
        Assert.Equal(8, StackV2RunTests.UpToDate(other).Count());
        Assert.Equal(fetched, world.Blobs.Requests);
    }

    [Fact]
    public async Task A_run_in_which_contents_are_missing_publishes_what_it_has_and_another_machine_tries_only_those_again()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await using var world = await StackV2World.MakeAsync(files: 40);
        var (missing, packed) = world.Blobs.Contents.First(c => world.Rows["Java"].Any(r => r.BlobId == c.Key && r is { StarEventsCount: >= 10, LengthBytes: >= 100 }));
        world.Blobs.Contents.TryRemove(missing, out _);
        string[] Args(string machine, params string[] more) => [.. world.Run(place.Address("p"), more), .. Set(place, machine)];

        var partial = world.Program.With(Args("one")).Expect(3);

        Assert.Contains("missing_blob 1", partial.Output, StringComparison.Ordinal);
        var copy = await DownloadAsync(place, "p", "copy");
        Assert.Contains(missing, File.ReadAllText(Path.Combine(copy, "data", "contents", "_dead_letter.jsonl")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(copy, "data", "release", Manifest.FileName)));

        world.Blobs.Contents[missing] = packed;
        var before = world.Blobs.Attempts.ToDictionary(a => a.Key, a => a.Value);
        world.Program.With(Args("two", "--retry-failed")).Expect(0);

        Assert.Equal(2, world.Blobs.Attempts[missing]);
        var again = world.Blobs.Attempts.Count(a => a.Value > before[a.Key]);
        Assert.InRange(again, 1, before.Count / 2);
        Assert.False(File.Exists(Path.Combine(await DownloadAsync(place, "p", "copy-2"), "data", "contents", "_dead_letter.jsonl")));
    }

    [Fact]
    public async Task A_failed_validation_publishes_corpus_and_reports_and_no_release()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("code/keys.py", $"contact = \"quillon.brandt@harbour-office.net\"\n{Source.Python(1)}");

        Run(place, "one", "run", "--input", place.Address("code"), "--output", place.Address("p"), "--set", "stages.pii_removal=false").Expect(0);
        Run(place, "one", "validate", "--input", place.Address("p")).Expect(4);

        var keys = await place.KeysAsync("p/reports");
        Assert.Contains("p/reports/schema_validation_report.json", keys);
    }

    internal static IEnumerable<string> Set(CephPlace place, string machine, string profile = CephServer.Owner, string? endpoint = null) =>
    [
        "--set", $"storage.endpoint={endpoint ?? place.Proxy.Address}", "--set", $"storage.profile={profile}", "--set", $"storage.work_dir={place.Folder[machine]}", "--set", "storage.part_size=5MiB",
    ];

    internal static ProgramResult Run(CephPlace place, string machine, params string[] args) => StackmillProgram.Run([.. args, .. Set(place, machine)]);

    internal static async Task PutCorpusAsync(CephPlace place, string prefix, int files)
    {
        GeneratedCorpus.Write(place.Folder[prefix], files, seed: 5);
        foreach (var file in Directory.EnumerateFiles(place.Folder[prefix], "*", SearchOption.AllDirectories))
            await place.PutAsync($"{prefix}/{Path.GetRelativePath(place.Folder[prefix], file).Replace('\\', '/')}", await File.ReadAllBytesAsync(file));
    }

    internal static async Task<string> DownloadAsync(CephPlace place, string prefix, string folder)
    {
        foreach (var key in await place.KeysAsync(prefix + "/"))
        {
            using var answer = await place.Client.GetObjectAsync(new GetObjectRequest { BucketName = place.Bucket, Key = key });
            using var bytes = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(bytes);
            place.Folder.Write(Path.Combine(folder, key[(prefix.Length + 1)..]), bytes.ToArray());
        }

        return place.Folder[folder];
    }

    private static int Writes(CephPlace place) => place.Proxy.Seen.Count(r => r.IsWrite);
}
