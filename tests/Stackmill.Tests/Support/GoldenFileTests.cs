using Xunit.Sdk;

namespace Stackmill.Tests.Support;

public sealed class GoldenFileTests
{
    [Fact]
    public void A_missing_file_a_difference_and_an_update_are_told_apart()
    {
        using var folder = new TempFolder();

        var missing = Assert.Throws<FailException>(() => GoldenFile.Matches(folder.Path, "table.txt", "one\ntwo\n", update: false, "a_test"));
        Assert.Contains("there is no Golden/table.txt", missing.Message, StringComparison.Ordinal);

        GoldenFile.Matches(folder.Path, "table.txt", "one\r\ntwo\r\n", update: true, "a_test");
        GoldenFile.Matches(folder.Path, "table.txt", "one\ntwo\n", update: false, "a_test");
        Assert.Equal(["table.txt"], folder.Files());

        var different = Assert.Throws<FailException>(() => GoldenFile.Matches(folder.Path, "table.txt", "one\nthree\n", update: false, "a_test"));
        Assert.Contains("- 2: two\n+ 2: three\n", different.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_shows_only_the_lines_between_the_common_ends()
    {
        Assert.Equal("  b\n  c\n  d\n- 5: e\n  f\n  g\n", GoldenFile.Difference("a\nb\nc\nd\ne\nf\ng", "a\nb\nc\nd\nf\ng"));
    }

    [Fact]
    public void A_temporary_folder_goes_with_what_is_in_it()
    {
        string path;
        using (var folder = new TempFolder())
        {
            path = folder.Path;
            folder.Write("inner/deeper/file.txt", "text");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder["inner"], UnixFileMode.None);
        }

        Assert.False(Directory.Exists(path));
    }
}
