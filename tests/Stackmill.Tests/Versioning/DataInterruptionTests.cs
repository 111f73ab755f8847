using Stackmill.Tests.Support;
using Stackmill.Versioning.Objects;

namespace Stackmill.Tests.Versioning;

/// <summary>Commands that are killed leave nothing that looks whole and is not, and are gone on with by the same command.</summary>
public sealed class DataInterruptionTests
{
    private const int Files = 1500;

    [Fact]
    public void A_push_that_is_killed_is_gone_on_with()
    {
        Requires.Unix();
        using var project = New();
        using var remote = new TempFolder();
        DataProgram.Run(project.Path, "remote", "add", "--default", "store", remote.Path).Expect(0);

        var kills = 0;
        for (var after = 20; after < 900; after += 220)
        {
            using var running = DataProgram.In(project.Path).Start("data", "push", "--workers", "1");
            var wanted = Math.Min(after, Files);
            running.WaitUntil(() => running.HasEnded || remote.Files().Count >= wanted, "some objects");
            kills += running.Kill() ? 1 : 0;
            AssertWhole(remote.Path, "files/md5");
            Assert.True(!remote.Files().Any(f => f.EndsWith(".dir", StringComparison.Ordinal)) || remote.Files().Count(IsObject) == Files + 1);
        }

        Assert.True(kills > 0, "no push was killed");
        DataProgram.Run(project.Path, "push").Expect(0);
        Assert.Equal(Files + 1, remote.Files().Count(IsObject));
        AssertWhole(remote.Path, "files/md5");
    }

    [Fact]
    public void A_checkout_that_is_killed_is_gone_on_with()
    {
        Requires.Unix();
        using var project = New();
        var expected = TreeState.OfOutput(project["data"], _ => true);
        Directory.Delete(project["data"], recursive: true);

        var kills = 0;
        for (var after = 20; after < 900; after += 220)
        {
            using var running = DataProgram.In(project.Path).Start("data", "checkout", "--workers", "1");
            var wanted = after;
            running.WaitUntil(() => running.HasEnded || (Directory.Exists(project["data"]) && Directory.EnumerateFiles(project["data"]).Count() >= wanted), "some files");
            kills += running.Kill() ? 1 : 0;
            foreach (var file in Directory.EnumerateFiles(project["data"]))
                Assert.Equal($"content {Path.GetFileName(file)}\n", File.ReadAllText(file));
        }

        Assert.True(kills > 0, "no checkout was killed");
        DataProgram.Run(project.Path, "checkout").Expect(0);
        TreeState.AssertEqual(expected, TreeState.OfOutput(project["data"], _ => true));
        Assert.Contains("up to date", DataProgram.Run(project.Path, "status").Expect(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(project.Files(), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static TempFolder New()
    {
        var folder = new TempFolder();
        folder.Write(".dvc/config", "[core]\n    no_scm = True\n");
        for (var i = 0; i < Files; i++)
            folder.Write($"data/file-{i:D4}", $"content file-{i:D4}\n");
        DataProgram.Run(folder.Path, "add", "data").Expect(0);
        return folder;
    }

    private static bool IsObject(string path) => !path.EndsWith(".tmp", StringComparison.Ordinal);

    // Whatever has the name of an object is that object.
    private static void AssertWhole(string root, string objects)
    {
        foreach (var hash in ObjectCache.All(Path.Combine(root, objects)))
            Assert.Equal(hash.Replace(".dir", "", StringComparison.Ordinal), Md5File.Of(Path.Combine(root, objects, hash[..2], hash[2..])));
    }
}
