using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Stackmill.Preprocess.Decode;

/// <summary>UTF-16 and UTF-32: strict transcoding, and recognition without a byte order mark by where the NULs stand.</summary>
internal static class WideText
{
    /// <summary>Bytes looked at to recognise the form; decoding is strict over the whole file.</summary>
    private const int Sample = 4096;

    /// <summary>
    /// The decoded file, or null if its NULs do not stand as in UTF-16 or UTF-32. Code has ASCII in every line, so
    /// one byte of a pair is NUL often and the other hardly ever.
    /// </summary>
    internal static Decoded? TryDecode(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> output)
    {
        if (raw.Length < 4 || raw.Length % 2 != 0)
            return null;
        var sample = raw[..Math.Min(raw.Length & ~3, Sample)];
        Span<int> nuls = stackalloc int[4];
        nuls.Clear();
        for (var i = 0; i < sample.Length; i++)
            if (sample[i] == 0)
                nuls[i & 3]++;
        var quads = sample.Length / 4;

        if (raw.Length % 4 == 0 && raw.Length >= 8)
        {
            // U+10FFFF bounds UTF-32: the top byte is always NUL, the next nearly always in code.
            if (nuls[3] == quads && nuls[2] >= quads - (quads / 8) && nuls[0] <= quads / 8 && TryPlausible32(raw, sample, false, output))
                return Decoded.Transcoded("utf-32le", false, 0.99);
            if (nuls[0] == quads && nuls[1] >= quads - (quads / 8) && nuls[3] <= quads / 8 && TryPlausible32(raw, sample, true, output))
                return Decoded.Transcoded("utf-32be", false, 0.99);
        }

        int even = nuls[0] + nuls[2], odd = nuls[1] + nuls[3];
        if (IsOneSided(odd, even, quads) && TryPlausible16(raw, sample, false, output))
            return Decoded.Transcoded("utf-16le", false, 0.98);
        if (IsOneSided(even, odd, quads) && TryPlausible16(raw, sample, true, output))
            return Decoded.Transcoded("utf-16be", false, 0.98);
        return null;
    }

    /// <summary>True if the NULs stand as in UTF-16, whether the rest is valid or not.</summary>
    internal static bool HasNulsOfUtf16(ReadOnlySpan<byte> raw)
    {
        var sample = raw[..Math.Min(raw.Length & ~3, Sample)];
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i += 2)
        {
            even += sample[i] == 0 ? 1 : 0;
            odd += sample[i + 1] == 0 ? 1 : 0;
        }

        return IsOneSided(odd, even, sample.Length / 4) || IsOneSided(even, odd, sample.Length / 4);
    }

    /// <summary>
    /// At least one unit in eight is ASCII or Latin-1. One in 64 and one more may have a NUL low byte, as U+3000 and
    /// half of an emoji have.
    /// </summary>
    private static bool IsOneSided(int high, int low, int quads) =>
        high >= 2 && high * 8 >= quads * 2 && low <= 1 + (quads / 32) && high >= 4 * low;

    private static bool TryPlausible16(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> sample, bool bigEndian, ArrayBufferWriter<byte> output)
    {
        int units = sample.Length / 2, odd = 0;
        for (var i = 0; i < units; i++)
        {
            var unit = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(sample[(2 * i)..]) : BinaryPrimitives.ReadUInt16LittleEndian(sample[(2 * i)..]);
            if (IsOdd(unit))
                odd++;
        }

        return IsPlausible(odd, units) && TryTranscodeUtf16(raw, bigEndian, output);
    }

    private static bool TryPlausible32(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> sample, bool bigEndian, ArrayBufferWriter<byte> output)
    {
        int units = sample.Length / 4, odd = 0;
        for (var i = 0; i < units; i++)
        {
            var unit = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(sample[(4 * i)..]) : BinaryPrimitives.ReadUInt32LittleEndian(sample[(4 * i)..]);
            if (unit > char.MaxValue ? !Rune.IsValid(unit) : IsOdd((char)unit))
                odd++;
        }

        return IsPlausible(odd, units) && TryTranscodeUtf32(raw, bigEndian, output);
    }

    /// <summary>True if next to none of the characters is one that text does not hold.</summary>
    internal static bool ArePlausible(ReadOnlySpan<char> chars)
    {
        var odd = 0;
        foreach (var c in chars)
            odd += IsOdd(c) && !char.IsSurrogate(c) ? 1 : 0;
        return IsPlausible(odd, chars.Length);
    }

    /// <summary>2 % of odd characters, as arrays of small numbers hold many more.</summary>
    private static bool IsPlausible(int odd, int units) => odd * 50 <= units;

    private static bool IsOdd(int unit) =>
        (unit < 0x80 && ControlCharacters.Suspicious.Contains((byte)unit))
        || unit is (>= 0x80 and < 0xA0) or (>= 0xE000 and < 0xF900) or >= 0xFFF0
        || char.GetUnicodeCategory((char)unit) == System.Globalization.UnicodeCategory.OtherNotAssigned;

    /// <summary>Appends the text, without its byte order mark, as UTF-8; appends nothing if a surrogate has no partner.</summary>
    internal static bool TryTranscodeUtf16(ReadOnlySpan<byte> units, bool bigEndian, ArrayBufferWriter<byte> output)
    {
        if (units.Length % 2 != 0)
            return false;
        var chars = MemoryMarshal.Cast<byte, char>(units);
        if (bigEndian != BitConverter.IsLittleEndian)
            return TryAppend(chars, output);
        var swapped = ArrayPool<char>.Shared.Rent(Math.Max(chars.Length, 1));
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<char, ushort>(chars), MemoryMarshal.Cast<char, ushort>(swapped.AsSpan(0, chars.Length)));
        var done = TryAppend(swapped.AsSpan(0, chars.Length), output);
        ArrayPool<char>.Shared.Return(swapped);
        return done;
    }

    /// <summary>Appends UTF-16 as UTF-8; appends nothing if a surrogate has no partner.</summary>
    internal static bool TryAppend(ReadOnlySpan<char> chars, ArrayBufferWriter<byte> output)
    {
        // A bad surrogate counts as the three bytes of U+FFFD, so that this is never too little.
        var size = Encoding.UTF8.GetByteCount(chars);
        if (size == 0)
            return true;
        if (Utf8.FromUtf16(chars, output.GetSpan(size), out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
            return false;
        output.Advance(written);
        return true;
    }

    /// <summary>Appends the text, without its byte order mark, as UTF-8; appends nothing if a value is no code point.</summary>
    internal static bool TryTranscodeUtf32(ReadOnlySpan<byte> units, bool bigEndian, ArrayBufferWriter<byte> output)
    {
        if (units.Length % 4 != 0)
            return false;
        if (units.IsEmpty)
            return true;
        var target = output.GetSpan(units.Length);
        var written = 0;
        for (; !units.IsEmpty; units = units[4..])
        {
            var value = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(units) : BinaryPrimitives.ReadUInt32LittleEndian(units);
            if (!Rune.TryCreate(value, out var rune))
                return false;
            written += rune.EncodeToUtf8(target[written..]);
        }

        output.Advance(written);
        return true;
    }
}
