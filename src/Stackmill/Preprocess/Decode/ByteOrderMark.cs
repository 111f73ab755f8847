using System.Buffers;
using System.Text.Unicode;

namespace Stackmill.Preprocess.Decode;

/// <summary>Files that begin with a byte order mark (Unicode Standard, section 23.8, "Specials").</summary>
internal static class ByteOrderMark
{
    /// <summary>
    /// The decoded file, or null if it has no mark or what follows is not valid in the marked encoding; the mark is
    /// then no more than bytes that look like one, unless the NULs stand as in UTF-16: that is damaged text, not binary.
    /// UTF-32 goes before UTF-16, whose little-endian mark begins its own.
    /// </summary>
    internal static Decoded? TryDecode(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> output)
    {
        if (raw.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return DecodeUtf8(raw);
        if (raw.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) && WideText.TryTranscodeUtf32(raw[4..], bigEndian: false, output))
            return Decoded.Transcoded("utf-32le", true, 1);
        if (raw.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]) && WideText.TryTranscodeUtf32(raw[4..], bigEndian: true, output))
            return Decoded.Transcoded("utf-32be", true, 1);
        if (raw.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) && WideText.TryTranscodeUtf16(raw[2..], bigEndian: false, output))
            return Decoded.Transcoded("utf-16le", true, 1);
        if (raw.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) && WideText.TryTranscodeUtf16(raw[2..], bigEndian: true, output))
            return Decoded.Transcoded("utf-16be", true, 1);
        var isMarked16 = raw.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || raw.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        return isMarked16 && WideText.HasNulsOfUtf16(raw) ? Decoded.Undecodable(0.9) : null;
    }

    /// <summary>No legacy text begins with the three letters that UTF-8's mark would be, so a bad byte is the last word.</summary>
    private static Decoded DecodeUtf8(ReadOnlySpan<byte> raw)
    {
        if (ControlCharacters.AreTooMany(raw))
            return Decoded.Binary(0.9);
        return Utf8.IsValid(raw) ? Decoded.Utf8(hasBom: true) : Decoded.Undecodable(0.9);
    }
}
