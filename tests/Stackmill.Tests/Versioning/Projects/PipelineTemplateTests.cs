using Stackmill.Catalog;
using Stackmill.Shared.Configuration;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Tests.Versioning.Projects;

/// <summary>The stages that <c>init --dvc</c> writes.</summary>
public sealed class PipelineTemplateTests
{
    // Sections and keys that change no bytes of a result, or are secret, or are set where the stages' commands name them.
    private static readonly string[] NoParameters = ["source", "hub", "storage", "output_paths", "parallel_processing", "max_workers", "memory", "logging", "monitoring", "lineage", "notifications", "redaction.hash_key"];

    [Fact]
    public void Its_parameters_are_keys_of_the_configuration_and_leave_out_none_that_changes_a_result()
    {
        var leaves = OptionTree.Of(typeof(StackmillOptions)).Leaves.Select(l => l.Path).ToList();
        var named = Stages(null).SelectMany(s => Names(s.Value)).Distinct().ToList();

        Assert.True(named.Count > 50, $"only {named.Count} parameters were seen");
        Assert.Equal([], named.Where(n => !leaves.Exists(l => l == n || l.StartsWith(n + ".", StringComparison.Ordinal))));
        Assert.Equal([], leaves.Where(l => !named.Concat(NoParameters).Any(n => l == n || l.StartsWith(n + ".", StringComparison.Ordinal))));
        Assert.Equal([], NoParameters.Where(n => named.Exists(p => p == n || n.StartsWith(p + ".", StringComparison.Ordinal))));
    }

    [Fact]
    public void Its_stages_are_those_of_the_pipeline_and_its_commands_are_understood()
    {
        var stages = Stages(null);

        Assert.Equal(["acquisition", "organize", "preprocessing", "deduplication", "validation", "statistics", "export"], stages.Keys);
        foreach (var command in stages.Values.Select(s => ((DataMap)s!)["cmd"]).SelectMany(c => c is List<object?> list ? list : [c]).Cast<string>())
            Assert.Empty(Conventions.CommandTree.Parse(command["stackmill ".Length..]).Errors);
        Assert.Equal(["organize", "preprocessing", "deduplication", "validation", "statistics", "export"], Stages(new("code", false, false)).Keys);
    }

    [Theory]
    [InlineData("https://example.org/x.git")]
    [InlineData("git@example.org:x.git")]
    [InlineData("ssh://git@example.org/x.git")]
    public void What_organize_reads_itself_needs_no_acquisition(string address)
    {
        using var folder = new TempFolder();

        DataProgram.In(folder.Path).With("init", ".", "--dvc", "--input", address).Expect(0);

        var stages = Written(folder);
        Assert.False(stages.Has("acquisition"));
        Assert.Equal($"stackmill organize --input {address} --output data/staged --quiet", ((DataMap)stages["organize"]!)["cmd"]);
        Assert.False(((DataMap)stages["organize"]!).Has("deps"));
    }

