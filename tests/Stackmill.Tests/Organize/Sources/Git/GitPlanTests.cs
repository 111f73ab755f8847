using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Git;

public sealed class GitPlanTests
{
    private static string Body(int n) => string.Join('\n', Enumerable.Range(0, 40).Select(i => $"x{i} = {i * n}")) + "\n";

    private static CodeRecord Single(Dataset dataset, string path) => TestDatasets.ReadAll(dataset).Single(r => r.Path == path);

    [Fact]
    public void A_repository_gives_the_same_records_from_its_work_tree_bare_and_packed_and_is_never_changed()
    {
        using var folder = new TempFolder();
        var commit = folder.Repository("own", ("a.py", Body(1)), ("lib/b.py", Body(2)), ("lib/c.c", Body(3)), ("image.xyz", "x"), (".github/d.yml", Body(4)));
        folder.Write("own/uncommitted.py", Body(5));
        folder.Git(".", "clone", "-q", "--bare", folder["own"], folder["other", "own.git"]);
        folder.Git("other/own.git", "gc", "-q");
        folder.Git(".", "clone", "-q", "--no-checkout", folder["own"], folder["third", "own"]);
        folder.Git("own", "worktree", "add", "-q", folder["linked"]);
        var before = TreeState.Exact(folder["own"]);
        var one = SourceRuns.Git(folder["own"], folder["out1"], workers: 1);
        TreeState.AssertEqual(before, TreeState.Exact(folder["own"]));
        Assert.Equal(["a.py", "lib/b.py", "lib/c.c"], one.Paths());
        Assert.Equal([".github/: hidden", "image.xyz: unsupported_extension"], one.Fates());
        var record = Single(one, "lib/b.py");
        Assert.Equal(("own", Body(2), commit, "refs/heads/main"), (record.RepoName, record.Text(), record.RevisionId, record.BranchName));
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero).ToUnixTimeSeconds() * 1_000_000, record.CommitterDateMicros);
        Assert.Equal(folder.Git("own", "rev-parse", "HEAD:lib/b.py"), record.ContentId);
        Assert.Equal(one.Manifest.RootHash, SourceRuns.Git(folder["other", "own.git"], folder["out2"], workers: 4).Manifest.RootHash);
        Assert.Equal(one.Manifest.RootHash, SourceRuns.Git(folder["third", "own"], folder["out3"]).Manifest.RootHash);
        Assert.Equal(["a.py", "lib/b.py", "lib/c.c"], SourceRuns.Git(folder["linked"], folder["out4"]).Paths());
        Assert.Equal(4, SourceRuns.Git(folder["own"], folder["out5"], SourceRuns.Options(o => o.Input.IncludeHidden = true)).Paths().Count);
    }

    [Fact]
    public void What_is_no_file_of_the_repository_is_named()
    {
        Requires.Unix();
        using var folder = new TempFolder();
        folder.Repository("sub", ("s.py", Body(1)));
        folder.Repository("own", ("a.py", Body(2)), ("big.py", new string('y', 3 << 20)), ("pointer.py", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"));
        File.CreateSymbolicLink(folder["own", "link.py"], "a.py");
        var odd = folder.Write("odd", Body(3));
        var blob = folder.Git("own", "hash-object", "-w", odd);
        folder.Git("own", "submodule", "--quiet", "add", folder["sub"], "module");
        folder.Commit("own");
        // Names that are not UTF-8, and one that only looks like them.
        var tree = folder.Write("tree", [.. "100644 blob "u8, .. System.Text.Encoding.ASCII.GetBytes(blob), .. "\td/a"u8, 0xE9, .. ".py\n100644 blob "u8, .. System.Text.Encoding.ASCII.GetBytes(blob), .. "\td/a\uFFFD.py\n"u8]);
        folder.Git("own", "config", "core.quotePath", "true");
        using (var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"git update-index --index-info < '{tree}'"]) { WorkingDirectory = folder["own"] })!)
            process.WaitForExit();
        folder.Git("own", "commit", "-q", "-m", "names");
        var dataset = SourceRuns.Git(folder["own"], folder["out"]);
        Assert.Equal(["a.py", "d/a\uFFFD.py"], dataset.Paths());
        Assert.Equal(
            [".gitmodules: hidden", "big.py: too_large", "d/a\\xE9.py: unreadable", "link.py: symbolic_link", "module: submodule", "pointer.py: lfs_pointer"],
            dataset.Fates());
        Assert.Equal(8, dataset.Manifest.Books.In);
    }

    [Fact]
    public void Attributes_flag_files_and_name_languages()
    {
        using var folder = new TempFolder();
        folder.Repository(
            "own",
            (".gitattributes", "dist/** linguist-vendored\n*.inc linguist-language=PHP\n*.gen.py linguist-generated\n*.pl linguist-language=Prolog\n*.k linguist-language=Klingon\n"),
            ("dist/a.py", Body(1)), ("dist/own/.gitattributes", "*.py -linguist-vendored\n"), ("dist/own/b.py", Body(2)), ("c.inc", Body(3)), ("d.gen.py", Body(4)), ("e.py", Body(5)), ("f.pl", Body(6)), ("g.k", Body(7)));
        var dataset = SourceRuns.Git(folder["own"], folder["out"]);
        Assert.Equal((true, false, "Python"), (Single(dataset, "dist/a.py").IsVendor, Single(dataset, "dist/a.py").IsGenerated, Single(dataset, "dist/a.py").Language));
        Assert.False(Single(dataset, "dist/own/b.py").IsVendor);
        Assert.Equal("PHP", Single(dataset, "c.inc").Language);
        Assert.True(Single(dataset, "d.gen.py").IsGenerated);
        Assert.False(Single(dataset, "e.py").IsVendor);
        Assert.Equal("Prolog", Single(dataset, "f.pl").Language);
        Assert.Contains("g.k: unsupported_extension", dataset.Fates());
        var strict = SourceRuns.Git(folder["own"], folder["strict"], SourceRuns.Options(o => (o.Filters.Vendored, o.Filters.Generated) = (false, false)));
        Assert.Equal(["c.inc", "dist/own/b.py", "e.py", "f.pl"], strict.Paths());
    }

    [Fact]
    public void A_history_gives_each_content_once_at_its_newest_place()
    {
        using var folder = new TempFolder();
        var first = folder.Repository("own", ("a.py", Body(1)), ("old.py", Body(2)), ("gone.xyz", Body(9)));
        folder.Git("own", "mv", "old.py", "new.py");
        folder.Git("own", "mv", "gone.xyz", "found.zzz");
        var second = folder.Commit("own", ("a.py", Body(3)));
        folder.Git("own", "checkout", "-q", "-b", "side", first);
        folder.Commit("own", ("side.py", Body(4)), ("found.py", Body(9)));
        folder.Git("own", "checkout", "-q", "main");
        folder.Git("own", "merge", "-q", "--no-edit", "side");
        folder.Git("own", "rm", "-q", "side.py");
        var tip = folder.Commit("own");
        var one = SourceRuns.Git(folder["own"], folder["1"], SourceRuns.Options(o => o.Input.Git.History = true), workers: 1);
        var rows = TestDatasets.ReadAll(one).Select(r => (r.Path, r.Text(), r.RevisionId == tip)).ToHashSet();
        Assert.Equal(5, rows.Count);
        Assert.True(rows.IsSupersetOf([("a.py", Body(3), true), ("new.py", Body(2), true), ("found.py", Body(9), true)]));
        Assert.Contains(rows, r => r.Path == "a.py" && r.Item2 == Body(1));
        Assert.Contains(rows, r => r.Path == "side.py");
        Assert.DoesNotContain(TestDatasets.ReadAll(one).GroupBy(r => r.ContentId), g => g.Count() > 1);
        Assert.Equal(one.Manifest.RootHash, SourceRuns.Git(folder["own"], folder["4"], SourceRuns.Options(o => o.Input.Git.History = true), workers: 4).Manifest.RootHash);
        Assert.Equal(["a.py", "new.py"], SourceRuns.Git(folder["own"], folder["at"], SourceRuns.Options(o => o.Input.Git.Revision = second)).Paths());
    }

    [Fact]
    public void Revisions_by_branch_tag_and_commit_and_an_unknown_one()
    {
        using var folder = new TempFolder();
        var first = folder.Repository("own", ("a.py", Body(1)));
        folder.Git("own", "tag", "-a", "-m", "t", "v1");
        folder.Git("own", "checkout", "-q", "-b", "feature/x");
        folder.Commit("own", ("b.py", Body(2)));
        folder.Git("own", "checkout", "-q", "main");
        foreach (var (revision, branch, count) in new[] { ("", "refs/heads/main", 1), ("v1", "refs/tags/v1", 1), ("feature/x", "refs/heads/feature/x", 2), (first, null, 1), (first[..10], null, 1) })
        {
            var dataset = SourceRuns.Git(folder["own"], folder["out" + revision.Replace('/', '-')], SourceRuns.Options(o => o.Input.Git.Revision = revision));
            Assert.Equal(count, dataset.Paths().Count);
            Assert.Equal(branch, Single(dataset, "a.py").BranchName);
        }

        Assert.Contains("'none'", Assert.Throws<UsageException>(() => SourceRuns.Git(folder["own"], folder["none"], SourceRuns.Options(o => o.Input.Git.Revision = "none"))).Message);
        folder.Git("empty", "init", "-q");
        Assert.Equal(0, SourceRuns.Git(folder["empty"], folder["nothing"]).Manifest.Books.In);
    }

    [Fact]
    public void A_broken_repository_of_several_fails_alone_and_of_one_is_told_at_once()
    {
        using var folder = new TempFolder();
        folder.Repository("one", ("a.py", Body(1)));
        folder.Repository("three", ("b.py", Body(2)), ("c.py", Body(3)));
        folder.Git("two", "init", "-q", "--object-format=sha256");
        // A blob that is missing fails by itself.
        var blob = folder.Git("three", "rev-parse", "HEAD:c.py");
        File.Delete(folder["three", ".git", "objects", blob[..2], blob[2..]]);
        var list = folder.Write("list.txt", "one\ntwo\nthree\n");
        var dataset = SourceRuns.Git(list, folder["out"]);
        Assert.Equal(["a.py", "b.py"], dataset.Paths());
        Assert.Equal(["c.py: unreadable"], dataset.Fates());
        Assert.Contains("SHA-1", Assert.Single(dataset.Manifest.FailedShards).Error);
        Assert.Contains("SHA-1", Assert.Throws<UsageException>(() => SourceRuns.Git(folder["two"], folder["sole"])).Message);
    }

    [Fact]
    public void Metadata_of_a_file_and_of_a_list_reach_the_records_and_the_filters()
    {
        using var folder = new TempFolder();
        folder.Repository("one", ("a.py", Body(1)));
        folder.Repository("two", ("b.py", Body(2)));
        var list = folder.Write("list.csv", "url,stars\none,50\ntwo,3\n");
        var metadata = folder.Write("meta.csv", "repo_name,forks,license,license_type,stars\none,4,MIT,permissive,1\n");
        var dataset = SourceRuns.Git(list, folder["out"], SourceRuns.Options(o => o.Input.Git.Metadata = metadata));
        var record = Assert.Single(TestDatasets.ReadAll(dataset));
        Assert.Equal((50L, 4L, "MIT", "permissive"), (record.StarEventsCount, record.ForkEventsCount, record.DetectedLicenses!.Single(), record.LicenseType));
        Assert.Equal(["b.py: too_few_stars"], dataset.Fates());
    }
}
