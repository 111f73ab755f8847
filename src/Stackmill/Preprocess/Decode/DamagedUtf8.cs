using System.Buffers;
using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>Bytes that are not UTF-8 and may once have been.</summary>
internal static class DamagedUtf8
{
    /// <summary>
    /// True for what would be UTF-8 but for surrogates of three bytes each and the NUL of two, as Java writes them ("modified UTF-8", CESU-8 of Unicode's
    /// report 26), with at least one of them: no legacy encoding's text is so throughout.
    /// </summary>
    internal static bool IsModified(ReadOnlySpan<byte> raw)
    {
        var met = false;
        while (raw.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var skip)
        {
            raw = raw[skip..];
            if (Rune.DecodeFromUtf8(raw, out _, out var length) != OperationStatus.Done)
            {
                length = raw is [0xC0, 0x80, ..] ? 2 : raw is [0xED, >= 0xA0 and <= 0xAF, >= 0x80 and <= 0xBF, 0xED, >= 0xB0 and <= 0xBF, >= 0x80 and <= 0xBF, ..] ? 6 : 0;
                met = true;
                if (length == 0)
                    return false;
            }

            raw = raw[length..];
        }

        return met;
    }

    /// <summary>True if any sequence of several bytes is well-formed UTF-8; in legacy text such come about by chance, too.</summary>
    internal static bool HasSequence(ReadOnlySpan<byte> raw)
    {
        while (true)
        {
            var skip = raw.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (skip < 0)
                return false;
            raw = raw[skip..];
            if (Rune.DecodeFromUtf8(raw, out _, out var length) == OperationStatus.Done)
                return true;
            raw = raw[length..];
        }
    }
}
