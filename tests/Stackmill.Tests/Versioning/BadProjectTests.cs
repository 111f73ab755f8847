using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>Files that are not as they should be are told of, and nothing is changed.</summary>
public sealed class BadProjectTests
{
    private const string Good = "stages:\n  one:\n    cmd: echo 1 > a.txt\n    outs: [a.txt]\n";

    [Theory]
    [InlineData("stages:\n  a:\n    cmd: x\n    deps: [b.txt]\n    outs: [a.txt]\n  b:\n    cmd: x\n    deps: [a.txt]\n    outs: [b.txt]\n", "in a circle: 'a' ← 'b' ← 'a'")]
    [InlineData("stages:\n  a:\n    cmd: x\n    deps: [d]\n    outs: [d/a.txt]\n", "needs what it makes itself")]
    [InlineData("stages:\n  a:\n    cmd: x\n    dep: [b.txt]\n", "Did you mean 'deps'?")]
    [InlineData("stage:\n  a:\n    cmd: x\n", "Did you mean 'stages'?")]
    [InlineData("stages:\n  a:\n    cmd: x\n    outs: [{a.txt: {cach: false}}]\n", "Did you mean 'cache'?")]
    [InlineData("stages:\n  a:\n    cmd: x\n    outs: [d]\n  b:\n    cmd: x\n    outs: [d/b.txt]\n", "outputs that overlap")]
    [InlineData("stages:\n  a:\n    cmd: x\n    outs: [d]\n  b:\n    cmd: x\n    outs: [d]\n", "is made by 'a' and by 'b'")]
    [InlineData("stages:\n  a:\n    cmd: x\n    deps: [d]\n    outs: [d]\n", "names 'd' twice")]
    [InlineData("stages:\n  a:\n    cmd: x\n    outs: [../d]\n", "outside of the project")]
    [InlineData("stages:\n  a:\n    cmd: x\n    outs: ['s3://bucket/d']\n", "Use 'dvc' itself")]
    [InlineData("stages:\n  a:\n    deps: [d]\n", "has no cmd")]
    [InlineData("stages:\n  a:\n    cmd: ${nothing}\n", "names '${nothing}'")]
    [InlineData("stages:\n  a:\n    cmd: x\n  a:\n    cmd: y\n", "the key a second time")]
    [InlineData("stages:\n  a\n    cmd: x\n", "dvc.yaml")]
    [InlineData("vars: [lost.yaml]\nstages:\n  a:\n    cmd: x\n", "'lost.yaml', which is not there")]
    [InlineData("stages: [a, b]\n", "is no mapping")]
    public void A_broken_file_of_stages_is_told_with_what_was_expected(string text, string expected)
    {
        using var project = New(text);

        foreach (var command in (string[])["status", "repro", "commit"])
        {
            var result = DataProgram.Run(project.Path, command).Expect(2);
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        }

        Assert.Equal([".dvc/config", "dvc.yaml"], project.Files().Where(f => !f.StartsWith(".dvc/tmp/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("schema: '3.0'\nstages: {}\n", "written in the schema '3.0', of another version of DVC")]
    [InlineData("schema: 2.0\nstages: {}\n", "does not say its schema as text")]
    [InlineData("stages: {}\n", "does not say its schema as text")]
    [InlineData("schema: '2.0'\nstages:\n  one:\n    cmd: x\n    out: []\n", "Did you mean 'outs'?")]
    [InlineData("schema: '2.0'\nstages:\n  one:\n    cmd: x\n    outs:\n    - path: a.txt\n      md5: 5\n", "value of the wrong kind")]
    public void A_lock_that_can_not_be_read_is_left_as_it_is(string text, string expected)
    {
        using var project = New(Good);
        project.Write("dvc.lock", text);

        foreach (var command in (string[])["status", "repro", "checkout", "push"])
            Assert.Contains(expected, DataProgram.Run(project.Path, command).Expect(2).Error, StringComparison.Ordinal);

        Assert.Equal(text, File.ReadAllText(project["dvc.lock"]));
        Assert.False(File.Exists(project["a.txt"]));
    }

    [Theory]
    [InlineData("dvc.yaml")]
    [InlineData("dvc.lock")]
    [InlineData("b.dvc")]
    public void A_conflict_that_was_not_resolved_is_told_with_its_line(string file)
    {
        using var project = New(Good);
        project.Write("b.dvc", "outs:\n- md5: b026324c6904b2a9cb4b88d6d61c81d1\n  size: 2\n  hash: md5\n  path: b\n");
        project.Write("dvc.lock", "schema: '2.0'\nstages:\n  one:\n    cmd: echo 1 > a.txt\n");
        var text = File.ReadAllText(project[file]).Split('\n', 2);
        project.Write(file, $"{text[0]}\n<<<<<<< HEAD\n{text[1]}=======\n{text[1]}>>>>>>> other\n");

        foreach (var command in (string[])["status", "repro", "checkout"])
            Assert.Contains($"'{file}' holds conflict markers of Git in line 2", DataProgram.Run(project.Path, command).Expect(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    public void A_metric_that_is_no_text_is_told_with_its_file(string text)
    {
        using var project = New("stages:\n  one:\n    cmd: x\n    metrics: [m.json]\n");
        project.Write("m.json", text);

        Assert.Contains("'m.json' holds a text with half of a surrogate pair", DataProgram.Run(project.Path, "metrics", "show").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_object_of_the_cache_is_not_checked_out()
    {
        Requires.Unix();
        using var project = New(Good);
        DataProgram.Run(project.Path, "repro").Expect(0);
        var cached = Assert.Single(Directory.GetFiles(project[".dvc/cache/files/md5"], "*", SearchOption.AllDirectories));
        FileModes.Set(cached, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(cached, "2\n");
        File.Delete(project["a.txt"]);

        Assert.Contains("not in cache", DataProgram.Run(project.Path, "status").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("is damaged", DataProgram.Run(project.Path, "checkout").Expect(1).Error, StringComparison.Ordinal);

        Assert.False(File.Exists(project["a.txt"]));
        Assert.Equal("2\n", File.ReadAllText(cached));
    }

    [Fact]
    public void Two_processes_never_work_on_one_project_at_once()
    {
        Requires.Unix();
        using var project = New(Good);
        Directory.CreateDirectory(project[".dvc/tmp"]);
        using (new FileStream(project[".dvc/tmp/lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            Assert.Contains("another DVC or Stackmill process", DataProgram.Run(project.Path, "repro").Expect(1).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(project["a.txt"]));

        // What DVC writes while a stage of its own runs; the process is this one, which lives.
        project.Write(".dvc/tmp/rwlock", new JsonObject { ["write"] = new JsonObject { [project["a.txt"]] = new JsonObject { ["pid"] = Environment.ProcessId, ["cmd"] = "dvc repro" } } }.ToJsonString());
        foreach (var command in (string[])["repro", "status", "commit --force"])
            Assert.Contains("is busy", DataProgram.Run(project.Path, command.Split(' ')).Expect(1).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(project["a.txt"]));
    }

    [Fact]
    public void Outside_of_a_project_it_is_told_how_to_make_one()
    {
        using var folder = new TempFolder();

        Assert.Contains("stackmill init --dvc", DataProgram.Run(folder.Path, "status").Expect(2).Error, StringComparison.Ordinal);
    }

    private static TempFolder New(string stages)
    {
        var folder = new TempFolder();
        folder.Write(".dvc/config", "[core]\n    no_scm = True\n");
        folder.Write("dvc.yaml", stages);
        return folder;
    }
}
