using System.Text;
using Stackmill.Acquire.Metadata;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>What a run from the Hub does when options, the dataset or the servers are not what they were, each in a world of its own.</summary>
public sealed class StackV2ChangeTests
{
    [Fact]
    public async Task Other_filters_make_everything_again_and_fetch_only_what_was_never_fetched()
    {
        await using var world = await StackV2World.MakeAsync(files: 20);
        var project = world["project"];
        world.Program.With(world.Run(project)).Expect(0);
        var first = world.Blobs.Attempts.ToDictionary(a => a.Key, a => a.Value);

        var fewer = world.Program.With(world.Run(project, "--set", "filters.stars.min=30")).Expect(0);

        Assert.Empty(StackV2RunTests.UpToDate(fewer));
        var kept = world.Rows.Where(r => r.Key != "Go").SelectMany(r => r.Value).Count(r => r is { StarEventsCount: >= 30, LengthBytes: >= 100 });
        Assert.InRange(kept, 5, 40);
        Assert.Equal(kept, Manifest.Read(ProjectLayout.Data(project, "contents"))!.Books.Kept);
        Assert.Equal(first, world.Blobs.Attempts);

        world.Program.With(world.Run(project, "--set", "filters.stars.min=0")).Expect(0);

        Assert.All(world.Blobs.Attempts, blob => Assert.Equal(1, blob.Value));
        Assert.Equal(first.Count + 3, world.Blobs.Attempts.Count);
        Assert.Equal(57, Manifest.Read(ProjectLayout.Data(project, "contents"))!.Books.Kept);
    }

    [Fact]
    public async Task The_layout_with_one_row_a_repository_gives_the_same_contents()
    {
        await using var flat = await StackV2World.MakeAsync(files: 20);
        await using var nested = await StackV2World.MakeAsync(files: 20, form: new StackV2Form { Nested = true, RowsPerGroup = 2, Nanoseconds = true });
        flat.Program.With(flat.Run(flat["project"], "--quiet")).Expect(0);

        nested.Program.With(nested.Run(nested["project"], "--quiet")).Expect(0);

        Assert.Equal(60, Manifest.Read(ProjectLayout.Data(nested["project"], "raw"))!.Books.In);
        Assert.Equal(Texts(flat, flat.All), Texts(nested, StackV2Files.AsNested([.. nested.All])));
    }

    [Fact]
    public async Task A_branch_that_moved_is_read_anew_and_a_pinned_commit_is_not()
    {
        await using var world = await StackV2World.MakeAsync(files: 20);
        var (project, pinned, old) = (world["project"], world["pinned"], world.Hub.Datasets[StackV2World.Dataset].Commit);
        world.Program.With(world.Run(project, "--quiet")).Expect(0);
        world.Program.With(world.Run(pinned, "--quiet", "--revision", old, "--set", "contents.cache=" + world["project", "data", "cache", "contents"])).Expect(0);
        var (before, fetched) = (TreeState.OfOutput(pinned, p => p.StartsWith("data/", StringComparison.Ordinal)), world.Blobs.Attempts.Count);
        var added = Encoding.ASCII.GetBytes(Source.Python(777));
        world.Rows["Python"].Add(StackV2Files.Row("src/added.py", added, repo: "owner/added"));
        world.Blobs.Add(added);
        world.Publish(rowsPerFile: 40, new StackV2Form());
        var commit = world.Hub.Datasets[StackV2World.Dataset].Commit;

        var moved = world.Program.With(world.Run(project)).Expect(0);
        var stayed = world.Program.With(world.Run(pinned, "--revision", old)).Expect(0);

        Assert.Contains(commit, moved.Error, StringComparison.Ordinal);
        Assert.Contains(new ManifestInput(StackV2World.Dataset, commit), Manifest.Read(ProjectLayout.Data(project, "raw"))!.Inputs);
        Assert.Equal(61, Manifest.Read(ProjectLayout.Data(project, "raw"))!.Books.In);
        Assert.Equal(fetched + 1, world.Blobs.Attempts.Count);
        Assert.All(world.Blobs.Attempts, blob => Assert.Equal(1, blob.Value));
        Assert.Equal(8, StackV2RunTests.UpToDate(stayed).Count());
        TreeState.AssertEqual(before, TreeState.OfOutput(pinned, p => p.StartsWith("data/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_branch_that_moves_during_a_run_does_not_mix_two_commits()
    {
        await using var world = await StackV2World.MakeAsync(files: 20, rowsPerFile: 5);
        var old = world.Hub.Datasets[StackV2World.Dataset].Commit;
        // The first file that is opened makes the branch move.
        var moving = new Lock();
        world.Hub.Faults.OnRequest = request =>
        {
            lock (moving)
            {
                if (!request.Path.Contains("/resolve/", StringComparison.Ordinal) || world.Hub.Datasets[StackV2World.Dataset].Commit != old)
                    return;
                world.Rows["Python"].Clear();
                world.Publish(rowsPerFile: 5, new StackV2Form());
            }
        };

        world.Program.With(world.Run(world["project"], "--quiet")).Expect(0);

        Assert.NotEqual(old, world.Hub.Datasets[StackV2World.Dataset].Commit);
        var raw = Manifest.Read(ProjectLayout.Data(world["project"], "raw"))!;
        Assert.Contains(new ManifestInput(StackV2World.Dataset, old), raw.Inputs);
        Assert.Equal(60, raw.Books.In);
    }

    private static SortedDictionary<string, string> Texts(StackV2World world, IEnumerable<MetadataRow> rows)
    {
        var lines = world["lines"];
        world.Program.With("export", "--input", world["project"], "--output", lines, "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
        var known = rows.Select(r => $"{r.RepoName}{r.Path}").ToHashSet(StringComparer.Ordinal);
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in JsonLineFiles.Read(lines))
        {
            Assert.Contains($"{record["repo_name"]}/{record["path"]}", known);
            texts.Add($"{record["repo_name"]}/{record["path"]}", $"{record["language"]} {record["content"]}");
        }

        return texts;
    }
}
