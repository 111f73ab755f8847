using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>Links to folders in the workspace: nothing behind one is written or removed.</summary>
public sealed class LinkedFolderTests
{
    [Fact]
    public void A_link_in_a_kept_folder_is_in_the_way_of_a_checkout_and_only_the_link_is_replaced()
    {
        using var project = Added("data/sub/f1");
        Directory.CreateDirectory(project["data"]);
        File.CreateSymbolicLink(project["data/sub"], project.Beside("victim"));

        Assert.Contains("'data/sub' (a link) is in the way", Refused(project), StringComparison.Ordinal);
        Assert.Equal(project.Beside("victim"), new FileInfo(project["data/sub"]).LinkTarget);
        Unharmed(project);

        Replaced(project, "data/sub");
    }

    [Fact]
    public void An_output_that_is_a_link_itself_is_in_the_way_unless_what_it_leads_to_is_right()
    {
        using var project = Added("data/sub/f1");
        File.CreateSymbolicLink(project["data"], project.Beside("victim"));

        Assert.Contains("'data' (a link) is in the way", Refused(project), StringComparison.Ordinal);
        Unharmed(project);
        Replaced(project, "data");

        Directory.Move(project["data"], project.Beside("same"));
        File.CreateSymbolicLink(project["data"], project.Beside("same"));
        project.Data("checkout", "data.dvc").Expect(0);
        Assert.Equal(project.Beside("same"), new FileInfo(project["data"]).LinkTarget);
    }

    [Theory]
    [InlineData("victim")]
    [InlineData("nowhere")]
    public void A_link_above_an_output_is_in_the_way(string target)
    {
        using var project = Added("data/sub/f1");
        project.Write("x.dvc", project.Read("data.dvc").Replace("path: data", "path: up/data", StringComparison.Ordinal));
        File.Delete(project["data.dvc"]);
        File.CreateSymbolicLink(project["up"], project.Beside(target));

        Assert.Contains("'up' (a link) is in the way", project.Data("checkout", "x.dvc").Expect(1).Error, StringComparison.Ordinal);
        Unharmed(project);

        project.Data("checkout", "x.dvc", "--force").Expect(0);
        Assert.Equal("hello", project.Read("up/data/sub/f1"));
        Assert.Null(new FileInfo(project["up"]).LinkTarget);
        Unharmed(project);
    }

    [Fact]
    public void Pull_writes_behind_no_link_either()
    {
        using var project = Added("data/sub/f1");
        project.Data("remote", "add", "--default", "st", project.Beside("st")).Expect(0);
        project.Data("push", "data.dvc").Expect(0);
        Directory.Delete(project[".dvc/cache"], recursive: true);
        Directory.CreateDirectory(project["data"]);
        File.CreateSymbolicLink(project["data/sub"], project.Beside("victim"));

        Assert.Contains("'data/sub' (a link) is in the way", project.Data("pull", "data.dvc").Expect(1).Error, StringComparison.Ordinal);
        Unharmed(project);
        project.Data("pull", "data.dvc", "--force").Expect(0);
        Assert.Equal("hello", project.Read("data/sub/f1"));
        Unharmed(project);
    }

    [Fact]
    public void A_link_and_a_file_that_is_left_out_are_in_the_way_of_a_file_too()
    {
        using var project = Added("data/sub/f1");
        project.Write(".dvcignore", "mine\n");
        project.Write("data/mine", "precious");
        project.Data("checkout", "data.dvc").Expect(0);
        Directory.Delete(project["data/sub"], recursive: true);
        Directory.CreateDirectory(project["data/sub"]);
        File.CreateSymbolicLink(project["data/sub/f1"], project.Beside("victim"));
        Assert.Contains("'data/sub/f1' (a link) is in the way", Refused(project), StringComparison.Ordinal);

        File.Delete(project["data/sub/f1"]);
        Directory.CreateDirectory(project["data/sub/f1"]);
        project.Write("data/sub/f1/mine", "precious");
        Assert.Contains("'data/sub/f1' is in the way", Refused(project), StringComparison.Ordinal);
        Assert.Equal("precious", project.Read("data/sub/f1/mine"));

        project.Data("checkout", "data.dvc", "--force").Expect(0);
        Assert.Equal("hello", project.Read("data/sub/f1"));
        Assert.Equal("precious", project.Read("data/mine"));
        Unharmed(project);
    }

