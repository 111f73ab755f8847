using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using Stackmill.Organize.Sources.Archives;
using Stackmill.Tests.Support;
using TarReader = Stackmill.Organize.Sources.Archives.TarReader;

namespace Stackmill.Tests.Organize.Sources.Archives;

public sealed class TarReaderTests
{
    private static List<(string Name, string Outcome)> Read(byte[] tar)
    {
        var found = new List<(string, string)>();
        using var reader = new TarReader(new MemoryStream(tar));
        while (reader.Next(out var entry))
        {
            if (entry.Kind == EntryKind.File && entry.Fault is null)
            {
                using var text = new StreamReader(reader.OpenContent());
                found.Add((entry.Name, text.ReadToEnd()));
            }
            else
            {
                found.Add((entry.Name, entry.Fault?.Reason ?? entry.Kind.ToString()));
            }
        }

        return found;
    }

    private static string Fault(byte[] tar) => Assert.Throws<ArchiveFaultException>(() => Read(tar)).Message;

    [Fact]
    public void Damage_is_told_by_what_is_wrong()
    {
        var tar = ArchiveBuilder.Tar(TarEntryFormat.Ustar, ("a.py", "x = 1\n"), ("b.py", "y = 2\n"));
        Assert.Equal([("a.py", "x = 1\n"), ("b.py", "y = 2\n")], Read(tar));
        Assert.Contains("no end mark", Fault(tar.AsSpan(0, 2048).ToArray()));
        Assert.Contains("inside a header", Fault(tar.AsSpan(0, 1100).ToArray()));
        Assert.Contains("inside an entry", Fault(tar.AsSpan(0, 514).ToArray()));
        Assert.Contains("follow its end mark", Fault([.. tar, 1]));
        tar[1024] ^= 1;
        Assert.Contains("checksum", Fault(tar));
    }

    [Fact]
    public void Names_that_are_not_utf8_are_escaped_and_told_apart()
    {
        var tar = ArchiveBuilder.Tar(TarEntryFormat.Ustar, ("aQ.py", "1"), ("aR.py", "2"));
        foreach (var (at, value) in new[] { (0, (byte)0xE9), (1024, (byte)0xEA) })
        {
            var sum = Convert.ToInt32(Encoding.ASCII.GetString(tar, at + 148, 6), 8) + value - tar[at + 1];
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(tar, at + 148);
            tar[at + 1] = value;
        }

        Assert.Equal([("a\\xE9.py", "unreadable"), ("a\\xEA.py", "unreadable")], Read(tar));
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("posix")]
    public void Sparse_files_of_the_tar_program_are_named_and_what_follows_is_read(string format)
    {
        Requires.Tool("tar");
        using var folder = new TempFolder();
        using (var sparse = new FileStream(folder["a.py"], FileMode.Create))
        {
            // Enough pieces that GNU's old header needs a block more.
            for (var i = 0; i < 40; i++)
            {
                sparse.Position = i * 1_000_000L;
                sparse.Write("piece"u8);
            }
        }

        folder.Write("b.py", "after\n");
        using var process = Process.Start(new ProcessStartInfo("tar", ["--sparse", "--format=" + format, "-cf", folder["x.tar"], "-C", folder.Path, "a.py", "b.py"]))!;
        process.WaitForExit();
        var found = Read(File.ReadAllBytes(folder["x.tar"]));
        Requires.That(found[0].Outcome == "sparse_entry" || new FileInfo(folder["x.tar"]).Length < 30_000_000, "this test needs a file system with sparse files");
        Assert.Equal([("a.py", "sparse_entry"), ("b.py", "after\n")], found);
    }
}
