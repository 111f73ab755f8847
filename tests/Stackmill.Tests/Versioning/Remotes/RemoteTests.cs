using Stackmill.Tests.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Versioning.Remotes;

/// <summary>Objects go to remotes and come back, whole or not at all.</summary>
public sealed class RemoteTests(CephServer ceph)
{
    [Fact]
    public void A_folder_gets_the_layout_of_DVC_and_another_clone_gets_all_back()
    {
        Requires.Unix();
        using var project = new GoldenProject();
        using var remote = new TempFolder();
        project.Data("remote", "add", "--default", "store", remote.Path).Expect(0);
        Assert.Equal($"store\t{remote.Path}\t(default)\n", project.Data("remote", "list").Expect(0).Output);

        project.Data("push").Expect(0);
        Assert.Contains("files/md5/ba/c2f341dbb33dac062cd71061d30877.dir", remote.Files());
        Assert.DoesNotContain("files/md5/52/4fe2b93bb23ac06f84b1b2d72921c2", remote.Files());
        Assert.Contains("already", project.Data("push").Expect(0).Output, StringComparison.Ordinal);

        project.Data("push", "--run-cache").Expect(0);
        Assert.Equal(14, remote.Files().Count(f => f.StartsWith("runs/", StringComparison.Ordinal)));
        Lose(project);
        project.Data("pull", "--run-cache").Expect(0);
        Assert.Contains("up to date", project.Data("status").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(14, Directory.EnumerateFiles(project[".dvc/cache/runs"], "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void A_remote_that_is_half_pushed_or_damaged_gives_what_it_has_and_is_told_of()
    {
        Requires.Unix();
        using var project = new GoldenProject();
        using var remote = new TempFolder();
        project.Data("remote", "add", "--default", "store", remote.Path).Expect(0);
        project.Data("push").Expect(0);
        File.Delete(remote["files/md5/b1/946ac92492d2347c6235b4d2611184"]);
        var damaged = remote["files/md5/8e/b2cdea0e9735d773897e785ff2d121"];
        FileModes.Set(damaged, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(damaged, "something else");
        Lose(project);

        var result = project.Data("pull").Expect(1);

        Assert.Contains("b1946ac92492d2347c6235b4d2611184: not at 'store'", result.Error, StringComparison.Ordinal);
        Assert.Contains("8eb2cdea0e9735d773897e785ff2d121: damaged at 'store'", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(project[".dvc/cache/files/md5/8e/b2cdea0e9735d773897e785ff2d121"]));
        Assert.False(File.Exists(project["single.csv"]));
        Assert.False(Directory.Exists(project["big"]));
        Assert.True(File.Exists(project["data/pre/a.txt"]));
        Assert.Equal("something else", File.ReadAllText(damaged));
    }

    [Fact]
    public void A_list_of_files_is_not_pushed_before_all_of_its_files()
    {
        Requires.Unix();
        using var project = new GoldenProject();
        using var remote = new TempFolder();
        project.Data("remote", "add", "--default", "store", remote.Path).Expect(0);
        File.Delete(project[".dvc/cache/files/md5/b1/946ac92492d2347c6235b4d2611184"]);

        Assert.Contains("neither in the cache nor at 'store'", project.Data("push", "big.dvc").Expect(1).Error, StringComparison.Ordinal);

        Assert.Equal(["files/md5/9d/d4e461268c8034f5c8564e155c67a6"], remote.Files());
    }

    [Fact]
    public void Data_that_came_from_an_address_is_pushed_and_that_of_another_repository_is_left_to_DVC()
    {
        Requires.Unix();
        using var project = new GoldenProject();
        using var remote = new TempFolder();
        project.Data("remote", "add", "--default", "store", remote.Path).Expect(0);
        project.Data("checkout").Expect(0);
        project.Write("big.dvc", "md5: d8e8fca2dc0f896fd7cb4cb0031ba249\nfrozen: true\ndeps:\n- path: /elsewhere/big\n" + File.ReadAllText(project["big.dvc"]));
        project.Write("single.csv.dvc", "frozen: true\ndeps:\n- path: single.csv\n  repo:\n    url: https://example.org/repository.git\n    rev_lock: 0e2d0e2d\n" + File.ReadAllText(project["single.csv.dvc"]));

        Assert.Contains("up to date", project.Data("status").Expect(0).Output, StringComparison.Ordinal);
        project.Data("push").Expect(0);

        Assert.Contains("files/md5/ef/c51aa5c18ccc23e37d73c7ad50a4bd.dir", remote.Files());
        Assert.DoesNotContain("files/md5/8e/b2cdea0e9735d773897e785ff2d121", remote.Files());
        Lose(project);
        Assert.Contains("'dvc pull' fetches it", project.Data("fetch").Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gs://bucket/x", "use 'dvc push'")]
    [InlineData("ssh://host/x", "use 'dvc push'")]
    [InlineData("azure://box/x", "use 'dvc push'")]
    public void Remotes_of_other_kinds_are_left_to_DVC(string url, string expected)
    {
        using var project = new GoldenProject();
        project.Data("remote", "add", "--default", "far", url).Expect(0);

        foreach (var command in (string[])["push", "pull", "fetch"])
            Assert.Contains(expected, project.Data(command).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_that_can_not_be_reached_or_does_not_exist_is_told_of()
    {
        using var project = new GoldenProject();
        Assert.Contains("no standard remote", project.Data("push").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("no remote 'other'", project.Data("push", "--remote", "other").Expect(2).Error, StringComparison.Ordinal);
        project.Data("remote", "add", "--default", "gone", project["not-there"]).Expect(0);
        Lose(project);

        Assert.Contains("can't be reached", project.Data("pull").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Object_storage_gets_the_keys_of_DVC_and_gives_all_back()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var project = new GoldenProject();
        project.Write(".dvc/config.local", $"['remote \"s3\"']\n    access_key_id = OWNER\n    secret_access_key = ownersecret\n");
        project.Write(".dvc/config", $"[core]\n    no_scm = True\n    remote = s3\n['remote \"s3\"']\n    url = s3://{place.Bucket}/some/prefix\n    endpointurl = {place.Proxy.Address}\n");

        project.Data("push").Expect(0);

        var keys = await place.KeysAsync("some/prefix/");
        Assert.Contains("some/prefix/files/md5/0e/cf3e0ac640b2c0cada5e1297e9a7f0", keys);
        Assert.Contains("some/prefix/files/md5/ba/c2f341dbb33dac062cd71061d30877.dir", keys);
        Assert.EndsWith(".dir", place.Proxy.Seen.Last(r => r.Method == "PUT").Key, StringComparison.Ordinal);
        Lose(project);
        project.Data("pull").Expect(0);
        Assert.Contains("up to date", project.Data("status").Expect(0).Output, StringComparison.Ordinal);

        await place.PutAsync("some/prefix/files/md5/8e/b2cdea0e9735d773897e785ff2d121", "something else");
        Lose(project);
        var result = project.Data("pull").Expect(1);
        Assert.Contains("damaged at 's3'", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ownersecret", result.All, StringComparison.Ordinal);
        Assert.False(File.Exists(project["single.csv"]));
    }

    private static void Lose(GoldenProject project)
    {
        Directory.Delete(project[".dvc/cache"], recursive: true);
        foreach (var path in (string[])["data", "big"])
        {
            if (Directory.Exists(project[path]))
                Directory.Delete(project[path], recursive: true);
        }

        foreach (var path in (string[])["single.csv", "run.sh"])
            File.Delete(project[path]);
    }
}