    [Fact]
    public void A_file_comes_where_a_folder_was_that_the_cache_has_and_the_other_way_round()
    {
        using var project = Added("data/sub/f1");
        var nested = project.Read("data.dvc");
        project.Data("checkout", "data.dvc").Expect(0);
        Directory.Delete(project["data/sub"], recursive: true);
        project.Write("data/sub", "a file");
        project.Data("add", "data").Expect(0);
        var flat = project.Read("data.dvc");

        project.Write("data.dvc", nested);
        project.Data("checkout", "data.dvc").Expect(0);
        Assert.Equal("hello", project.Read("data/sub/f1"));
        Directory.CreateDirectory(project["data/sub/empty"]);
        project.Write("data.dvc", flat);
        project.Data("checkout", "data.dvc").Expect(0);
        Assert.Equal("a file", project.Read("data/sub"));
    }

    [Fact]
    public void Links_of_files_to_the_cache_are_ours()
    {
        using var project = Added("data/sub/f1");
        project.Write(".dvc/config", "[cache]\n    type = symlink\n");
        project.Data("checkout", "data.dvc").Expect(0);
        Assert.NotNull(new FileInfo(project["data/sub/f1"]).LinkTarget);

        Assert.Contains("checked out already", project.Data("checkout", "data.dvc").Expect(0).Output, StringComparison.Ordinal);
        project.Data("checkout", "data.dvc", "--relink").Expect(0);
        Assert.Equal("hello", project.Read("data/sub/f1"));
        project.Write(".dvc/config", "");
        project.Data("checkout", "data.dvc", "--relink").Expect(0);
        Assert.Null(new FileInfo(project["data/sub/f1"]).LinkTarget);
    }

    [Fact]
    public void No_stage_removes_or_makes_what_lies_behind_a_link_above_its_output()
    {
        using var project = Added("data/sub/f1");
        project.Write("dvc.yaml", "stages:\n  a:\n    cmd: mkdir -p up/outa && cp in/* up/outa/\n    deps: [in]\n    outs: [up/outa]\n");
        project.WriteBeside("elsewhere/outa/f1", "precious");
        File.CreateSymbolicLink(project["up"], project.Beside("elsewhere"));

        Assert.Contains("behind the link 'up'", project.Data("repro").Expect(1).Error, StringComparison.Ordinal);
        project.Write("up/x", "1");
        Assert.Contains("behind the link 'up'", project.Data("add", "up/x").Expect(1).Error, StringComparison.Ordinal);

        Assert.Equal("precious", File.ReadAllText(Path.Combine(project.Beside("elsewhere"), "outa/f1")));
        Assert.Equal(["outa/f1", "x"], DataProject.Listed(project.Beside("elsewhere")));
    }

    [Fact]
    public void Adding_through_a_link_reads_what_is_there_and_leaves_it_as_it_is()
    {
        using var project = Added("data/sub/f1");
        project.Write(".dvc/config", "[cache]\n    type = hardlink\n");
        File.CreateSymbolicLink(project["linked"], project.Beside("victim"));

        project.Data("add", "linked").Expect(0);

        Unharmed(project);
        Assert.True((FileModes.Of(Path.Combine(project.Beside("victim"), "f1")) & UnixFileMode.UserWrite) != 0);
    }

    [Fact]
    public void A_link_to_a_folder_inside_of_what_is_added_is_told_since_nothing_behind_it_is_kept()
    {
        using var project = Added("data/sub/f1");
        project.Write("more/f1", "1");
        File.CreateSymbolicLink(project["more/linked"], project.Beside("victim"));
        File.CreateSymbolicLink(project["more/left-out"], project.Beside("victim"));
        project.Write(".dvcignore", "left-out\n");

        var said = project.Data("add", "more").Expect(0).Output;

        Assert.Contains("warning: 'more/linked' is a link to a folder", said, StringComparison.Ordinal);
        Assert.DoesNotContain("left-out", said, StringComparison.Ordinal);
        Assert.Contains("nfiles: 1\n", project.Read("more.dvc"), StringComparison.Ordinal);
    }

    // A project whose folder 'data' is kept and gone, and a folder of somebody else's beside it.
    private static DataProject Added(string file)
    {
        var project = new DataProject();
        project.Write(file, "hello");
        project.Data("add", "data").Expect(0);
        Directory.Delete(project["data"], recursive: true);
        project.WriteBeside("victim/f1", "precious");
        project.WriteBeside("victim/other", "precious");
        return project;
    }

    private static string Refused(DataProject project) => project.Data("checkout", "data.dvc").Expect(1).Error;

    private static void Replaced(DataProject project, string link)
    {
        project.Data("checkout", "data.dvc", "--force").Expect(0);
        Assert.Equal("hello", project.Read("data/sub/f1"));
        Assert.Null(new FileInfo(project[link]).LinkTarget);
        Unharmed(project);
    }

    private static void Unharmed(DataProject project)
    {
        Assert.Equal(["f1", "other"], DataProject.Listed(project.Beside("victim")));
        Assert.Equal("precious", File.ReadAllText(Path.Combine(project.Beside("victim"), "f1")));
    }
}
