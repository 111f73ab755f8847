namespace Stackmill.Preprocess.Decode;

/// <summary>
/// Leading bytes of binary formats, as their specifications and the IANA registrations state them. Every entry holds
/// a byte that text does not, or enough of a fixed phrase that no source file begins with it.
/// </summary>
internal static class MagicNumbers
{
    private static readonly byte[][] Prefixes =
    [
        // Programs and object files: ELF, Mach-O (both orders and widths), Java class and fat Mach-O, wasm, LLVM, Lua, DEX, ar.
        [0x7F, .. "ELF"u8], [0xFE, 0xED, 0xFA, 0xCE], [0xFE, 0xED, 0xFA, 0xCF], [0xCE, 0xFA, 0xED, 0xFE], [0xCF, 0xFA, 0xED, 0xFE],
        [0xCA, 0xFE, 0xBA, 0xBE], [0, .. "asm"u8], [.. "BC"u8, 0xC0, 0xDE], [0x1B, .. "Lua"u8], [.. "dex\n03"u8], [.. "!<arch>\n"u8], [0xAC, 0xED, 0x00, 0x05],
        // Archives and compressed data: zip and jar, gzip, zstd, bzip2, xz, 7z, lz4, compress, rpm, cab, rar, Git pack.
        [.. "PK\x03\x04"u8], [.. "PK\x05\x06"u8], [.. "PK\x07\x08"u8], [0x1F, 0x8B, 0x08], [0x28, 0xB5, 0x2F, 0xFD], [.. "BZh91AY&SY"u8],
        [0xFD, .. "7zXZ\0"u8], [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], [0x04, 0x22, 0x4D, 0x18], [0x1F, 0x9D], [0xED, 0xAB, 0xEE, 0xDB],
        [.. "MSCF\0\0\0\0"u8], [.. "Rar!\x1A\x07"u8], [.. "PACK\0\0\0"u8],
        // Images: PNG, JPEG, GIF, TIFF (both orders), icon and cursor, Photoshop.
        [0x89, .. "PNG\r\n\x1A\n"u8], [0xFF, 0xD8, 0xFF], [.. "GIF87a"u8], [.. "GIF89a"u8], [.. "II*\0"u8], [.. "MM\0*"u8],
        [0, 0, 1, 0], [0, 0, 2, 0], [.. "8BPS\0\x01"u8],
        // Sound: Ogg, FLAC, MP3 with ID3 tag, MIDI.
        [.. "OggS\0"u8], [.. "fLaC\0"u8], [.. "ID3\x02\0"u8], [.. "ID3\x03\0"u8], [.. "ID3\x04\0"u8], [.. "MThd\0\0\0\x06"u8],
        // Documents and fonts: PDF, OLE (old Office), TrueType, OpenType, WOFF.
        [.. "%PDF-1."u8], [.. "%PDF-2."u8], [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], [0, 1, 0, 0, 0], [.. "OTTO\0"u8],
        [.. "wOFF\0\x01\0\0"u8], [.. "wOF2\0\x01\0\0"u8], [.. "wOFFOTTO"u8], [.. "wOF2OTTO"u8],
        // Data: SQLite, Parquet, Arrow, Avro, HDF5, NumPy, gettext catalogues (both orders).
        [.. "SQLite format 3\0"u8], [.. "PAR1\x15"u8], [.. "ARROW1\0\0"u8], [.. "Obj\x01"u8], [0x89, .. "HDF\r\n\x1A\n"u8], [0x93, .. "NUMPY"u8],
        [0xDE, 0x12, 0x04, 0x95], [0x95, 0x04, 0x12, 0xDE],
    ];

    /// <summary>True if the bytes begin as a well-known binary format does.</summary>
    internal static bool IsBinary(ReadOnlySpan<byte> raw)
    {
        foreach (var prefix in Prefixes)
            if (raw.StartsWith(prefix))
                return true;
        return IsPortableExecutable(raw) || IsPythonBytecode(raw) || IsContainer(raw) || IsBitmap(raw) || IsTar(raw);
    }

    /// <summary>"MZ" are two letters: a real DOS or Windows program has NULs in its 64-byte header.</summary>
    private static bool IsPortableExecutable(ReadOnlySpan<byte> raw) =>
        raw.Length >= 64 && raw.StartsWith("MZ"u8) && raw[..64].Count((byte)0) >= 4;

    /// <summary>A version number, CR LF, then (from Python 3.7 on) 32 flag bits of which two are in use.</summary>
    private static bool IsPythonBytecode(ReadOnlySpan<byte> raw) =>
        raw.Length >= 16 && raw[2] == '\r' && raw[3] == '\n'
        && ((raw[1] is >= 0x0B and <= 0x0F && raw[4] <= 3 && raw[5..8].IndexOfAnyExcept((byte)0) < 0)
            || (raw[1] is 0x0B or 0x0C or 0xF2 or 0xF3 && raw.Contains((byte)0)));

    /// <summary>RIFF (wave, WebP, AVI), IFF-like BEAM files and ISO media: a length stands between two names.</summary>
    private static bool IsContainer(ReadOnlySpan<byte> raw) =>
        raw.Length >= 12
        && ((raw.StartsWith("RIFF"u8) && (raw[8..].StartsWith("WAVE"u8) || raw[8..].StartsWith("WEBP"u8) || raw[8..].StartsWith("AVI "u8)))
            || (raw.StartsWith("FOR1"u8) && raw[8..].StartsWith("BEAM"u8))
            || (raw[4..].StartsWith("ftyp"u8) && raw[0] == 0));

    /// <summary>"BM", the file's length, and two reserved numbers that are 0.</summary>
    private static bool IsBitmap(ReadOnlySpan<byte> raw) =>
        raw.Length >= 26 && raw.StartsWith("BM"u8) && raw[6..10].IndexOfAnyExcept((byte)0) < 0;

    private static bool IsTar(ReadOnlySpan<byte> raw) =>
        raw.Length >= 512 && raw[257..].StartsWith("ustar"u8) && raw[262] is 0 or (byte)' ' && raw[..257].Contains((byte)0);
}
