using System.Buffers;
using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>Recognises UTF-8 that was cut off or has a few bad bytes, which many legacy encodings would read as nonsense.</summary>
internal static class DamagedUtf8
{
    /// <summary>Bytes of the file looked at: damage and text are counted over the same stretch.</summary>
    private const int Sample = 1 << 16;

    /// <summary>
    /// True if well-formed multi-byte sequences outnumber the bad bytes, or if the only damage is that the end is
    /// missing. In legacy text such sequences come about by chance: about one for eight bad ones in GB2312, two for
    /// three in Russian IBM866.
    /// </summary>
    internal static bool IsLikely(Utf8Sequences found) => found.IsCutOnly || (found.Good >= 2 && found.Good > found.Bad);

    /// <summary>Counts over the first 64 KiB, or as far as the first bad byte if that comes later.</summary>
    internal static Utf8Sequences Count(ReadOnlySpan<byte> raw)
    {
        int good = 0, bad = 0;
        for (var seen = 0; ;)
        {
            var skip = raw.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (skip < 0)
                break;
            raw = raw[skip..];
            var status = Rune.DecodeFromUtf8(raw, out _, out var length);
            if (status == OperationStatus.NeedMoreData && good > 0 && bad == 0)
                return new Utf8Sequences(good, 1, IsCutOnly: true);
            if (status == OperationStatus.Done)
                good++;
            else
                bad++;
            raw = raw[length..];
            seen += skip + length;
            if (seen > Sample && bad > 0)
                break;
        }

        return new Utf8Sequences(good, bad, IsCutOnly: false);
    }
}

/// <summary>How many non-ASCII sequences are well-formed UTF-8 and how many are not.</summary>
internal readonly record struct Utf8Sequences(int Good, int Bad, bool IsCutOnly);
