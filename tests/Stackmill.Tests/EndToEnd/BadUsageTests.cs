using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Command lines and configurations that are wrong: exit code 2, everything that is wrong at once, nothing written.</summary>
public sealed class BadUsageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public BadUsageTests() => _folder.Write("input/code.py", Source.Python(1));

    private string Input => _folder["input"];

    private string Project => _folder["project"];

    [Fact]
    public void All_faults_of_a_configuration_are_told_at_once_with_line_and_nearest_key()
    {
        var config = _folder.Write("stackmill.yaml",
            """
            languages: [Python, Pyton]
            similarity_treshold: 0.9
            filters:
              file_size:
                min_bytes: lots
            stages:
              pii_removl: true
            max_workers: -3
            """);

        var result = Refused("--config", config);

        foreach (var expected in (string[])["Python", "similarity_threshold", "min_bytes", "lots", "pii_removal", "max_workers", "-3"])
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        foreach (var line in (int[])[1, 2, 5, 7, 8])
            Assert.Matches($@"stackmill\.yaml[^\n]*\b{line}\b", result.Error);
    }

    [Theory]
    [InlineData("storage.endpoint")]
    [InlineData("hub.endpoint")]
    [InlineData("contents.endpoint")]
    [InlineData("lineage.url")]
    [InlineData("monitoring.pushgateway.url")]
    [InlineData("monitoring.otlp.endpoint")]
    [InlineData("monitoring.health.grafana")]
    public void Addresses_with_passwords_or_queries_are_refused_without_being_repeated_before_a_plan_has_them(string key)
    {
        foreach (var address in (string[])["http://u:hunter2@h:1", "http://h:1/?api_key=hunter2", "http://h:1/#hunter2", "hunter2"])
        {
            foreach (var command in (string[])["plan", "run"])
            {
                var refused = StackmillProgram.Run(command, "--input", Input, "--output", Project, "--set", $"{key}={address}").Expect(2);
                Assert.Contains(key, refused.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("hunter2", refused.All, StringComparison.Ordinal);
            }
        }

        Assert.False(Directory.Exists(Project));
        Assert.DoesNotContain("hunter2", StackmillProgram.Run("plan", "--input", Input, "--output", Project, "--set", "lineage.endpoint=api?key=hunter2").Expect(2).All, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_is_no_number_is_told_also_where_its_limits_are_checked()
    {
        foreach (var args in (string[][])
            [
                ["plan", "--output", Project, "--slots"], ["submit", "slurm", "--output", Project, "--max-concurrent"], ["submit", "slurm", "--output", Project, "--attempts"], ["submit", "slurm", "--output", Project, "--max-array"],
                ["submit", "kubernetes", "--output", Project, "--image", "a:1", "--volume", "a:/b", "--max-concurrent"], ["submit", "kubernetes", "--output", Project, "--image", "a:1", "--volume", "a:/b", "--retries"],
            ])
        {
            foreach (var text in (string[])["x", "99999999999", "1.5"])
                Assert.Contains($"{args[^1]} '{text}': expected a whole number.", StackmillProgram.Run([.. args, text]).Expect(2).Error, StringComparison.Ordinal);
            StackmillProgram.Run([.. args, "-5"]).Expect(2);
            StackmillProgram.Run([.. args, "1", args[^1], "2"]).Expect(2);
        }

        StackmillProgram.Run("submit", "kubernetes", "--output", Project, "--image", "a:1", "--image", "b:1", "--volume", "a:/b", "--namespace", "a", "--namespace", "b", "--helm").Expect(2);
        StackmillProgram.Run("task", "organize", "--output", Project, "--index", "0", "--index", "1").Expect(2);
    }

    [Fact]
    public void A_configuration_that_is_no_yaml_is_placed()
    {
        var config = _folder.Write("stackmill.yaml", "languages: [Python\nstages: {\n");

        var result = Refused("--config", config);

        Assert.Contains("stackmill.yaml", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_missing_is_named() =>
        Assert.Contains("absent.yaml", Refused("--config", _folder["absent.yaml"]).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("similarity_threshold=7", "similarity_threshold")]
    [InlineData("export.format=csv", "parquet")]
    [InlineData("filters.preset=opencodr", "seed, starcoder1, starcoder2, opencoder, stackmill")]
    [InlineData("filters.mode=drp", "drop, annotate")]
    [InlineData("filters.sampling={Pyton: 0.5}", "Pyton")]
    [InlineData("exprt.format=jsonl", "export")]
    [InlineData("shard_size", "key=value")]
    [InlineData("shard_size=12", "shard_size")]
    [InlineData("max_file_size_mb=many", "max_file_size_mb")]
    public void A_wrong_assignment_is_refused(string assignment, string named) =>
        Assert.Contains(named, Refused("--set", assignment).Error, StringComparison.Ordinal);

    [Fact]
    public void The_configuration_of_the_current_folder_is_taken_and_its_faults_are_told()
    {
        _folder.Write("here/stackmill.yaml", "langauges: [Python]\n");

        var result = new StackmillProgram { WorkingFolder = _folder["here"] }.With("run", "--input", Input, "--output", Project).Expect(2);

        Assert.Contains("languages", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_the_file_and_of_the_command_line_are_told_together()
    {
        var result = Refused("--config", _folder.Write("stackmill.yaml", "languages: [Pyton]\n"), "--set", "similarity_threshold=7", "--set", "export.format=csv");

        foreach (var expected in (string[])["3 errors", "'Python'", "similarity_threshold", "export.format"])
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--outptu")]
    [InlineData("--workers=several")]
    [InlineData("surplus")]
    public void An_unknown_option_or_value_points_to_the_help(string argument)
    {
        var result = Refused(argument);

        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_command_and_none_at_all_are_refused()
    {
        Assert.Contains("frobnicate", StackmillProgram.Run("frobnicate").Expect(2).Error, StringComparison.Ordinal);
        StackmillProgram.Run().Expect(2);
        StackmillProgram.Run("run", "--input", Input).Expect(2);
        StackmillProgram.Run("run", "--output", Project).Expect(2);
    }

    [Fact]
    public void Too_little_memory_is_refused_with_what_is_needed()
    {
        var result = Refused("--memory", "512MiB", "--set", "max_file_size_mb=200", "--set", "filters.file_size.max_bytes=100MB");

        Assert.Contains("--memory", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_log_level_is_refused() => Assert.Contains("loud", Refused("--log-level", "loud").Error, StringComparison.Ordinal);

    [Fact]
    public void Output_inside_of_the_input_and_input_inside_of_the_output_are_refused()
    {
        var before = TreeState.Exact(Input);

        var inside = StackmillProgram.Run("run", "--input", Input, "--output", Path.Combine(Input, "out")).Expect(2);
        Assert.Contains("inside the input", inside.Error, StringComparison.Ordinal);
        StackmillProgram.Run("run", "--input", Input, "--output", Input).Expect(2);
        StackmillProgram.Run("organize", "--input", Input, "--output", Path.Combine(Input, "out")).Expect(2);

        TreeState.AssertEqual(before, TreeState.Exact(Input));
        Assert.False(Directory.Exists(Path.Combine(Input, "out")));
    }

    [Fact]
    public void A_link_does_not_hide_that_the_output_lies_inside_of_the_input()
    {
        Requires.Unix();
        Directory.CreateSymbolicLink(_folder["alias"], Input);

        StackmillProgram.Run("run", "--input", Input, "--output", Path.Combine(_folder["alias"], "out")).Expect(2);

        Assert.Equal(["code.py"], Directory.EnumerateFileSystemEntries(Input).Select(Path.GetFileName));
    }

    [Fact]
    public void An_output_folder_with_other_files_is_left_alone()
    {
        var precious = _folder.Write("project/data/staged/thesis.txt", "irreplaceable");

        var result = Refused();

        Assert.Contains("thesis.txt", result.Error, StringComparison.Ordinal);
        Assert.Equal("irreplaceable", File.ReadAllText(precious));
        Assert.Equal(["data/staged/thesis.txt"], Directory.EnumerateFiles(Project, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Project, file).Replace('\\', '/')));
    }

    [Fact]
    public void An_output_that_is_a_file_is_refused()
    {
        _folder.Write("project", "a file");

        Refused();

        Assert.Equal("a file", File.ReadAllText(Project));
    }

    [Fact]
    public void A_folder_that_is_no_dataset_is_refused_by_the_commands_that_read_one()
    {
        foreach (var command in (string[])["validate", "statistics"])
            Assert.Contains("_manifest.json", StackmillProgram.Run(command, "--input", Input).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("_manifest.json", StackmillProgram.Run("export", "--input", Input, "--output", Project).Expect(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Project));
    }

    public void Dispose() => _folder.Dispose();

    private ProgramResult Refused(params string[] more)
    {
        var result = StackmillProgram.Run(["run", "--input", Input, "--output", Project, .. more]).Expect(2);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.All, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Project, "reports")), "a refused run has written something");
        return result;
    }
}
