using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Tests.Organize.Sources.Git;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A repository with one of everything, which the git program has made.</summary>
public sealed class OneRepository : IDisposable
{
    public OneRepository()
    {
        Requires.Unix();
        Folder.Repository("sub", ("s.py", Source.Python(900)));
        Folder.Repository(
            "own",
            [.. Enumerable.Range(0, 40).Select(i => ($"lib/d{i % 7}/m{i}.py", Source.Python(i))),
            ("vendor/v.py", Source.Python(50)), ("sp ace/naïve ü.py", Source.Python(51)), ("old.py", Source.Python(52)), ("x.bin", "\0\u0001"), ("z.inc", "<?php\n" + Source.Python(53)),
            (".gitattributes", "vendor/** linguist-vendored\n*.inc linguist-language=PHP\n"),
            ("big.py", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")]);
        File.CreateSymbolicLink(Folder["own", "link.py"], "old.py");
        Folder.Git("own", "submodule", "--quiet", "add", Folder["sub"], "module");
        Folder.Git("own", "rm", "-q", "old.py");
        Folder.Commit("own", ("lib/d0/m0.py", Source.Python(60)));
        Folder.Git(".", "clone", "-q", "--bare", Folder["own"], Folder["own.git"]);
    }

    internal TempFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();
}

/// <summary>Git repositories as inputs of the program, held against what the git program says of them.</summary>
public sealed class GitInputTests(OneRepository one) : IClassFixture<OneRepository>
{
    private static readonly string[] Dropped = ["hidden", "lfs_pointer", "submodule", "symbolic_link", "unsupported_extension"];

    private readonly TempFolder _folder = one.Folder;

    [Fact]
    public void Every_entry_that_git_lists_is_kept_or_named_from_any_form_of_the_repository()
    {
        var before = TreeState.Exact(_folder["own"]);
        var listed = _folder.Git("own", "-c", "core.quotePath=false", "ls-tree", "-r", "HEAD").Split('\n').Select(l => l.Split(['\t', ' '], 4)).ToDictionary(p => p[3], p => p[2], StringComparer.Ordinal);
        var hashes = new HashSet<string>();
        foreach (var (name, input, workers) in new[] { ("bare", _folder["own.git"], "1"), ("tree", _folder["own"], "2"), ("address", "file://" + _folder["own.git"], "4") })
        {
            var output = _folder["staged-" + name];
            StackmillProgram.Run("organize", "--input", input, "--output", output, "--input-format", name == "bare" ? "auto" : "git", "--workers", workers, "--set", "shard_size=64KiB", "--set", $"input.git.clones={_folder["clones"]}", "--quiet").Expect(0);
            var dataset = Dataset.Open(output);
            var kept = TestDatasets.ReadAll(dataset);
            Assert.All(kept, r => Assert.Equal(listed[r.Path], r.ContentId));
            var named = dataset.ReadLedger();
            Assert.Equal(listed.Keys.Order(StringComparer.Ordinal), kept.Select(r => r.Path).Concat(named.Select(r => r.Path)).Order(StringComparer.Ordinal));
            Assert.Equal(listed.Count, dataset.Manifest.Books.In);
            Assert.Equal(Dropped, dataset.Manifest.Books.Dropped.Keys.Order(StringComparer.Ordinal));
            Assert.True(kept.Single(r => r.Path == "vendor/v.py").IsVendor);
            Assert.Equal("PHP", kept.Single(r => r.Path == "z.inc").Language);
            hashes.Add(dataset.Manifest.RootHash);
        }

        Assert.Single(hashes);
        TreeState.AssertEqual(before, TreeState.Exact(_folder["own"]));
    }

    [Fact]
    public void A_history_holds_every_blob_that_git_finds_in_it_once()
    {
        var output = _folder["staged-history"];
        StackmillProgram.Run("organize", "--input", _folder["own.git"], "--output", output, "--set", "input.git.history=true", "--set", "input.include_hidden=true", "--quiet").Expect(0);
        var dataset = Dataset.Open(output);
        var found = TestDatasets.ReadAll(dataset).Select(r => r.ContentId).Concat(dataset.ReadLedger().Where(r => r.Reason != "submodule").Select(r => r.ContentId)).Order(StringComparer.Ordinal);
        var objects = _folder.Git("own.git", "rev-list", "--objects", "--filter=object:type=blob", "--filter-provided-objects", "HEAD").Split('\n').Select(l => l.Split(' ')[0]);
        Assert.Equal(objects.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void A_list_with_stars_and_a_repository_that_is_gone_runs_to_the_release_and_says_what_failed()
    {
        var list = _folder.Write("list.csv", $"\uFEFFurl,repo_name,revision,stars\nown.git,\"me/own\",main,120\nsub,me/sub,,3\nhttps://user:s3cretToken@localhost:1/a/b,,,50\n");
        var metadata = _folder.Write("metadata.csv", "repo_name,license,license_type,forks\nme/own,\"MIT;Apache-2.0\",permissive,4\n");
        var project = _folder["project"];
        var run = StackmillProgram.Run("run", "--input", list, "--output", project, "--set", $"input.git.metadata={metadata}", "--set", "shard_size=64KiB").Expect(3);
        Assert.Contains("localhost:1/a/b", run.All, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cretToken", run.All, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories), file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("s3cretToken"u8)));
        var staged = Dataset.Open(ProjectLayout.Data(project, "staged"));
        Assert.Equal("too_few_stars", Assert.Single(staged.ReadLedger(), r => r.RepoName == "me/sub").Reason);
        Assert.All(TestDatasets.ReadAll(Dataset.Open(ProjectLayout.Data(project, "corpus"))), r =>
        {
            Assert.Equal(("me/own", 120L, 4L, "permissive", "refs/heads/main"), (r.RepoName, r.StarEventsCount, r.ForkEventsCount, r.LicenseType, r.BranchName));
            Assert.Equal(["MIT", "Apache-2.0"], r.DetectedLicenses!);
        });
        Assert.Contains("list.csv", (string)JsonNode.Parse(File.ReadAllBytes(Path.Combine(project, "data", "staged", "ingest_manifest.json")))!["input_dir"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Killed_and_started_again_a_run_over_a_repository_ends_as_if_undisturbed()
    {
        _folder.Repository("large", [.. Enumerable.Range(0, 600).Select(i => ($"m{i}.py", Source.Python(2_000 + i)))]);
        string[] Args(string output) => ["organize", "--input", _folder["large", ".git"], "--output", output, "--workers", "1", "--set", "shard_size=64KiB", "--set", "input.git.history=true"];
        var undisturbed = _folder["undisturbed"];
        StackmillProgram.Run(Args(undisturbed)).Expect(0);
        var killed = _folder["killed"];
        using (var running = new StackmillProgram().Start(Args(killed)))
        {
            running.WaitUntil(() => Directory.Exists(killed) && Directory.EnumerateFiles(killed, "part-*.parquet", SearchOption.AllDirectories).Any(), "a done shard");
            Assert.True(running.Kill());
        }

        Assert.False(File.Exists(Path.Combine(killed, Manifest.FileName)), "the stage was over: nothing was tested");
        StackmillProgram.Run(Args(killed)).Expect(0);
        TreeState.AssertEqual(TreeState.OfOutput(undisturbed), TreeState.OfOutput(killed));
    }

    [Fact]
    public void What_is_no_repository_is_told_at_once_with_what_to_do()
    {
        Assert.Contains("is no Git repository", StackmillProgram.Run("organize", "--input", _folder["sub", "s.py"] + "x", "--output", _folder["no"], "--input-format", "git").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("no branch, tag or commit 'nothing'", StackmillProgram.Run("organize", "--input", _folder["own.git"], "--output", _folder["no"], "--set", "input.git.revision=nothing").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("can't be fetched", StackmillProgram.Run("organize", "--input", "https://localhost:1/a/b", "--output", _folder["no"], "--set", $"input.git.clones={_folder["clones"]}").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("line 2", StackmillProgram.Run("organize", "--input", _folder.Write("bad.csv", "url,stars\nown,many\n"), "--output", _folder["no"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("inside the input", StackmillProgram.Run("organize", "--input", _folder.Write("inside.txt", "own\n"), "--output", _folder["own", "out"], "--input-format", "git").Expect(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["own", "out"]));
    }
}
