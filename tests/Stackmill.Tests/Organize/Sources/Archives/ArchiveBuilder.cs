using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Stackmill.Tests.Organize.Sources.Archives;

/// <summary>Builds archives in memory with the base library, which is another implementation than the one under test.</summary>
internal static class ArchiveBuilder
{
    /// <summary>A tar of text files.</summary>
    public static byte[] Tar(TarEntryFormat format, params (string Name, string Text)[] files) => Tar(writer =>
    {
        foreach (var (name, text) in files)
            File(writer, format, name, text);
    });

    /// <summary>A tar of what <paramref name="write"/> writes.</summary>
    public static byte[] Tar(Action<TarWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
            write(writer);
        return stream.ToArray();
    }

    /// <summary>Writes a text file.</summary>
    public static void File(TarWriter writer, TarEntryFormat format, string name, string text)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
            TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
            TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
            _ => new PaxTarEntry(TarEntryType.RegularFile, name),
        };
        using var data = new MemoryStream(Encoding.UTF8.GetBytes(text));
        entry.DataStream = data;
        writer.WriteEntry(entry);
    }

    /// <summary>A zip of text files.</summary>
    public static byte[] Zip(params (string Name, string Text)[] files) => ZipOf([.. files.Select(f => (f.Name, Encoding.UTF8.GetBytes(f.Text)))]);

    /// <summary>A zip of files.</summary>
    public static byte[] ZipOf(params (string Name, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The bytes as gzip.</summary>
    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    /// <summary>The bytes as zstd.</summary>
    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor(3);
        // As the zstd program does.
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(bytes).ToArray();
    }
}
