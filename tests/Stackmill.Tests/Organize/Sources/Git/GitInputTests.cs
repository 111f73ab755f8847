using Stackmill.Core.Faults;
using Stackmill.Organize.Sources.Git;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Git;

public sealed class GitInputTests
{
    [Theory]
    [InlineData("https://host.example/owner/name.git", "owner/name", "https://host.example/owner/name.git")]
    [InlineData("https://user:s3cret@host.example/owner/name", "owner/name", "https://host.example/owner/name")]
    [InlineData("https://s3cret@host.example:8443/group/sub/name.git/?private_token=s3cret", "group/sub/name", "https://host.example:8443/group/sub/name.git/")]
    [InlineData("ssh://git:s3cret@host.example/owner/name.git", "owner/name", "ssh://git@host.example/owner/name.git")]
    [InlineData("git@host.example:owner/name.git", "owner/name", "git@host.example:owner/name.git")]
    [InlineData("file:///srv/git/name.git", "name", "file:///srv/git/name.git")]
    public void Addresses_are_named_by_owner_and_name_and_never_show_credentials(string address, string name, string shown)
    {
        var source = Assert.Single(GitInput.Find(address)!.Sources);
        Assert.Equal((name, shown, true), (source.RepoName, source.Location, source.IsRemote));
        Assert.DoesNotContain("s3cret", source.ToString());
        Assert.DoesNotContain("s3cret", source.CloneName());
    }

    [Fact]
    public void Lists_as_text_and_as_csv()
    {
        using var folder = new TempFolder();
        foreach (var store in new[] { "one/.git", "two.git" })
        {
            folder.Write(store + "/HEAD", "ref: refs/heads/main\n");
            Directory.CreateDirectory(folder[store, "objects"]);
            Directory.CreateDirectory(folder[store, "refs"]);
        }

        var text = folder.Write("list.txt", "# repositories\n\none\n two.git   v1.0 # the last release\nhttps://h.example/a/b\n");
        Assert.Equal([("one", "", false), ("two", "v1.0", false), ("a/b", "", true)], GitInput.Find(text)!.Sources.Select(s => (s.RepoName, s.Revision, s.IsRemote)));
        var csv = folder.Write("list.csv", "stars,url,repo_name,license,license_type,forks,revision\n5,https://h.example/a/b,,MIT;Apache-2.0,permissive,,main\n,one,own/name,,,7,\n");
        var rows = GitInput.Find(csv)!.Sources;
        Assert.Equal(["a/b", "own/name"], rows.Select(s => s.RepoName));
        Assert.Equal((5L, null, "permissive", "main"), (rows[0].Facts.Stars, rows[0].Facts.Forks, rows[0].Facts.LicenseType, rows[0].Revision));
        Assert.Equal(["MIT", "Apache-2.0"], rows[0].Facts.Licenses!);
        Assert.Equal((null, 7L), (rows[1].Facts.Stars, rows[1].Facts.Forks));
        Assert.Null(GitInput.Find(folder.Write("notes.txt", "just words\n")));
        Assert.Null(GitInput.Find(folder.Write("data.csv", "a,b\n1,2\n")));
        Assert.Null(GitInput.Find(folder.Path));
    }

    [Theory]
    [InlineData("bad.csv", "name,stars\nx,1\n", "line 1")]
    [InlineData("bad.csv", "url,star\nx,1\n", "'stars'")]
    [InlineData("bad.csv", "stars\n1\n", "url")]
    [InlineData("bad.csv", "url,stars\nhttps://h.example/a/b,1\nhttps://h.example/a/c,many\n", "line 3")]
    [InlineData("bad.csv", "url,license_type\nhttps://h.example/a/b,free\n", "permissive")]
    [InlineData("bad.csv", "repo_name\nno/where\n", "line 2")]
    [InlineData("bad.txt", "a b c\n", "line 1")]
    [InlineData("bad.txt", "# nothing\n", "names no repository")]
    [InlineData("bad.csv", "", "Expected a header")]
    public void A_wrong_list_is_told_with_its_line(string name, string text, string said)
    {
        using var folder = new TempFolder();
        var list = folder.Write(name, text);
        Assert.Contains(said, Assert.Throws<UsageException>(() => GitInput.Find(list, isAsked: true)).Message);
    }

    [Fact]
    public void Metadata_names_each_repository_once()
    {
        using var folder = new TempFolder();
        var metadata = RepositoryMetadata.Read(folder.Write("m.csv", "repo_name,stars,license\nOwn/Name,12,MIT\n"));
        Assert.Equal((12L, "MIT"), (metadata.Of("own/name").Stars, metadata.Of("own/name").Licenses!.Single()));
        Assert.Null(metadata.Of("other").Stars);
        Assert.Contains("line 3", Assert.Throws<UsageException>(() => RepositoryMetadata.Read(folder.Write("m.csv", "repo_name\na\nA\n"))).Message);
        Assert.Throws<UsageException>(() => RepositoryMetadata.Read(folder["missing.csv"]));
    }
}
