using System.Diagnostics;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>Data beside Git: what Git ignores, and what differs between commits.</summary>
public sealed class DataInGitTests
{
    [Fact]
    public void What_is_added_is_ignored_by_Git_once_and_what_Git_keeps_is_refused()
    {
        Requires.Tool("git");
        using var project = New();
        project.Write("data/set/a.txt", "one\n");
        project.Write("kept.txt", "Git's\n");
        Git(project, "add", "kept.txt");

        DataProgram.Run(project.Path, "add", "data/set").Expect(0);
        DataProgram.Run(project.Path, "add", "data/set").Expect(0);

        Assert.Equal("/set\n", File.ReadAllText(project["data/.gitignore"]));
        Assert.Equal("outs:\n- md5: a5530e2651c145fbac27d06d1b8a9761.dir\n  size: 4\n  nfiles: 1\n  hash: md5\n  path: set\n", File.ReadAllText(project["data/set.dvc"]));
        Assert.Contains("is kept by Git", DataProgram.Run(project.Path, "add", "kept.txt").Expect(2).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(project["kept.txt.dvc"]));
    }

    [Theory]
    [InlineData("trail ", "/trail\\ \n")]
    [InlineData("two  ", "/two\\ \\ \n")]
    [InlineData("a\\b", "/a\\\\b\n")]
    [InlineData("!a#[b]*?", "/\\!a\\#\\[b\\]\\*\\?\n")]
    [InlineData(" lead", "/ lead\n")]
    public void Git_ignores_what_is_added_whatever_its_name(string name, string expected)
    {
        using var project = new DataProject();
        project.Write(name, "1");

        project.Data("add", name).Expect(0);

        Assert.Equal(expected, project.Read(".gitignore"));
        // It fails for a path that Git does not ignore.
        _ = project.Git("check-ignore", "--quiet", name);
        project.Data("add", name).Expect(0);
        Assert.Equal(expected, project.Read(".gitignore"));
    }

    [Fact]
    public void A_name_that_no_entry_of_Git_can_have_is_refused()
    {
        using var project = new DataProject();
        project.Write("two\nlines", "1");
        Assert.Contains("a name with a line end", project.Data("add", "two\nlines").Expect(2).Error, StringComparison.Ordinal);
        project.Write("dvc.yaml", "stages:\n  a:\n    cmd: x\n    outs: [\"two\\nlines\"]\n");
        Assert.Contains("a name with a line end", project.Data("repro").Expect(2).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(project[".gitignore"]));
    }

    [Fact]
    public void Remarks_and_descriptions_of_a_file_stay_when_its_data_is_added_again()
    {
        Requires.Tool("git");
        using var project = New();
        project.Write("a.txt", "one\n");
        DataProgram.Run(project.Path, "add", "a.txt").Expect(0);
        project.Write("a.txt.dvc", "# ours\n" + File.ReadAllText(project["a.txt.dvc"]) + "  desc: the first\nmeta:\n  owner: me  # for now\n");
        project.Write("a.txt", "two and more\n");

        DataProgram.Run(project.Path, "add", "a.txt").Expect(0);

        Assert.Equal(
            "# ours\nouts:\n- md5: 6ebdc34dbd66c4b1be10ef12f20cd22b\n  size: 13\n  hash: md5\n  path: a.txt\n  desc: the first\nmeta:\n  owner: me  # for now\n",
            File.ReadAllText(project["a.txt.dvc"]));
    }

    [Fact]
    public void Data_and_metrics_are_compared_with_commits()
    {
        Requires.Tool("git");
        Requires.Unix();
        using var project = New();
        project.Write("in.txt", "1\n");
        project.Write("dvc.yaml", "stages:\n  s:\n    cmd: mkdir out && cp in.txt out/a.txt && cp in.txt out/b.txt && printf '{\"n\":%s,\"s\":{\"x\":1.5}}' $(cat in.txt) > m.json\n    deps: [in.txt]\n    outs: [out]\n    metrics:\n    - m.json: {cache: false}\n");
        DataProgram.Run(project.Path, "repro").Expect(0);
        Git(project, "add", ".");
        Git(project, "commit", "-qm", "one");
        project.Write("in.txt", "4\n");
        DataProgram.Run(project.Path, "repro").Expect(0);
        project.Write("out/c.txt", "new\n");
        File.Delete(project["out/b.txt"]);

        Assert.Equal(
            """{"added":[{"path":"out/c.txt"}],"deleted":[{"path":"out/b.txt"}],"modified":[{"path":"out/"},{"path":"out/a.txt"}],"renamed":[],"not in cache":[]}""",
            DataProgram.Run(project.Path, "diff", "--json").Expect(0).Output.Trim());
        Assert.Equal("""{"m.json":{"n":{"old":1,"new":4,"diff":3}}}""", DataProgram.Run(project.Path, "metrics", "diff", "--json").Expect(0).Output.Trim());
        Assert.Contains("no commit", DataProgram.Run(project.Path, "diff", "nowhere").Expect(2).Error, StringComparison.Ordinal);

        // Objects that only the commit needs stay with --all-commits, and go without.
        DataProgram.Run(project.Path, "commit", "--force").Expect(0);
        DataProgram.Run(project.Path, "gc", "--all-commits", "--force").Expect(0);
        Git(project, "stash", "-q");
        DataProgram.Run(project.Path, "checkout").Expect(0);
        Assert.Equal("1\n", File.ReadAllText(project["out/b.txt"]));
        Git(project, "stash", "pop", "-q");
        DataProgram.Run(project.Path, "checkout").Expect(0);
        DataProgram.Run(project.Path, "gc", "--workspace", "--force").Expect(0);
        Git(project, "checkout", "-q", "--force", "HEAD");
        Assert.Contains("is not in the cache", DataProgram.Run(project.Path, "checkout").Expect(1).Error, StringComparison.Ordinal);
    }

    private static TempFolder New()
    {
        var folder = new TempFolder();
        Git(folder, "init", "-q");
        Git(folder, "config", "user.name", "t");
        Git(folder, "config", "user.email", "t@example.org");
        folder.Write(".dvc/config", "");
        folder.Write(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n");
        return folder;
    }

    private static void Git(TempFolder folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult() + output.GetAwaiter().GetResult());
    }
}
