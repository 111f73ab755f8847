using System.Diagnostics;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class FileKindTests
{
    [Fact]
    public void A_file_has_its_length_and_its_mark_changes_with_it()
    {
        using var folder = new TempFolder();
        var path = folder.Write("日本 x.py", "12345");
        var before = FileKind.Of(new FileInfo(path));
        Assert.Equal((true, 5), (before.IsRegular, before.Length));
        Assert.Equal(before, FileKind.Of(new FileInfo(path)));
        File.AppendAllText(path, "6");
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var after = FileKind.Of(new FileInfo(path));
        Assert.Equal(6, after.Length);
        Assert.NotEqual(before.Changed, after.Changed);
    }

    [Fact]
    public void A_fifo_a_link_and_a_folder_are_no_ordinary_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "FIFOs");
        using var folder = new TempFolder();
        using (var make = Process.Start("mkfifo", folder["fifo"]))
            make.WaitForExit();
        File.CreateSymbolicLink(folder["link"], folder.Write("target", "x"));
        Assert.False(FileKind.Of(new FileInfo(folder["fifo"])).IsRegular);
        Assert.False(FileKind.Of(new FileInfo(folder["link"])).IsRegular);
        Assert.False(FileKind.Of(new FileInfo(folder.Path)).IsRegular);
    }
}
