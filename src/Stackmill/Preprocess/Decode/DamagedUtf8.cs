using System.Buffers;
using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>Bytes that are not UTF-8 and may once have been.</summary>
internal static class DamagedUtf8
{
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
