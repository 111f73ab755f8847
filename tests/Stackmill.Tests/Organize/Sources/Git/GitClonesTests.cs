using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Organize;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Git;

public sealed class GitClonesTests
{
    private static string Body(int n) => string.Join('\n', Enumerable.Range(0, 40).Select(i => $"x{i} = {i * n}")) + "\n";

    private static OrganizeOptions Options(TempFolder folder, bool history = false, string revision = "") =>
        SourceRuns.Options(o => (o.Input.Git.Clones, o.Input.Git.History, o.Input.Git.Revision) = (folder["clones"], history, revision));

    private static string Clone(TempFolder folder, string name) =>
        Path.GetRelativePath(folder.Path, Directory.GetDirectories(folder["clones"]).Single()) + "/" + name;

    [Fact]
    public void Repositories_of_this_machine_are_cloned_once_and_fetched_after()
    {
        using var folder = new TempFolder();
        folder.Repository("own", ("a.py", Body(1)));
        var address = "file://" + folder["own"];
        Assert.Equal(["a.py"], SourceRuns.Git(address, folder["1"], Options(folder)).Paths());
        folder.Commit("own", ("b.py", Body(2)));
        Assert.Equal(["a.py", "b.py"], SourceRuns.Git(address, folder["2"], Options(folder)).Paths());
        Assert.Equal(["repository.git"], Directory.GetDirectories(Directory.GetDirectories(folder["clones"]).Single()).Select(Path.GetFileName));
        Assert.Equal("own", TestDatasets.ReadAll(SourceRuns.Git(address, folder["3"], Options(folder, history: true)))[0].RepoName);
    }

    [Fact]
    public void A_repository_that_cannot_be_fetched_is_told_without_its_credentials()
    {
        using var folder = new TempFolder();
        var gone = Assert.Throws<RunFaultException>(() => SourceRuns.Git("https://user:s3cret@localhost:1/a/b", folder["4"], Options(folder))).Message;
        Assert.Contains("localhost:1/a/b", gone);
        Assert.DoesNotContain("s3cret", gone);
    }

    [Fact]
    public void A_server_is_asked_for_what_is_read_alone_and_for_its_history_only_when_that_is_read()
    {
        using var folder = new TempFolder();
        folder.Repository("own", ("a.py", Body(1)));
        var first = folder.Commit("own", ("a.py", Body(2)));
        folder.Git("own", "tag", "-a", "-m", "t", "v1");
        folder.Git("own", "branch", "other");
        using var server = new GitDaemon(folder);
        var address = server.Address("own");
        Assert.Equal(Body(2), Single(address, "1").Text());
        Assert.Equal("1", folder.Git(Clone(folder, "tip.git"), "rev-list", "--all", "--count"));
        Assert.Equal("", folder.Git(Clone(folder, "tip.git"), "fsck", "--full", "--strict", "--no-dangling"));

        var tip = folder.Commit("own", ("b.py", Body(3)));
        var second = SourceRuns.Git(address, folder["2"], Options(folder));
        Assert.Equal(["a.py", "b.py"], second.Paths());
        Assert.Equal(tip, TestDatasets.ReadAll(second)[0].RevisionId);
        Assert.Equal(first, Single(address, "3", revision: "v1").RevisionId);
        Assert.Equal("refs/tags/v1", Single(address, "4", revision: "v1").BranchName);
        // Of two commits that were read, neither brought the one before.
        Assert.Equal("2", folder.Git(Clone(folder, "tip.git"), "rev-list", "--all", "--count"));
        Assert.Equal("refs/heads/main\nrefs/tags/v1", folder.Git(Clone(folder, "tip.git"), "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags"));
        Assert.Equal(3, SourceRuns.Git(address, folder["5"], Options(folder, history: true)).Paths().Count);
        Assert.Equal("refs/heads/main", folder.Git(Clone(folder, "repository.git"), "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags"));

        Stackmill.Core.Model.CodeRecord Single(string place, string output, string revision = "") =>
            TestDatasets.ReadAll(SourceRuns.Git(place, folder[output], Options(folder, revision: revision))).Single();
    }

    [Fact]
    public void A_commit_comes_alone_from_a_server_that_gives_it_and_with_the_rest_from_others()
    {
        using var folder = new TempFolder();
        var first = folder.Repository("own", ("a.py", Body(1)));
        folder.Commit("own", ("a.py", Body(2)));
        folder.Commit("own", ("a.py", Body(3)));
        using var server = new GitDaemon(folder);
        Assert.Equal(Body(1), TestDatasets.ReadAll(SourceRuns.Git(server.Address("own"), folder["1"], Options(folder, revision: first))).Single().Text());
        Assert.Equal("3", folder.Git(Clone(folder, "repository.git"), "rev-list", "--all", "--count"));
        Directory.Delete(folder["clones"], recursive: true);
        folder.Git("own", "config", "uploadpack.allowReachableSHA1InWant", "true");
        Assert.Equal(Body(1), TestDatasets.ReadAll(SourceRuns.Git(server.Address("own"), folder["2"], Options(folder, revision: first))).Single().Text());
        Assert.Equal("1", folder.Git(Clone(folder, "tip.git"), "rev-list", "--all", "--count"));
        // An abbreviated commit, and one that is counted from another, need the whole repository too.
        Assert.Equal(Body(2), TestDatasets.ReadAll(SourceRuns.Git(server.Address("own"), folder["3"], Options(folder, revision: "main~1"))).Single().Text());
        Assert.Contains("'none'", Assert.Throws<UsageException>(() => SourceRuns.Git(server.Address("own"), folder["4"], Options(folder, revision: "none"))).Message);
    }

    [Fact]
    public void A_branch_that_is_gone_from_the_server_is_not_read_from_the_clone()
    {
        using var folder = new TempFolder();
        folder.Repository("own", ("a.py", Body(1)));
        folder.Git("own", "branch", "side");
        using var server = new GitDaemon(folder);
        Assert.Equal(["a.py"], SourceRuns.Git(server.Address("own"), folder["1"], Options(folder, revision: "side")).Paths());
        folder.Git("own", "branch", "-D", "side");
        Assert.Contains("'side'", Assert.Throws<UsageException>(() => SourceRuns.Git(server.Address("own"), folder["2"], Options(folder, revision: "side"))).Message);
    }
}
