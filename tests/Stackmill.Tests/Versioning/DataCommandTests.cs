using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>The commands of <c>stackmill data</c>, run as people run them.</summary>
public sealed class DataCommandTests
{
    private const string Pipeline = """
        stages:
          first:
            cmd: cat input.txt > first.txt
            deps: [input.txt]
            params: [size]
            outs: [first.txt]
          second:
            cmd: mkdir second && cat first.txt first.txt > second/twice.txt && echo '{"count":2}' > count.json
            deps: [first.txt]
            outs: [second]
            metrics:
            - count.json:
                cache: false

        """;

    [Fact]
    public void Stages_run_once_again_when_something_changed_and_from_the_cache_when_it_was_so_before()
    {
        Requires.Unix();
        using var project = New();

        Assert.Contains("running stage 'second'", Data(project, "repro").Expect(0).Output, StringComparison.Ordinal);
        var first = File.ReadAllText(project["dvc.lock"]);
        Assert.Contains("up to date", Data(project, "repro").Expect(0).Output, StringComparison.Ordinal);

        project.Write("params.yaml", "size: 2\n");
        var again = Data(project, "repro").Expect(0).Output;
        Assert.Contains("running stage 'first'", again, StringComparison.Ordinal);
        Assert.DoesNotContain("running stage 'second'", again, StringComparison.Ordinal);

        project.Write("params.yaml", "size: 1\n");
        File.Delete(project["count.json"]);
        Assert.DoesNotContain("running", Data(project, "repro").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllText(project["dvc.lock"]));
        Assert.Equal("{\"count\":2}\n", File.ReadAllText(project["count.json"]));
    }

    [Fact]
    public void Status_tells_in_the_words_of_DVC_what_changed()
    {
        Requires.Unix();
        using var project = New();
        Data(project, "repro").Expect(0);
        project.Write("input.txt", "other\n");
        project.Write("params.yaml", "size: 3\n");
        File.Delete(project["first.txt"]);

        var expected = "first:\n\tchanged deps:\n\t\tmodified:           input.txt\n\t\tparams.yaml:\n\t\t\tmodified:           size\n\tchanged outs:\n\t\tdeleted:            first.txt\nsecond:\n\tchanged deps:\n\t\tdeleted:            first.txt\n";
        Assert.Equal(expected, Data(project, "status").Expect(0).Output);
        Assert.Equal(
            """{"first":[{"changed deps":{"input.txt":"modified","params.yaml":{"size":"modified"}}},{"changed outs":{"first.txt":"deleted"}}],"second":[{"changed deps":{"first.txt":"deleted"}}]}""",
            Data(project, "status", "--json").Expect(0).Output.Trim());
        Data(project, "status", "--quiet").Expect(1);
    }

