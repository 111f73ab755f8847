namespace Stackmill.Tests.Versioning;

/// <summary>A collection removes only what is known not to be needed; where that can't be told it removes nothing.</summary>
public sealed class DataCollectionTests
{
    private static readonly string[] Scopes = ["--workspace", "--all-commits"];

    [Fact]
    public void Files_of_a_folder_whose_list_only_the_remote_has_stay_there()
    {
        using var project = Made();
        project.Data("remote", "add", "--default", "st", project.Beside("st")).Expect(0);
        project.Data("push").Expect(0);
        var pushed = DataProject.Listed(project.Beside("st"));
        Assert.Equal(5, pushed.Count);
        Directory.Delete(project[".dvc/cache"], recursive: true);

        foreach (var scope in Scopes)
            Assert.Contains("0 objects removed at 'st'", project.Data("gc", scope, "--cloud", "--remote", "st", "--force").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(pushed, DataProject.Listed(project.Beside("st")));

        Assert.Contains("is not in the cache", Refused(project, "--workspace"), StringComparison.Ordinal);
        project.Data("gc", "--workspace", "--remote", "st", "--force").Expect(0);
        Assert.Equal(pushed, DataProject.Listed(project.Beside("st")));

        // What nothing needs goes all the same.
        project.WriteBeside($"st/files/md5/00/{new string('0', 30)}", "x");
        Assert.Contains("1 objects removed at 'st'", project.Data("gc", "--workspace", "--cloud", "--force").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(pushed, DataProject.Listed(project.Beside("st")));
    }

    [Fact]
    public void A_list_that_is_damaged_at_the_remote_or_lost_there_too_is_named_and_nothing_is_removed()
    {
        using var project = Made();
        project.Data("remote", "add", "--default", "st", project.Beside("st")).Expect(0);
        project.Data("push").Expect(0);
        Directory.Delete(project[".dvc/cache"], recursive: true);
        var list = Path.Combine(project.Beside("st"), "files/md5", Assert.Single(DataProject.Listed(Path.Combine(project.Beside("st"), "files/md5")), f => f.EndsWith(".dir", StringComparison.Ordinal)));
        FileModes.Set(list, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(list, "[]");

        Assert.Contains("bd309bcf5464f72e70508a97acce22c3.dir at 'st'", Refused(project, "--workspace", "--cloud"), StringComparison.Ordinal);
        File.Delete(list);
        Assert.Contains("bd309bcf5464f72e70508a97acce22c3.dir, is neither in the cache nor at 'st'", Refused(project, "--workspace", "--cloud"), StringComparison.Ordinal);

        Assert.Equal(4, DataProject.Listed(project.Beside("st")).Count);
    }

    [Fact]
    public void Without_the_list_of_a_folder_nothing_is_removed_from_the_cache()
    {
        using var project = Made();
        File.Delete(project[".dvc/cache/files/md5/bd/309bcf5464f72e70508a97acce22c3.dir"]);
        var before = project.Objects;
        project.Git("add", ".");
        project.Git("commit", "-qm", "one");

        foreach (var scope in Scopes)
        {
            var error = Refused(project, scope);
            Assert.Contains("'outa' of the stage 'a', the object bd309bcf5464f72e70508a97acce22c3.dir, is not in the cache", error, StringComparison.Ordinal);
            Assert.Contains("stackmill data fetch", error, StringComparison.Ordinal);
        }

        Assert.Equal(before, project.Objects);
    }

    [Theory]
    [InlineData("      md5: bd309bcf5464f72e70508a97acce22c3.dir\n", "", "'dvc.lock' has no hash of 'outa' of the stage 'a'")]
    [InlineData("bd309bcf5464f72e70508a97acce22c3.dir", "bd309bcf5464f72e70508a97acce22c3", "the hash of 'outa' of the stage 'a' in 'dvc.lock' is damaged")]
    [InlineData("bd309bcf5464f72e70508a97acce22c3.dir", "bd309bcf5464f72e70508a97acce22.dir", "the hash of 'outa' of the stage 'a' in 'dvc.lock' is damaged")]
    [InlineData("bd309bcf5464f72e70508a97acce22c3.dir", "BD309BCF5464F72E70508A97ACCE22C3.dir", "the hash of 'outa' of the stage 'a' in 'dvc.lock' is damaged")]
    [InlineData("    outs:\n    - path: b.txt\n", "    deps:\n    - path: b.txt\n", "has no hash of 'b.txt' of the stage 'b'")]
    public void A_hash_that_is_damaged_or_missing_in_a_lock_is_told_and_nothing_is_removed(string written, string damaged, string expected)
    {
        using var project = Made();
        var text = project.Read("dvc.lock");
        var at = text.LastIndexOf(written, text.IndexOf("  b:\n", StringComparison.Ordinal), StringComparison.Ordinal);
        at = at < 0 ? text.LastIndexOf(written, StringComparison.Ordinal) : at;
        var changed = text[..at] + damaged + text[(at + written.Length)..];
        // A key twice would be refused as such.
        project.Write("dvc.lock", damaged.Contains("deps", StringComparison.Ordinal) ? changed[..changed.LastIndexOf("    deps:\n    - path: b.txt", StringComparison.Ordinal)] : changed);
        var before = project.Objects;

        Assert.Contains(expected, Refused(project, "--workspace"), StringComparison.Ordinal);

        Assert.Equal(before, project.Objects);
        project.Write("dvc.lock", text);
        project.Data("gc", "--workspace", "--force").Expect(0);
        Assert.Equal(before, project.Objects);
    }

    [Fact]
    public void A_damaged_hash_in_a_file_of_one_output_is_told_and_data_that_was_never_fetched_has_none()
    {
        using var project = Made();
        project.Data("add", "in/f1").Expect(0);
        var text = project.Read("in/f1.dvc");
        var before = project.Objects;

        project.Write("in/f1.dvc", text.Replace("md5: b0", "md5: b", StringComparison.Ordinal));
        Assert.Contains("the hash of 'in/f1' in 'in/f1.dvc' is damaged", Refused(project, "--workspace"), StringComparison.Ordinal);
        project.Write("in/f1.dvc", "outs:\n- hash: md5\n  path: f1\n");
        Assert.Contains("'in/f1.dvc' has no hash of 'in/f1'", Refused(project, "--workspace"), StringComparison.Ordinal);
        Assert.Equal(before, project.Objects);

        // As 'dvc import --no-download' leaves it.
        project.Write("in/f1.dvc", "frozen: true\ndeps:\n- path: f1\n  repo:\n    url: https://example.org/x.git\n    rev_lock: 0e2d0e2d\nouts:\n- hash: md5\n  path: f1\n");
        project.Data("gc", "--workspace", "--force").Expect(0);
    }

    [Fact]
    public void What_was_never_made_and_what_Git_keeps_keeps_no_collection_back()
    {
        using var project = Made();
        project.Write("dvc.yaml", DataProject.Stages + "  c:\n    cmd: mkdir -p kept && cp in/f1 kept/\n    deps: [in]\n    outs:\n    - kept: {cache: false}\n  never:\n    cmd: cp -r in never\n    deps: [in]\n    outs: [never]\n");
        project.Data("repro", "c").Expect(0);
        project.Git("add", ".");
        project.Git("commit", "-qm", "one");
        Assert.Equal(6, project.Objects.Count);

        project.Data("gc", "--workspace", "--force").Expect(0);
        Assert.Equal(5, project.Objects.Count);
        // The stage is gone: that Git keeps what it made is told by the commit alone.
        project.Write("dvc.yaml", DataProject.Stages);
        project.Data("gc", "--all-commits", "--force").Expect(0);
        Assert.Equal(5, project.Objects.Count);
    }

    [Theory]
    [InlineData("    deps: [in]\n", "    deps: [b.txt]\n", "in a circle")]
    [InlineData("    outs: [outa]\n", "    out: [outa]\n", "Did you mean 'outs'?")]
    public void Stages_that_are_not_in_order_are_refused_as_before_a_run(string written, string broken, string expected)
    {
        using var project = Made();
        project.Write("dvc.yaml", DataProject.Stages.Replace(written, broken, StringComparison.Ordinal));
        var before = project.Objects;

        Assert.Contains(expected, project.Data("gc", "--workspace", "--force").Expect(2).Error, StringComparison.Ordinal);

        Assert.Equal(before, project.Objects);
    }

    [Fact]
    public void What_an_earlier_collection_removed_keeps_no_later_one_back_until_it_is_there_again()
    {
        using var project = Made();
        project.Data("remote", "add", "--default", "st", project.Beside("st")).Expect(0);
        project.Data("push").Expect(0);
        project.Git("add", ".");
        project.Git("commit", "-qm", "one");
        project.Write("in/f1", "9\n");
        project.Data("repro").Expect(0);
        project.Git("commit", "-qam", "two");

        project.Data("gc", "--workspace", "--force").Expect(0);
        var before = project.Objects;
        project.Data("gc", "--all-commits", "--force").Expect(0);
        Assert.Equal(before, project.Objects);

        // It came back, and was lost after a collection had seen it.
        project.Data("push").Expect(0);
        project.Git("checkout", "-q", "HEAD~1");
        project.Data("fetch").Expect(0);
        project.Data("gc", "--all-commits", "--force").Expect(0);
        File.Delete(project[".dvc/cache/files/md5/bd/309bcf5464f72e70508a97acce22c3.dir"]);
        project.Git("checkout", "-q", "--force", "-");
        Assert.Contains("bd309bcf5464f72e70508a97acce22c3.dir, is not in the cache", Refused(project, "--all-commits"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_commit_whose_lock_is_broken_is_named()
    {
        using var project = Made();
        var good = project.Read("dvc.lock");
        project.Write("dvc.lock", "schema: '2.0'\nstages:\n  a\n    cmd: x\n");
        project.Git("add", ".");
        project.Git("commit", "-qm", "broken");
        var commit = project.Git("rev-parse", "HEAD").Trim()[..12];
        project.Write("dvc.lock", good);
        project.Git("add", ".");
        project.Git("commit", "-qm", "good");

        Assert.Contains($"'{commit}:dvc.lock'", project.Data("gc", "--all-commits", "--force").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("'HEAD~1:dvc.lock'", project.Data("diff", "HEAD~1", "HEAD").Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(5, project.Objects.Count);
    }

    [Fact]
    public void What_is_kept_is_counted_in_objects_that_are_there()
    {
        using var project = Made();
        Assert.Contains(", 5 kept", project.Data("gc", "--workspace", "--force").Expect(0).Output, StringComparison.Ordinal);
        File.Delete(project[".dvc/cache/files/md5/b0/26324c6904b2a9cb4b88d6d61c81d1"]);

        Assert.Contains(", 4 kept", project.Data("gc", "--workspace", "--force").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_without_its_file_of_stages_is_told_and_nothing_is_removed()
    {
        using var project = Made();
        var (stages, before) = (project.Read("dvc.yaml"), project.Objects);
        project.Git("add", ".");
        project.Git("commit", "-qm", "one");
        File.Delete(project["dvc.yaml"]);

        foreach (var scope in Scopes)
            Assert.Contains("'dvc.lock' has no 'dvc.yaml' beside it", Refused(project, scope), StringComparison.Ordinal);
        Assert.Equal(before, project.Objects);
        project.Write("dvc.yaml", stages);
        project.Data("gc", "--workspace", "--force").Expect(0);
        Assert.Equal(before, project.Objects);

        // Who wants its data to go removes the lock as well.
        File.Delete(project["dvc.yaml"]);
        File.Delete(project["dvc.lock"]);
        project.Data("gc", "--workspace", "--force").Expect(0);
        Assert.Empty(project.Objects);
    }

    private static DataProject Made()
    {
        var project = new DataProject();
        project.Data("repro").Expect(0);
        Assert.Equal(5, project.Objects.Count);
        return project;
    }

    private static string Refused(DataProject project, params string[] options)
    {
        var error = project.Data(["gc", .. options, "--force"]).Expect(1).Error;
        Assert.Contains("Nothing was removed", error, StringComparison.Ordinal);
        return error;
    }
}
