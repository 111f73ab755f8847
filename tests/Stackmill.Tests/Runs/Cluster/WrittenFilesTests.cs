using Stackmill.Core.Faults;
using Stackmill.Runs.Cluster;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Runs.Cluster;

public sealed class WrittenFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Folder => _folder["in"];

    [Fact]
    public void Only_files_of_the_last_time_that_nobody_changed_are_written_over_or_removed()
    {
        WrittenFiles.Write(Folder, [("a", "1"), ("b", "1"), ("c", "1")]);
        _folder.Write("in/c", "mine");
        _folder.Write("in/d/e", "mine");
        WrittenFiles.Write(Folder, [("a", "2")]);
        Assert.Equal(["in.sha256", "in/a", "in/c", "in/d/e"], _folder.Files());
        Assert.Equal("2", File.ReadAllText(_folder["in/a"]));
        // Once it is off the list it stays somebody's.
        Assert.Contains($"'{_folder["in/c"]}'", Assert.Throws<UsageException>(() => WrittenFiles.Write(Folder, [("a", "3"), ("c", "1")])).Message, StringComparison.Ordinal);
        Assert.Equal("2", File.ReadAllText(_folder["in/a"]));
        Assert.Contains($"'{_folder["in/d"]}'", Assert.Throws<UsageException>(() => WrittenFiles.Write(Folder, [("d", "1")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_kill_leaves_is_taken_for_its_own()
    {
        WrittenFiles.Write(Folder, [("a", "1"), ("b", "1")]);
        // Killed when the list knew old and new, and one of two was written.
        File.AppendAllText(WrittenFiles.ListOf(Folder), "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  a\nd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  b\n");
        _folder.Write("in/a", "2");
        WrittenFiles.Write(Folder, [("a", "3"), ("b", "3")]);
        // Killed before there was a list: what is there already is as it would be.
        File.Delete(WrittenFiles.ListOf(Folder));
        WrittenFiles.Write(Folder, [("a", "3"), ("b", "3")]);
        Assert.Equal(["in.sha256", "in/a", "in/b"], _folder.Files());
    }

    [Fact]
    public void A_list_names_nothing_outside_and_links_and_folders_are_nobodys_own()
    {
        Requires.Unix();
        var outside = _folder.Write("outside", "1");
        WrittenFiles.Write(Folder, [("a", "1")]);
        var hash = File.ReadAllText(WrittenFiles.ListOf(Folder))[..64];
        File.AppendAllText(WrittenFiles.ListOf(Folder), $"{hash}  ../outside\n{hash}  {outside}\n{hash}  b\nno entry\n");
        File.CreateSymbolicLink(_folder["in/b"], outside);
        Assert.Throws<UsageException>(() => WrittenFiles.Write(Folder, [("b", "1")]));
        WrittenFiles.Write(Folder, [("a", "1")]);
        Assert.True(File.Exists(outside) && File.Exists(_folder["in/b"]));
        File.Delete(WrittenFiles.ListOf(Folder));
        Directory.CreateDirectory(WrittenFiles.ListOf(Folder));
        Assert.Throws<UsageException>(() => WrittenFiles.Write(Folder, [("a", "1")]));
    }

    public void Dispose() => _folder.Dispose();
}
