using System.Diagnostics;
using Stackmill.Core.Faults;
using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources;

public sealed class FolderScannerTests
{
    private static List<string> Scan(TempFolder folder, bool hidden = false, bool ignore = false) =>
        [.. new FolderScanner(folder.Path, hidden, ignore).Scan().Select(e => e.Reason is null ? e.Path : $"{e.Path} {e.Reason}")];

    [Fact]
    public void Entries_come_depth_first_in_ordinal_order()
    {
        using var folder = new TempFolder();
        foreach (var path in new[] { "b/z.py", "b/A.py", "a.py", "B.py", "b.py", "é/日本.py", "leer/x/y/z.c" })
            folder.Write(path, "x");
        Directory.CreateDirectory(folder["empty"]);
        Assert.Equal(["B.py", "a.py", "b/A.py", "b/z.py", "b.py", "leer/x/y/z.c", "é/日本.py"], Scan(folder));
    }

    [Fact]
    public void Hidden_entries_are_named_and_read_only_when_asked_for_and_version_control_never()
    {
        using var folder = new TempFolder();
        foreach (var path in new[] { ".env", ".github/x.yml", ".git/config", "a/.hg/x", "CVS/x", ".stackmill.lock", "x.py" })
            folder.Write(path, "x");
        Assert.Equal([".env hidden", ".git/ version_control", ".github/ hidden", ".stackmill.lock hidden", "CVS/ version_control", "a/.hg/ version_control", "x.py"], Scan(folder));
        Assert.Equal([".env", ".git/ version_control", ".github/x.yml", ".stackmill.lock hidden", "CVS/ version_control", "a/.hg/ version_control", "x.py"], Scan(folder, hidden: true));
    }

    [Fact]
    public void Links_are_named_and_never_followed_wherever_they_point()
    {
        using var folder = new TempFolder();
        using var outside = new TempFolder();
        outside.Write("secret.py", "x");
        folder.Write("real/a.py", "x");
        File.CreateSymbolicLink(folder["in.py"], "real/a.py");
        File.CreateSymbolicLink(folder["out.py"], outside["secret.py"]);
        File.CreateSymbolicLink(folder["dangling.py"], "nowhere");
        File.CreateSymbolicLink(folder["self"], "self");
        Directory.CreateSymbolicLink(folder["real", "up"], "..");
        Directory.CreateSymbolicLink(folder["away"], outside.Path);
        var entries = new FolderScanner(folder.Path, false, false).Scan().ToList();
        Assert.Equal(["real/a.py"], entries.Where(e => e.Reason is null).Select(e => e.Path));
        Assert.Equal(["away", "dangling.py", "in.py", "out.py", "real/up", "self"], entries.Where(e => e.Reason == "symbolic_link").Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Equal(["away", "out.py"], entries.Where(e => e.Detail == "points out of the input folder" && e.Path != "real/up").Select(e => e.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_that_is_not_utf8_is_a_failure_and_not_a_link()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names of any bytes");
        using var folder = new TempFolder();
        folder.Write("good.py", "x");
        using (var make = Process.Start("sh", ["-c", "printf x > \"$1/$(printf 'bad\\377').py\" && mkdir \"$1/$(printf 'dir\\377')\"", "sh", folder.Path]))
            make.WaitForExit();
        var entries = new FolderScanner(folder.Path, false, false).Scan().ToList();
        // The runtime can't delete them either.
        using (var remove = Process.Start("sh", ["-c", "rm -rf \"$1\"/bad* \"$1\"/dir*", "sh", folder.Path]))
            remove.WaitForExit();
        Assert.Equal(3, entries.Count);
        Assert.Equal(2, entries.Count(e => e is { Reason: "unreadable", IsFailure: true }));
        Assert.Single(entries, e => e is { Path: "good.py", Reason: null });
    }

    [Fact]
    public void A_name_that_is_not_utf8_never_leads_to_the_file_whose_name_it_is_shown_by()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names of any bytes");
        using var folder = new TempFolder();
        folder.Write("z\uFFFD.py", "its own");
        folder.Write("e\uFFFD/own.py", "its own");
        using (var make = Process.Start("sh", ["-c", "printf other > \"$1/$(printf 'z\\377').py\" && mkdir \"$1/$(printf 'e\\377')\" && printf x > \"$1/$(printf 'e\\377')/hidden.py\"", "sh", folder.Path]))
            make.WaitForExit();
        var entries = new FolderScanner(folder.Path, false, false).Scan().ToList();
        using (var remove = Process.Start("sh", ["-c", "rm -rf \"$1\"/z* \"$1\"/e*", "sh", folder.Path]))
            remove.WaitForExit();
        Assert.Equal(["e\uFFFD/own.py", "z\uFFFD.py"], entries.Where(e => e.Reason is null).Select(e => e.Path));
        Assert.Equal(["e\uFFFD/", "z\uFFFD.py"], entries.Where(e => e is { Reason: "unreadable", IsFailure: true }).Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Equal(4, entries.Count);
    }

    [Fact]
    public void A_fifo_is_a_special_file_and_is_not_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "FIFOs");
        using var folder = new TempFolder();
        using (var make = Process.Start("mkfifo", folder["pipe.py"]))
            make.WaitForExit();
        Assert.Equal(["pipe.py special_file"], Scan(folder));
    }

    [Fact]
    public void Nested_gitignore_files_count_below_their_own_folder()
    {
        using var folder = new TempFolder();
        folder.Write(".gitignore", "*.log\nbuild/\n/top.py\n");
        folder.Write("sub/.gitignore", "local.py\n");
        foreach (var path in new[] { "x.log", "build/a.py", "top.py", "sub/top.py", "sub/local.py", "sub/deep/local.py", "sub/y.log", "local.py" })
            folder.Write(path, "x");
        Assert.Equal(
            [".gitignore hidden", "build/ ignored", "local.py", "sub/.gitignore hidden", "sub/deep/local.py ignored", "sub/local.py ignored", "sub/top.py", "sub/y.log ignored", "top.py ignored", "x.log ignored"],
            Scan(folder, ignore: true));
        Assert.DoesNotContain(Scan(folder), e => e.EndsWith("ignored", StringComparison.Ordinal));
    }

    [Fact]
    public void A_backslash_in_a_name_is_no_separator_on_unix()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it separates there");
        using var folder = new TempFolder();
        folder.Write("a\\b.py", new string('x', 200));
        folder.Write("a/b.py", new string('y', 200));
        Assert.Equal(["a/b.py", "a\\b.py"], Scan(folder));
        using var output = new TempFolder();
        OrganizeStage.Run(folder.Path, output["staged"], new OrganizeOptions(), TestRun.Context());
        Assert.Equal([("a/b.py", 'y'), ("a\\b.py", 'x')], TestDatasets.ReadAll(Stackmill.Datasets.Dataset.Open(output["staged"])).Select(r => (r.Path, r.Text()[0])));
    }

    [Fact]
    public void A_folder_that_can_not_be_listed_is_a_failure_of_its_own_and_of_the_whole_input_a_usage_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "root may read everything");
        using var folder = new TempFolder();
        folder.Write("closed/x.py", "x");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["closed"], UnixFileMode.None);
        Assert.Equal(["closed/ unreadable"], Scan(folder));
        Assert.Throws<UsageException>(() => FolderScanner.Require(folder["closed"]));
    }
}
