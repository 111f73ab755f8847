using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A Hub that refuses, is damaged or goes away, and addresses and configurations that name the wrong thing.</summary>
public sealed class HubRunFaultTests
{
    [Fact]
    public async Task What_keeps_the_Hub_from_answering_is_told_with_its_remedy_before_anything_is_written()
    {
        await using var world = await StackV2World.MakeAsync(files: 5);
        world.Hub.Add("owner/disabled", disabled: true);
        world.Hub.Add("owner/locked", gated: true).Accepted.Clear();
        var project = world["project"];
        ProgramResult Told(string? token, params string[] more)
        {
            var environment = world.Environment;
            environment.Remove("HF_TOKEN");
            if (token is not null)
                environment["HF_TOKEN"] = token;
            return new StackmillProgram { Environment = environment }.With(world.Run(project, more)).Expect(2);
        }

        foreach (var (result, expected) in ((ProgramResult, string[])[])
        [
            (Told(null), ["is gated", "no access token was found", "accept the terms", "HF_TOKEN", $"{world.Hub.Endpoint}/settings/tokens"]),
            (Told("hf_wrongTokenThatMustNotShow"), ["refused the access token", "HF_TOKEN", "expired or revoked"]),
            (Told(HubServer.Token, "--dataset", "owner/locked"), ["is gated", "has no access", "accept the terms with the account of this token"]),
            (Told(HubServer.Token, "--dataset", "bigcode/the-stack-v2-dedupp"), ["was not found", "Did you mean 'bigcode/the-stack-v2-dedup'?"]),
            (Told(HubServer.Token, "--dataset", "owner/disabled"), ["is disabled", "choose another dataset"]),
            (Told(HubServer.Token, "--revision", "v9"), ["has no revision 'v9'", "branch, tag or commit"]),
            (Told(HubServer.Token, "--dataset", "the-stack-v2"), ["OWNER/NAME"]),
            (Told(HubServer.Token, "--input", $"hf://datasets/{StackV2World.Dataset}/data/Pyton"), ["has no 'data/Pyton'"]),
            (Told(HubServer.Token, "--input", $"hf://models/{StackV2World.Dataset}"), ["only datasets can be read"]),
            (Told("two words"), ["white space", "HF_TOKEN"]),
        ])
        {
            foreach (var text in expected)
                Assert.Contains(text, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("hf_wrongTokenThatMustNotShow", result.All, StringComparison.Ordinal);
            Assert.DoesNotContain(HubServer.Token, result.All, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(project, "data")));
    }

    [Fact]
    public async Task A_renamed_dataset_is_followed_and_a_token_file_is_found()
    {
        await using var world = await StackV2World.MakeAsync(files: 5);
        world.Hub.Add("old/name", renamedTo: StackV2World.Dataset);
        var environment = world.Environment;
        environment.Remove("HF_TOKEN");
        environment["HF_HOME"] = world["home"];
        Directory.CreateDirectory(world["home"]);
        File.WriteAllText(world["home", "token"], HubServer.Token + "\n");

        var result = new StackmillProgram { Environment = environment }.With(world.Run(world["project"], "--dataset", "old/name")).Expect(0);

        Assert.Contains($"the dataset 'old/name' is called '{StackV2World.Dataset}' now", result.Error, StringComparison.Ordinal);
        Assert.Contains(Manifest.Read(ProjectLayout.Data(world["project"], "raw"))!.Inputs, i => i.Name == StackV2World.Dataset);
    }

    [Fact]
    public async Task A_broken_file_fails_alone_even_when_it_is_the_first_and_is_read_when_it_is_whole()
    {
        await using var world = await StackV2World.MakeAsync(files: 20, rowsPerFile: 10);
        var (dataset, project) = (world.Hub.Datasets[StackV2World.Dataset], world["project"]);
        var first = dataset.Files.Keys.First(k => k.StartsWith("data/", StringComparison.Ordinal) && !k.Contains("/Go/", StringComparison.Ordinal));
        using var whole = new MemoryStream();
        using (var stream = dataset.Files[first].Open())
            stream.CopyTo(whole);
        dataset.File(first, [.. whole.ToArray()[..^12], .. new byte[12]]);

        var partial = world.Program.With(world.Run(project)).Expect(3);

        Assert.Contains(first, partial.All, StringComparison.Ordinal);
        Assert.Contains("Parquet", partial.All, StringComparison.Ordinal);
        var raw = Manifest.Read(ProjectLayout.Data(project, "raw"))!;
        Assert.Equal((50, 1), (raw.Books.In, raw.FailedShards.Count));
        Assert.True(File.Exists(Path.Combine(ProjectLayout.Data(project, "release"), Manifest.FileName)));

        dataset.File(first, whole.ToArray());
        world.Program.With(world.Run(project)).Expect(0);
        Assert.Equal(60, Manifest.Read(ProjectLayout.Data(project, "raw"))!.Books.In);
    }

    [Theory]
    [InlineData(503, "503")]
    [InlineData(401, "refused the access token")]
    [InlineData(451, "for legal reasons")]
    public async Task A_Hub_that_goes_away_in_the_middle_stops_the_run_which_goes_on_later(int status, string expected)
    {
        await using var world = await StackV2World.MakeAsync(files: 60, rowsPerFile: 5);
        var (project, left) = (world["project"], 50);
        world.Hub.Faults.OnRequest = request =>
        {
            // 36 footers, and then the rows of some files.
            if (request.Host == "cdn" && Interlocked.Decrement(ref left) == 0)
                world.Hub.Faults.Next((_, _) => true, 100_000, status);
        };

        var stopped = world.Program.With(world.Run(project, "--set", "hub.retries=0")).Expect(1);

        Assert.Contains(expected, stopped.Error, StringComparison.Ordinal);
        Assert.Contains("the run has stopped", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("can't be read as Parquet", stopped.Error, StringComparison.Ordinal);
        world.Hub.Faults.OnRequest = null;
        world.Hub.Faults.Clear();

        world.Program.With(world.Run(project)).Expect(0);
        var undisturbed = world["undisturbed"];
        world.Program.With(world.Run(undisturbed, "--set", "contents.cache=" + world["project", "data", "cache", "contents"])).Expect(0);
        TreeState.AssertEqual(StackV2RunTests.StateOf(undisturbed), StackV2RunTests.StateOf(project));
    }

    [Fact]
    public async Task A_Hub_that_limits_requests_is_waited_for()
    {
        await using var world = await StackV2World.MakeAsync(files: 5);
        world.Hub.Faults.RateLimit(3, seconds: 1);

        world.Program.With(world.Run(world["project"])).Expect(0);

        world.Hub.Faults.RateLimit(100, seconds: 77);
        var told = world.Program.With(world.Run(world["project"], "--set", "hub.retries=0")).Expect(1);
        Assert.Contains("Wait 77 s", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sub_folder_and_a_dataset_with_inline_contents_are_read_by_their_address()
    {
        await using var world = await StackV2World.MakeAsync(files: 20);
        world.Program.With(world.Run(world["folder"], "--input", $"hf://datasets/{StackV2World.Dataset}/data/Java", "--quiet")).Expect(0);
        Assert.Equal(20, Manifest.Read(ProjectLayout.Data(world["folder"], "raw"))!.Books.In);

        var lines = string.Concat(Enumerable.Range(0, 30).Select(i => new JsonObject { ["path"] = $"f{i}.py", ["content"] = Source.Python(i) }.ToJsonString() + "\n"));
        world.Hub.Add("owner/inline").File("train/a.jsonl", Encoding.UTF8.GetBytes(lines)).File("README.md", "# inline\n"u8.ToArray());
        world.Program.With(world.Run(world["inline"], "--input", "hf://owner/inline")).Expect(0);
        Assert.Equal(30, Manifest.Read(ProjectLayout.Data(world["inline"], "staged"))!.Books.Kept);
        Assert.False(Directory.Exists(ProjectLayout.Data(world["inline"], "raw")));
        world.Program.With(["organize", "--input", "hf://owner/inline", "--output", world["organized"]]).Expect(0);

        var refused = world.Program.With(["organize", "--input", $"hf://{StackV2World.Dataset}", "--output", world["rows"]]).Expect(2);
        Assert.Contains("stackmill contents", refused.Error, StringComparison.Ordinal);
        Assert.Contains("holds no rows that describe files", world.Program.With(["metadata", "--input", "hf://owner/inline", "--output", world["rows"]]).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_files_of_this_machine_are_fetched_for_as_those_of_the_Hub()
    {
        await using var world = await StackV2World.MakeAsync(files: 20);
        var broken = StackV2Files.Write(world["rows/a.parquet"], world.Rows["Python"]);
        StackV2Files.Write(world["rows/b.parquet"], world.Rows["Java"]);
        File.WriteAllText(world["rows/README.md"], "rows");
        Assert.True(File.Exists(broken));

        world.Program.With(world.Run(world["project"], "--input", world["rows"])).Expect(0);
        Assert.Equal(36, Manifest.Read(ProjectLayout.Data(world["project"], "contents"))!.Books.Kept);

        File.WriteAllText(world["rows/a.parquet"], "not a table");
        world.Program.With(world.Run(world["partial"], "--input", world["rows"], "--quiet")).Expect(3);
        Assert.Equal(18, Manifest.Read(ProjectLayout.Data(world["partial"], "contents"))!.Books.Kept);
    }

    [Fact]
    public async Task A_listing_of_ten_thousand_files_is_read_page_by_page()
    {
        await using var world = await StackV2World.MakeAsync(files: 10);
        var dataset = world.Hub.Datasets[StackV2World.Dataset];
        for (var i = 0; i < 10_000; i++)
            dataset.File($"data/Language-{i / 100}/train-{i:D5}.parquet", [(byte)i], isLarge: true);

        var result = world.Program.With(world.Run(world["project"])).Expect(0);

        Assert.Equal(11, world.Hub.Requests.Count(r => r.Path.Contains("/tree/", StringComparison.Ordinal)));
        Assert.Contains("of other languages and are not opened", result.Error, StringComparison.Ordinal);
        Assert.Equal(30, Manifest.Read(ProjectLayout.Data(world["project"], "raw"))!.Books.In);
    }

    [Fact]
    public async Task Rows_of_which_none_passes_end_with_an_empty_corpus_that_says_why()
    {
        await using var world = await StackV2World.MakeAsync(files: 10);

        var result = world.Program.With(world.Run(world["project"], "--set", "filters.stars.min=1000")).Expect(0);

        Assert.Contains("the corpus is empty", result.Error, StringComparison.Ordinal);
        Assert.Contains("too_few_stars", result.Output, StringComparison.Ordinal);
        Assert.Equal((30, 0), (Manifest.Read(ProjectLayout.Data(world["project"], "raw"))!.Books.In, Manifest.Read(ProjectLayout.Data(world["project"], "corpus"))!.Books.In));
        Assert.Equal(8, StackV2RunTests.UpToDate(world.Program.With(world.Run(world["project"], "--set", "filters.stars.min=1000")).Expect(0)).Count());
        Assert.Equal(0, world.Blobs.Requests);
    }

    [Fact]
    public async Task What_is_missing_on_the_command_line_and_in_the_configuration_is_told()
    {
        await using var world = await StackV2World.MakeAsync(files: 5);
        var (project, file) = (world["project"], world["a file"]);
        File.WriteAllText(file, "");

        Assert.Contains("neither source nor metadata.dataset", StackmillProgram.Run("run", "--output", project).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("output_paths.base_dir", StackmillProgram.Run("run", "--dataset", "a/b").Expect(2).Error, StringComparison.Ordinal);
        var terms = world.Program.With(world.Run(project, "--set", "contents.accept_terms=false")).Expect(2);
        Assert.Contains("--accept-terms", terms.Error, StringComparison.Ordinal);
        Assert.Contains("Inria", terms.Error, StringComparison.Ordinal);
        var below = world.Program.With(world.Run(Path.Combine(file, "project")));
        Assert.True(below.ExitCode is 1 or 2, below.All);
        Assert.Contains(file, below.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in Stackmill", below.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(project, "data")));
    }
}
