namespace Stackmill.Organize.Sources.Archives;

/// <summary>How the bytes of an archive are compressed as a whole.</summary>
internal enum ArchiveCompression
{
    /// <summary>Not at all, or entry by entry (zip).</summary>
    None,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstd,

    /// <summary>The .xz format.</summary>
    Xz,

    /// <summary>bzip2.</summary>
    Bzip2,
}

/// <summary>What kind of archive a file is.</summary>
/// <param name="IsZip">True for zip and what is built on it, false for tar.</param>
/// <param name="Compression">Compression around a tar.</param>
/// <param name="IsPackage">True for packages whose form has no folder around everything (jar, whl, nupkg, gem).</param>
/// <param name="IsGem">True for a Ruby gem: a tar whose <c>data.tar.gz</c> holds the files.</param>
internal sealed record ArchiveFormat(bool IsZip, ArchiveCompression Compression = ArchiveCompression.None, bool IsPackage = false, bool IsGem = false)
{
    private static readonly (string Suffix, ArchiveFormat Format)[] Suffixes =
    [
        (".tar.gz", new(false, ArchiveCompression.Gzip)),
        (".tar.zst", new(false, ArchiveCompression.Zstd)),
        (".tar.xz", new(false, ArchiveCompression.Xz)),
        (".tar.bz2", new(false, ArchiveCompression.Bzip2)),
        (".tgz", new(false, ArchiveCompression.Gzip)),
        (".tzst", new(false, ArchiveCompression.Zstd)),
        (".txz", new(false, ArchiveCompression.Xz)),
        (".tbz2", new(false, ArchiveCompression.Bzip2)),
        (".tbz", new(false, ArchiveCompression.Bzip2)),
        (".crate", new(false, ArchiveCompression.Gzip)),
        (".tar", new(false)),
        (".zip", new(true)),
        (".jar", new(true, IsPackage: true)),
        (".whl", new(true, IsPackage: true)),
        (".nupkg", new(true, IsPackage: true)),
        (".gem", new(false, IsPackage: true, IsGem: true)),
    ];

    /// <summary>The file name endings that are known, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Suffixes.Select(s => s.Suffix));

    /// <summary>The format that a name stands for, or <c>null</c>.</summary>
    public static ArchiveFormat? OfName(string path) =>
        Array.Find(Suffixes, s => path.EndsWith(s.Suffix, StringComparison.OrdinalIgnoreCase)).Format;

    /// <summary>
    /// The format that the first 262 bytes or more of a file show, or <c>null</c>. A compressed file is taken to hold a tar; whether it
    /// does is found when it is read.
    /// </summary>
    public static ArchiveFormat? OfMagic(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8))
            return new ArchiveFormat(true);
        if (head.Length >= 262 && head[257..262].SequenceEqual("ustar"u8))
            return new ArchiveFormat(false);
        ReadOnlySpan<byte> gzip = [0x1F, 0x8B], zstd = [0x28, 0xB5, 0x2F, 0xFD], xz = [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];
        return head.StartsWith(gzip) ? new ArchiveFormat(false, ArchiveCompression.Gzip)
            : head.StartsWith(zstd) ? new ArchiveFormat(false, ArchiveCompression.Zstd)
            : head.StartsWith(xz) ? new ArchiveFormat(false, ArchiveCompression.Xz)
            : head.StartsWith("BZh"u8) ? new ArchiveFormat(false, ArchiveCompression.Bzip2)
            : null;
    }

    /// <summary>A path without the ending that names the format.</summary>
    public static string WithoutSuffix(string path)
    {
        var suffix = Array.Find(Suffixes, s => path.EndsWith(s.Suffix, StringComparison.OrdinalIgnoreCase)).Suffix;
        return suffix is null || path.Length == suffix.Length ? path : path[..^suffix.Length];
    }
}
