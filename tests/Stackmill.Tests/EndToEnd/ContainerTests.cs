using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The published program in a real container: without root, without a root file system that it could write to, with a limit of memory.</summary>
public sealed class ContainerTests(Podman podman, PlannedProject shared) : IClassFixture<Podman>, IClassFixture<PlannedProject>
{
    private static readonly string[] Locked = ["--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp", "--cap-drop=ALL", "--security-opt", "no-new-privileges"];

    [Fact]
    public void A_run_in_a_container_makes_what_a_run_makes_and_its_files_belong_to_an_account_that_is_not_root()
    {
        Assert.Equal("0.1.0\n", podman.Run(Locked, "--version").Expect(0).Output);
        var project = podman.Own(shared.Folder("contained"));
        podman.Run([.. Locked, "--memory", "640m", "--volume", $"{project}:/project", "--volume", $"{Samples.CorpusPath}:{Samples.CorpusPath}:ro"],
            "run", "--input", Samples.CorpusPath, "--output", "/project", "--set", "shard_size=64KiB", "--memory", "512MiB", "--quiet").Expect(0);
        TreeState.AssertEqual(shared.Alone, shared.Tree("contained"));
        var manifest = Path.Combine(project, "data", "release", "_manifest.json");
        // As root the tests may do all: that the container could not is what is asked.
        Assert.Equal("1654:1654", Stat(manifest));
    }

    [Fact]
    public void Containers_do_the_Jobs_of_a_plan_with_the_index_of_their_environment_and_a_run_takes_over_what_they_did()
    {
        Assert.Equal("0.1.0\n", podman.Run(Locked, "--version").Expect(0).Output);
        shared.Plan("jobs", "--slots", "2", "--memory", "512MiB");
        var files = StackmillProgram.Run(
            "submit", "kubernetes", "--output", shared.Folder("jobs"), "--image", Podman.Image,
            "--volume", $"project:{shared.Folder("jobs")}", "--volume", $"code:{Samples.CorpusPath}:ro").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var configuration = Directory.CreateDirectory(shared.Folder("map")).FullName;
        File.WriteAllText(Path.Combine(configuration, "stackmill.yaml"), (string)YamlText.Documents(File.ReadAllText(files[0]))[1]["data"]!["stackmill.yaml"]!);
        var jobs = files[1..^1].Select(f => Assert.Single(YamlText.Documents(File.ReadAllText(f)))).ToList();
        podman.Own(shared.Folder("jobs"));

        string[] contained = ["organize", "organize.finish", "preprocess", "preprocess.finish"];
        foreach (var job in jobs.Where(j => contained.Contains((string)j["metadata"]!["labels"]!["stackmill/group"]!)))
        {
            for (var index = 0; index < (int)job["spec"]!["completions"]!; index++)
                podman.RunPod(job, index, configuration).Expect(0);
        }

        var progress = JsonNode.Parse(StackmillProgram.Run("status", "--output", shared.Folder("jobs"), "--json").All)!["groups"]!.AsArray().ToDictionary(g => (string)g!["group"]!, g => g!);
        Assert.All(contained, group => Assert.Equal((int)progress[group]["tasks"]!, (int)progress[group]["done"]!));
        StackmillProgram.Run(shared.RunArgs("jobs", "--memory", "512MiB")).Expect(0);
        TreeState.AssertEqual(shared.Alone, shared.Tree("jobs"));
    }

    [Fact]
    public void A_container_that_needs_more_than_its_limit_of_memory_is_killed_and_one_that_writes_elsewhere_is_told_so()
    {
        string[] input = ["--volume", $"{Samples.CorpusPath}:/input:ro"];
        var project = podman.Own(shared.Folder("limited"));
        // The runtime alone takes more.
        Assert.Equal(137, podman.Run([.. Locked, .. input, "--memory", "40m", "--volume", $"{project}:/project"], "run", "--input", "/input", "--output", "/project").ExitCode);
        Assert.False(File.Exists(Path.Combine(project, "data", "staged", "_manifest.json")));
        Assert.Contains("Read-only file system", podman.Run([.. Locked, .. input], "run", "--input", "/input", "--output", "/etc/elsewhere").Expect(1).Error, StringComparison.Ordinal);
        // A folder of root's.
        Assert.Contains("denied", podman.Run([.. Locked, .. input, "--volume", $"{Directory.CreateDirectory(shared.Folder("roots")).FullName}:/project"], "run", "--input", "/input", "--output", "/project").Expect(1).Error, StringComparison.Ordinal);
    }

    private static string Stat(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["--format=%u:%g", path]) { RedirectStandardOutput = true })!;
        var answer = stat.StandardOutput.ReadToEnd().TrimEnd();
        stat.WaitForExit();
        return answer;
    }
}