    [Fact]
    public void A_stage_that_fails_writes_nothing_down_and_keeps_back_only_what_needs_it()
    {
        Requires.Unix();
        using var project = New();
        project.Write("dvc.yaml", Pipeline.Replace("mkdir second", "exit 7", StringComparison.Ordinal) + "  third:\n    cmd: cat second/twice.txt > third.txt\n    deps: [second/twice.txt]\n    outs: [third.txt]\n  other:\n    cmd: echo 1 > other.txt\n    outs: [other.txt]\n");

        var result = Data(project, "repro", "--keep-going").Expect(1);

        Assert.Contains("ended with exit code 7", result.All, StringComparison.Ordinal);
        Assert.Contains("not run, for they need it: 'third'", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(project["other.txt"]));
        Assert.DoesNotContain("second:", File.ReadAllText(project["dvc.lock"]), StringComparison.Ordinal);
        Assert.Contains("ended with exit code 7", Data(project, "repro", "second").Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_the_cache_does_not_have_is_never_replaced_without_force()
    {
        Requires.Unix();
        using var project = New();
        project.Write("data/a.txt", "one\n");
        project.Write("data/b.txt", "two\n");
        Data(project, "add", "data").Expect(0);
        project.Write("data/a.txt", "work of mine\n");
        project.Write("data/new.txt", "more work\n");

        var refused = Data(project, "checkout", "data").Expect(1);

        Assert.Contains("the cache does not have what they hold", refused.Error, StringComparison.Ordinal);
        Assert.Equal("work of mine\n", File.ReadAllText(project["data/a.txt"]));
        Data(project, "checkout", "data", "--force").Expect(0);
        Assert.Equal("one\n", File.ReadAllText(project["data/a.txt"]));
        Assert.False(File.Exists(project["data/new.txt"]));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("hardlink")]
    [InlineData("symlink")]
    public void Files_are_linked_as_the_configuration_says_and_a_stage_may_still_write_to_what_persists(string kind)
    {
        Requires.Unix();
        using var project = New();
        project.Write(".dvc/config", $"[core]\n    no_scm = True\n[cache]\n    type = {kind}\n");
        project.Write("dvc.yaml", "stages:\n  grow:\n    cmd: echo more >> log.txt\n    deps: [input.txt]\n    outs:\n    - log.txt:\n        persist: true\n");
        project.Write("data/a.txt", "one\n");

        Data(project, "add", "data").Expect(0);
        Data(project, "repro").Expect(0);
        project.Write("input.txt", "other\n");
        Data(project, "repro").Expect(0);

        Assert.Equal("more\nmore\n", File.ReadAllText(project["log.txt"]));
        var cached = project[".dvc/cache/files/md5/5b/bf5a52328e7439ae6e719dfe712200"];
        Assert.Equal("one\n", File.ReadAllText(cached));
        Assert.Equal(kind == "symlink" ? cached : null, new FileInfo(project["data/a.txt"]).LinkTarget);
        Assert.Equal(kind != "hardlink", (FileModes.Of(project["data/a.txt"]) & UnixFileMode.UserWrite) != 0 || kind == "symlink");
        Assert.Contains("up to date", Data(project, "status").Expect(0).Output, StringComparison.Ordinal);
        File.Delete(project["data/a.txt"]);
        Data(project, "checkout").Expect(0);
        Assert.Equal("one\n", File.ReadAllText(project["data/a.txt"]));
    }

    [Fact]
    public void Foreach_matrix_and_templates_make_the_stages_that_DVC_makes_of_them()
    {
        Requires.Unix();
        using var project = New();
        project.Write("params.yaml", "size: 1\nmodels:\n  us: {thresh: 10}\n  gb: {thresh: 15}\nopt: {lr: 0.001, name: a b, on: true, off: false, tags: [x, y]}\n");
        project.Write("dvc.yaml", """
            vars: [{word: hello}]
            stages:
              build:
                foreach: ${models}
                do:
                  cmd: echo ${key} ${item.thresh} ${word} \${HOME} > ${key}.txt
                  outs: ["${key}.txt"]
              grid:
                matrix: {os: [linux, mac], v: [1, 2]}
                cmd: echo ${opt} > ${item.os}-${item.v}.txt
                outs: ["${item.os}-${item.v}.txt"]

            """);

        Data(project, "repro").Expect(0);

        var text = File.ReadAllText(project["dvc.lock"]);
        Assert.Contains("  build@us:\n    cmd: echo us 10 hello ${HOME} > us.txt\n", text, StringComparison.Ordinal);
        Assert.Contains("  grid@mac-2:\n    cmd: echo --lr 0.001 --name 'a b' --on --tags x y > mac-2.txt\n", text, StringComparison.Ordinal);
        Assert.Equal("build@us\nbuild@gb\ngrid@linux-1\ngrid@linux-2\ngrid@mac-1\ngrid@mac-2\n", Data(project, "dag").Expect(0).Output);
        Assert.Equal(["stage 'build@us' did not change", "stage 'build@gb' did not change"], Data(project, "repro", "build").Expect(0).Output.Split('\n').Take(2));
    }

    [Fact]
    public void Remarks_in_a_lock_stay_and_only_the_entry_that_changed_is_written()
    {
        Requires.Unix();
        using var project = New();
        Data(project, "repro").Expect(0);
        var text = File.ReadAllText(project["dvc.lock"]).Replace("  second:\n", "  # made by hand\n  second:\n", StringComparison.Ordinal);
        project.Write("dvc.lock", text);
        project.Write("input.txt", "other\n");

        Data(project, "repro", "first").Expect(0);

        var now = File.ReadAllText(project["dvc.lock"]);
        var mark = now.IndexOf("  # made by hand\n", StringComparison.Ordinal);
        Assert.True(mark > 0);
        Assert.Equal(text[text.IndexOf("  # made by hand", StringComparison.Ordinal)..], now[mark..]);
        Assert.NotEqual(text[..mark], now[..mark]);
    }

    [Theory]
    [InlineData("    cmd: echo RAN >> ran.log\n")]
    [InlineData("    cmd: echo RAN >> ran.log && cp input.txt made.txt\n    always_changed: true\n    deps: [input.txt]\n    outs: [made.txt]\n")]
    public void A_stage_that_nothing_tells_of_and_one_that_always_changed_run_each_time(string stage)
    {
        Requires.Unix();
        using var project = New();
        project.Write("dvc.yaml", "stages:\n  always:\n" + stage);

        for (var i = 0; i < 3; i++)
            Assert.Contains("running stage 'always'", Data(project, "repro").Expect(0).Output, StringComparison.Ordinal);

        Assert.Equal("RAN\nRAN\nRAN\n", File.ReadAllText(project["ran.log"]));
        Assert.Contains("always changed", Data(project, "status").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_that_makes_nothing_fails_as_its_command_does()
    {
        Requires.Unix();
        using var project = New();
        project.Write("dvc.yaml", "stages:\n  check:\n    cmd: echo RAN >> ran.log; exit 3\n");

        Assert.Contains("ended with exit code 3", Data(project, "repro").Expect(1).Error, StringComparison.Ordinal);

        Assert.Equal("RAN\n", File.ReadAllText(project["ran.log"]));
        Assert.False(File.Exists(project["dvc.lock"]));
    }

    [Fact]
    public void Collection_keeps_what_the_workspace_needs_and_asks_before_it_removes()
    {
        Requires.Unix();
        using var project = New();
        Data(project, "repro").Expect(0);
        var needed = Objects(project);
        project.Write("input.txt", "other\n");
        Data(project, "repro").Expect(0);
        project.Write("input.txt", "hello\n");
        Data(project, "repro").Expect(0);
        Assert.True(Objects(project).Count > needed.Count);

        Data(project, "gc").Expect(2);
        Data(project, "gc", "--workspace").Expect(2);
        Data(project, "gc", "--workspace", "--dry").Expect(0);
        Assert.True(Objects(project).Count > needed.Count);
        Data(project, "gc", "--workspace", "--force").Expect(0);

        // What Git keeps is none of the workspace's objects.
        Assert.Equal(needed.Where(o => !o.Contains("8dbb80dcd4", StringComparison.Ordinal)).Count() - 1, Objects(project).Count);
        Assert.Contains("up to date", Data(project, "status").Expect(0).Output, StringComparison.Ordinal);
    }

    private static TempFolder New()
    {
        var folder = new TempFolder();
        folder.Write(".dvc/config", "[core]\n    no_scm = True\n");
        folder.Write("dvc.yaml", Pipeline);
        folder.Write("params.yaml", "size: 1\n");
        folder.Write("input.txt", "hello\n");
        return folder;
    }

    private static List<string> Objects(TempFolder project) => [.. project.Files().Where(f => f.StartsWith(".dvc/cache/files/md5/", StringComparison.Ordinal))];

    private static ProgramResult Data(TempFolder project, params string[] arguments) => DataProgram.Run(project.Path, arguments);
}
