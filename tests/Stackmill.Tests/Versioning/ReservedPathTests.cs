using System.Security.Cryptography;
using System.Text;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>Nothing is made, kept or replaced where Git and DVC have what they work by, whoever's file says so.</summary>
public sealed class ReservedPathTests
{
    [Theory]
    [InlineData(".git")]
    [InlineData(".git/config")]
    [InlineData(".GIT/hooks/post-commit")]
    [InlineData("sub/.git/config")]
    [InlineData(".dvc")]
    [InlineData(".dvc/cache")]
    [InlineData(".Dvc/config")]
    [InlineData("dvc.yaml")]
    [InlineData("dvc.lock")]
    [InlineData(".dvcignore")]
    [InlineData(".gitignore")]
    [InlineData("sub/.gitignore")]
    [InlineData(".gitattributes")]
    [InlineData("sub/.gitmodules")]
    [InlineData("other.dvc")]
    [InlineData("'.'")]
    [InlineData("own-cache")]
    [InlineData("own-cache/files")]
    public void No_output_may_be_one(string path)
    {
        using var project = new DataProject();
        project.Write(".dvc/config", "[cache]\n    dir = ../own-cache\n");
        project.Git("config", "some.key", "value");
        var (config, ignore) = (project.Read(".git/config"), project.Read(".dvcignore"));
        foreach (var kind in (string[])["outs", "metrics", "plots"])
        {
            foreach (var form in (string[])[$"[{path}]", $"[{{{path}: {{cache: false, persist: true}}}}]"])
            {
                project.Write("dvc.yaml", $"stages:\n  first:\n    cmd: touch ran\n  a:\n    cmd: touch ran\n    {kind}: {form}\n");

                foreach (var command in (string[])["repro", "status", "checkout", "commit"])
                    Assert.Contains("such a path is neither made nor replaced", project.Data(command).Expect(2).Error, StringComparison.Ordinal);
            }
        }

        Assert.False(File.Exists(project["ran"]));
        Assert.Equal((config, ignore), (project.Read(".git/config"), project.Read(".dvcignore")));
    }

    [Fact]
    public void No_output_may_hold_the_file_that_names_it()
    {
        using var project = new DataProject();
        project.Write("dvc.yaml", "stages: {}\n");
        project.Write("sub/dvc.yaml", "stages:\n  a:\n    wdir: ..\n    cmd: touch ran\n    outs: [sub]\n");
        Assert.Contains("a folder around the file that says so", project.Data("repro").Expect(2).Error, StringComparison.Ordinal);

        File.Delete(project["sub/dvc.yaml"]);
        project.Write("sub/x.dvc", "outs:\n- md5: b026324c6904b2a9cb4b88d6d61c81d1\n  hash: md5\n  path: ../sub\n");
        Assert.Contains("a folder around the file that says so", project.Data("checkout", "--force").Expect(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".git/hooks/post-commit")]
    [InlineData("../.git/hooks/post-commit")]
    [InlineData(".dvc/config")]
    [InlineData("x.dvc")]
    public void A_file_of_somebody_else_plants_no_hook(string path)
    {
        using var project = new DataProject();
        project.Write("hook", "#!/bin/sh\n");
        project.Data("add", "hook").Expect(0);
        project.Write("sub/foreign.dvc", project.Read("hook.dvc").Replace("path: hook", $"isexec: true\n  path: {(path[0] == '.' && path[1] != '.' ? "../" + path : path)}", StringComparison.Ordinal));

        foreach (var options in (string[][])[["checkout"], ["checkout", "--force"], ["pull"]])
            Assert.Contains("such a path is neither made nor replaced", project.Data(options).Expect(2).Error, StringComparison.Ordinal);

        Assert.False(File.Exists(project[".git/hooks/post-commit"]));
        Assert.Equal("", project.Read(".dvc/config"));
    }

    [Theory]
    [InlineData(".git/x")]
    [InlineData("a/.GIT/x")]
    [InlineData(".dvc/x")]
    [InlineData(".git")]
    public void The_list_of_a_folder_names_no_such_file(string path)
    {
        using var project = new DataProject();
        project.Write("f", "x");
        project.Data("add", "f").Expect(0);
        var list = $"[{{\"md5\": \"9dd4e461268c8034f5c8564e155c67a6\", \"relpath\": \"{path}\"}}]";
        var hash = Md5(list);
        project.Write($".dvc/cache/files/md5/{hash[..2]}/{hash[2..]}.dir", list);
        FileModes.Set(project[$".dvc/cache/files/md5/{hash[..2]}/{hash[2..]}.dir"], UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        project.Write("d.dvc", $"outs:\n- md5: {hash}.dir\n  size: 1\n  nfiles: 1\n  hash: md5\n  path: d\n");

        Assert.Contains("inside of what belongs to Git or DVC", project.Data("checkout", "d.dvc").Expect(1).Error, StringComparison.Ordinal);

        Assert.False(Directory.Exists(project["d"]));
    }

    [Theory]
    [InlineData(".git")]
    [InlineData(".git/config")]
    [InlineData(".dvc")]
    [InlineData(".dvc/config")]
    [InlineData("dvc.yaml")]
    [InlineData(".dvcignore")]
    [InlineData("in/.gitignore")]
    public void None_is_added(string path)
    {
        using var project = new DataProject();
        project.Write("in/.gitignore", "");

        Assert.Contains("such a path is neither made nor replaced", project.Data("add", path).Expect(2).Error, StringComparison.Ordinal);

        Assert.Empty(project.Objects);
        Assert.False(File.Exists(project[".gitignore"]));
    }

    [Fact]
    public void In_a_folder_what_is_Gits_is_left_out_as_with_DVC_and_what_looks_like_it_is_told()
    {
        using var project = new DataProject();
        project.Write("d/f", "x");
        project.Write("d/.git", "gitdir: elsewhere\n");
        project.Data("add", "d").Expect(0);
        Assert.Contains("nfiles: 1\n", project.Read("d.dvc"), StringComparison.Ordinal);

        project.Write("d/.GIT/x", "x");
        Assert.Contains("has a name that belongs to Git or DVC", project.Data("add", "d").Expect(1).Error, StringComparison.Ordinal);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "the name that DVC gives objects")]
    private static string Md5(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
