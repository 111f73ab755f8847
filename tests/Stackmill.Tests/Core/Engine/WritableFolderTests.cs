using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Core.Engine;

public sealed class WritableFolderTests
{
    [Fact]
    public void A_folder_is_made_with_those_above_it_and_may_be_there_already()
    {
        using var folder = new TempFolder();
        WritableFolder.Make(folder["a/b"]);
        folder.Write("a/b/c", "kept");
        WritableFolder.Make(folder["a/b"]);
        Assert.Equal("kept", File.ReadAllText(folder["a/b/c"]));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below/it")]
    public void A_file_in_its_way_is_named(string path)
    {
        using var folder = new TempFolder();
        folder.Write("file", "kept");
        var fault = Assert.Throws<UsageException>(() => WritableFolder.Make(folder[path]));
        Assert.Equal($"the folder '{folder[path]}' can't be made: '{folder["file"]}' is a file. Name another folder.", fault.Message);
        Assert.Equal("kept", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void A_place_where_no_folder_can_be_is_told_without_the_systems_words()
    {
        Requires.That(OperatingSystem.IsLinux(), "this test needs Linux");
        var fault = Assert.Throws<UsageException>(() => WritableFolder.Make("/proc/x"));
        Assert.Equal("the folder '/proc/x' can't be made there. Name one that may be written to.", fault.Message);
    }
}
