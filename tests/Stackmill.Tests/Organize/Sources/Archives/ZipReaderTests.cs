using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Organize;
using Stackmill.Organize.Sources.Archives;

namespace Stackmill.Tests.Organize.Sources.Archives;

public sealed class ZipReaderTests
{
    private const string Body = "print('hello, hello, hello, hello')\n";

    private static List<(string Name, string Outcome)> Read(byte[] zip)
    {
        var found = new List<(string, string)>();
        using var reader = new ZipReader(() => new MemoryStream(zip), new UnpackBudget(zip.Length, new ArchiveOptions()));
        while (reader.Next(out var entry))
        {
            if (entry.Fault is not null || entry.Kind != EntryKind.File)
            {
                found.Add((entry.Name, entry.Fault?.Reason ?? entry.Kind.ToString()));
                continue;
            }

            try
            {
                using var text = new StreamReader(reader.OpenContent());
                found.Add((entry.Name, text.ReadToEnd()));
            }
            catch (RecordFaultException fault)
            {
                found.Add((entry.Name, fault.Reason));
            }
        }

        return found;
    }

    // Offset of the first central header.
    private static int Directory(byte[] zip) => zip.AsSpan().IndexOf("PK\x01\x02"u8);

    [Fact]
    public void Stored_and_deflated_entries_behind_foreign_bytes_and_before_a_comment()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.Comment = "PK\x05\x06 is not the end";
            foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.SmallestSize })
            {
                using var entry = zip.CreateEntry($"{level}.py", level).Open();
                entry.Write(Encoding.UTF8.GetBytes(Body));
            }

            zip.CreateEntry("folder/");
        }

        byte[] shifted = [.. "#!/bin/sh\nexec unzip $0\n"u8, .. stream.ToArray()];
        Assert.Equal([("NoCompression.py", Body), ("SmallestSize.py", Body), ("folder/", "Folder")], Read(shifted));
    }

    [Fact]
    public void A_wrong_checksum_length_method_or_place_is_the_entrys_fault_alone()
    {
        var whole = ArchiveBuilder.Zip(("a.py", Body), ("b.py", Body));
        foreach (var (offset, value, reason) in new[] { (16, (byte)0x55, "damaged_entry"), (24, (byte)0x05, "damaged_entry"), (10, (byte)99, "unsupported_compression"), (42, (byte)9, "damaged_entry"), (8, (byte)1, "encrypted"), (20, (byte)3, "damaged_entry") })
        {
            var zip = whole.ToArray();
            zip[Directory(zip) + offset] = value;
            Assert.Equal([("a.py", reason), ("b.py", Body)], Read(zip));
        }
    }

    [Fact]
    public void Names_are_utf8_by_the_flag_or_by_their_bytes_and_else_cp437()
    {
        foreach (var (flag, bytes, name) in new (byte, byte[], string)[]
        {
            (8, [0xC3, 0xA9], "é.py"), (0, [0xC3, 0xA9], "é.py"), (0, [0x82, 0x84], "éä.py"), (8, [0x82, 0x84], "\\x82\\x84.py"),
        })
        {
            var zip = ArchiveBuilder.Zip(("xx.py", Body));
            var at = Directory(zip);
            zip[at + 9] = flag;
            bytes.CopyTo(zip, at + 46);
            Assert.Equal((name, flag == 8 && bytes[0] == 0x82 ? "unreadable" : Body), Read(zip).Single());
        }
    }

    [Fact]
    public void Links_of_unix_are_told_from_files()
    {
        var zip = ArchiveBuilder.Zip(("link.py", "/etc/passwd"));
        var at = Directory(zip);
        zip[at + 5] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(at + 38), 0xA1FFu << 16);
        Assert.Equal(("link.py", "SymbolicLink"), Read(zip).Single());
    }

    [Fact]
    public void Sizes_and_offsets_of_64_bits()
    {
        // The base library writes them for streams of unknown length only; here the small values are moved into the wide fields.
        var zip = ArchiveBuilder.Zip(("a.py", Body));
        var at = Directory(zip);
        var header = zip.AsSpan(at, 46).ToArray();
        var (packed, unpacked) = (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(20)), BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(24)));
        header.AsSpan(20, 8).Fill(0xFF);
        header.AsSpan(42, 4).Fill(0xFF);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(30), 28);
        var extra = new byte[28];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), 24);
        BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), unpacked);
        BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(12), packed);
        byte[] directory = [.. header, .. "a.py"u8, .. extra];
        var end64 = new byte[56];
        BinaryPrimitives.WriteUInt32LittleEndian(end64, 0x06064B50);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(32), 1);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(40), directory.Length);
        BinaryPrimitives.WriteInt64LittleEndian(end64.AsSpan(48), at);
        var locator = new byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(locator, 0x07064B50);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), at + directory.Length);
        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        end.AsSpan(8, 12).Fill(0xFF);
        Assert.Equal([("a.py", Body)], Read([.. zip.AsSpan(0, at), .. directory, .. end64, .. locator, .. end]));
    }

    [Fact]
    public void A_file_without_a_directory_is_a_damaged_archive()
    {
        var zip = ArchiveBuilder.Zip(("a.py", Body));
        Assert.Equal("damaged_archive", Assert.Throws<ArchiveFaultException>(() => Read(zip.AsSpan(0, zip.Length - 4).ToArray())).Fault.Reason);
        Assert.Equal("damaged_archive", Assert.Throws<ArchiveFaultException>(() => Read([])).Fault.Reason);
    }
}