    [Fact]
    public void Rows_that_describe_files_are_acquired_and_those_that_hold_them_are_not()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["rows"]);
        StackV2Files.Write(folder["rows/part.parquet"], StackV2Files.Rows(4, 1, "Python"));
        folder.Write("records.jsonl", "{\"content\":\"x = 1\",\"path\":\"a.py\"}\n");
        folder.Write("a.py", "x = 1\n");

        DataProgram.In(folder.Path).With("init", ".", "--dvc", "--input", "rows").Expect(0);
        var acquisition = (DataMap)Written(folder)["acquisition"]!;
        Assert.Equal("stackmill metadata --input rows --output data/raw --quiet", ((List<object?>)acquisition["cmd"]!)[0]);
        Assert.Equal(["rows"], (List<object?>)acquisition["deps"]!);
        Assert.Equal(["data/contents"], (List<object?>)((DataMap)Written(folder)["organize"]!)["deps"]!);

        foreach (var input in (string[])["records.jsonl", "."])
        {
            DataProgram.In(folder.Path).With("init", "inner", "--dvc", "--force", "--input", input).Expect(0);
            Assert.DoesNotContain("acquisition", File.ReadAllText(folder["inner/dvc.yaml"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_dataset_of_the_Hub_is_acquired_when_its_rows_describe_files_and_read_when_they_hold_them()
    {
        await using var world = await StackV2World.MakeAsync(files: 2);
        world.Hub.Add(new HubServerDataset("owner/texts").File("data.jsonl", "{\"content\":\"x = 1\",\"path\":\"a.py\"}\n"u8.ToArray()));
        using var folder = new TempFolder();
        var program = DataProgram.In(folder.Path, [.. world.Environment.Select(e => (e.Key, e.Value))]);

        program.With("init", "rows", "--dvc", "--input", $"hf://datasets/{StackV2World.Dataset}").Expect(0);
        program.With("init", "texts", "--dvc", "--input", "hf://datasets/owner/texts").Expect(0);

        Assert.Contains($"stackmill metadata --input hf://datasets/{StackV2World.Dataset} ", File.ReadAllText(folder["rows/dvc.yaml"]), StringComparison.Ordinal);
        Assert.DoesNotContain("acquisition", File.ReadAllText(folder["texts/dvc.yaml"]), StringComparison.Ordinal);
        Assert.Contains("stackmill organize --input hf://datasets/owner/texts ", File.ReadAllText(folder["texts/dvc.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_with_a_password_is_written_into_no_file()
    {
        using var folder = new TempFolder();

        var result = DataProgram.In(folder.Path).With("init", ".", "--dvc", "--input", "https://me:hunter2@example.org/x.git").Expect(2);

        Assert.Contains("holds a password", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.All, StringComparison.Ordinal);
        Assert.Empty(folder.Files());
    }

    [Fact]
    public void A_project_of_it_runs_all_stages_once_and_again_only_those_whose_parameters_changed()
    {
        Requires.Unix();
        using var folder = new TempFolder();
        folder.Write("code/a/main.py", "def add(left, right):\n    return left + right\n\n\nprint(add(1, 2))\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"value_{i} = add({i}, {i + 1})\n")));
        folder.Write("bin/stackmill", $"#!/bin/sh\nexec dotnet '{StackmillProgram.Dll}' \"$@\"\n");
        FileModes.Set(folder["bin/stackmill"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var program = DataProgram.In(folder.Path, ("PATH", $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}"));
        program.With("init", ".", "--dvc", "--input", "code").Expect(0);

        var first = program.With("data", "repro").Expect(0).Output;
        Assert.Equal(6, first.Split('\n').Count(l => l.StartsWith("running stage ", StringComparison.Ordinal)));
        Assert.Contains("total_files", program.With("data", "metrics", "show").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("up to date", program.With("data", "repro").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("up to date", program.With("data", "status").Expect(0).Output, StringComparison.Ordinal);

        folder.Write("stackmill.yaml", File.ReadAllText(folder["stackmill.yaml"]).Replace("similarity_threshold: 0.85", "similarity_threshold: 0.7", StringComparison.Ordinal));
        var second = program.With("data", "repro").Expect(0).Output;
        Assert.Contains("running stage 'deduplication'", second, StringComparison.Ordinal);
        Assert.DoesNotContain("running stage 'organize'", second, StringComparison.Ordinal);
        Assert.DoesNotContain("running stage 'preprocessing'", second, StringComparison.Ordinal);
        Assert.False(File.ReadAllText(folder["dvc.lock"]).Contains("hash_key", StringComparison.Ordinal));
    }

    private static DataMap Stages(PipelineInput? input) => (DataMap)YamlReader.ReadMap(PipelineTemplate.Write(input), "dvc.yaml")["stages"]!;

    private static DataMap Written(TempFolder folder) => (DataMap)YamlReader.ReadMap(File.ReadAllText(folder["dvc.yaml"]), "dvc.yaml")["stages"]!;

    private static IEnumerable<string> Names(object? stage) => ((DataMap)stage!).Get("params") is List<object?> list
        ? list.Cast<DataMap>().SelectMany(p => ((List<object?>)p["stackmill.yaml"]!).Cast<string>()) : [];
}
