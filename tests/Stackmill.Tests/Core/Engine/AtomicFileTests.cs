using System.Security.Cryptography;
using Stackmill.Core.Engine;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Core.Engine;

public sealed class AtomicFileTests
{
    [Fact]
    public void A_file_is_written_whole_with_its_folders_and_replaces_an_older_one()
    {
        using var folder = new TempFolder();
        AtomicFile.WriteAllBytes(folder["a", "b", "x"], "first, longer"u8);
        AtomicFile.WriteAllBytes(folder["a", "b", "x"], "second"u8);
        Assert.Equal("second", File.ReadAllText(folder["a", "b", "x"]));
        AtomicFile.Write(folder["a", "b", "x"], stream => stream.Write("third"u8));
        Assert.Equal("third", File.ReadAllText(folder["a", "b", "x"]));
        Assert.Equal(["a/b/x"], folder.Files());
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file_and_no_other()
    {
        using var folder = new TempFolder();
        folder.Write("x", "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["x"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["x"]));
        Assert.Equal(["x"], folder.Files());
    }

    [Fact]
    public void A_name_that_is_taken_by_a_folder_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["x"]);
        Assert.ThrowsAny<Exception>(() => AtomicFile.WriteAllBytes(folder["x"], "new"u8));
        Assert.Empty(folder.Files());
    }

    [Fact]
    public void Sealing_gives_length_and_hash()
    {
        using var folder = new TempFolder();
        var path = folder.Write("x", "abc");
        Assert.Equal((3, Convert.ToHexStringLower(SHA256.HashData("abc"u8))), AtomicFile.Seal(path));
        Assert.Equal((0, Convert.ToHexStringLower(SHA256.HashData(""u8))), AtomicFile.Seal(folder.Write("empty", "")));
    }

    [Fact]
    public void A_temporary_name_lies_in_the_same_folder_as_the_file() =>
        Assert.Equal("/data", Path.GetDirectoryName(AtomicFile.TemporaryName("/data/x.parquet")));

    [Fact]
    public void What_processes_left_that_are_no_more_goes_while_others_write()
    {
        using var folder = new TempFolder();
        var machine = AtomicFile.ProcessMark[^10..];
        var other = machine == "0000000001" ? "0000000002" : "0000000001";
        var now = new DateTime(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);
        // No process has a number of nine digits; the first one always runs.
        foreach (var name in new[] { $"dead.json.999999999{machine}.tmp", $"own.json.{AtomicFile.ProcessMark}.tmp", $"running.json.1{machine}.tmp", $"elsewhere.json.999999999{other}.tmp", "whole.json", "notes.tmp" })
            File.SetLastWriteTimeUtc(folder.Write(name, "x"), now);

        AtomicFile.RemoveOrphans(folder.Path, now.AddDays(-1));
        Assert.Equal([$"elsewhere.json.999999999{other}.tmp", "notes.tmp", $"running.json.1{machine}.tmp", "whole.json"], folder.Files().Order(StringComparer.Ordinal));
        AtomicFile.RemoveOrphans(folder.Path, now.AddSeconds(1));
        Assert.Equal(["notes.tmp", "whole.json"], folder.Files().Order(StringComparer.Ordinal));
        AtomicFile.RemoveOrphans(folder["none"], now);
    }
}
