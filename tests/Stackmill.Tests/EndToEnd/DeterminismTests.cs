using Stackmill.Datasets;
using Stackmill.Runs;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A generated corpus of many small shards, and an undisturbed run over it with two workers.</summary>
public sealed class ReferenceRun : IDisposable
{
    private readonly TempFolder _folder = new();

    public ReferenceRun()
    {
        GeneratedCorpus.Write(Input, files: 500, seed: 20_261);
        Before = TreeState.Exact(Input);
        Run(Project, "--workers", "2").Expect(0);
        State = TreeState.OfOutput(Project);
    }

    internal string Input => _folder["input"];

    internal string Project => _folder["project"];

    internal SortedDictionary<string, string> Before { get; }

    internal SortedDictionary<string, string> State { get; }

    internal string Folder(string name) => _folder[name];

    /// <summary>The same run into another project folder.</summary>
    internal ProgramResult Run(string project, params string[] more) =>
        StackmillProgram.Run(["run", "--input", Input, "--output", project, "--set", "shard_size=64KiB", "--quiet", .. more]);

    public void Dispose() => _folder.Dispose();
}

public sealed class DeterminismTests(ReferenceRun reference) : IClassFixture<ReferenceRun>
{
    private static readonly string[] Datasets = ["staged", "processed", "corpus", Pipeline.ReleaseName];

    [Fact]
    public void The_reference_has_many_shards_and_every_fate()
    {
        foreach (var name in Datasets)
        {
            var manifest = Manifest.Read(ProjectLayout.Data(reference.Project, name))!;
            Assert.True(manifest.Shards.Count >= 8, $"{name} has only {manifest.Shards.Count} shards");
        }

        Assert.All(Manifest.Read(ProjectLayout.Data(reference.Project, "corpus"))!.Books.Dropped.Values, count => Assert.True(count > 5));
        Assert.Equal(["duplicate_exact", "duplicate_near"], Manifest.Read(ProjectLayout.Data(reference.Project, "corpus"))!.Books.Dropped.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Any_number_of_workers_gives_the_same_bytes(int workers)
    {
        var project = reference.Folder($"workers-{workers}");

        reference.Run(project, "--workers", $"{workers}").Expect(0);

        TreeState.AssertEqual(reference.State, TreeState.OfOutput(project));
        foreach (var name in Datasets)
        {
            Assert.Equal(
                Manifest.Read(ProjectLayout.Data(reference.Project, name))!.RootHash, Manifest.Read(ProjectLayout.Data(project, name))!.RootHash);
        }
    }

    [Fact]
    public void The_stages_one_by_one_give_the_same_bytes_as_run()
    {
        var project = reference.Folder("single");
        var data = Path.Combine(project, "data");
        string[] common = ["--set", "shard_size=64KiB", "--quiet"];
        void Stage(string name, params string[] args) => StackmillProgram.Run([name, .. args, .. common]).Expect(0);

        Stage("organize", "--input", reference.Input, "--output", Path.Combine(data, "staged"));
        Stage("preprocess", "--input", Path.Combine(data, "staged"), "--output", Path.Combine(data, "processed"));
        Stage("deduplicate", "--input", Path.Combine(data, "processed"), "--output", Path.Combine(data, "corpus"));
        Stage("validate", "--input", Path.Combine(data, "corpus"));
        Stage("statistics", "--input", project);
        Stage("export", "--input", project, "--output", Path.Combine(data, Pipeline.ReleaseName));

        TreeState.AssertEqual(reference.State, TreeState.OfOutput(project));
    }

    [Fact]
    public void Inputs_are_left_as_they_were() => TreeState.AssertEqual(reference.Before, TreeState.Exact(reference.Input));
}
