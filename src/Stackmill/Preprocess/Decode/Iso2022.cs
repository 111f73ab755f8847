using System.Buffers;
using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// The encodings of seven bits that switch character sets by escape sequences: ISO-2022-JP (RFC 1468, with half-width
/// kana), ISO-2022-KR (RFC 1557) and the GB 2312 part of ISO-2022-CN (RFC 1922). Their two-byte characters are those of EUC
/// with the top bits taken off, so that they are decoded as EUC, strictly.
/// </summary>
internal static class Iso2022
{
    private const byte Escape = 0x1B;
    private const byte ShiftOut = 0x0E;
    private const byte ShiftIn = 0x0F;
    private const byte SingleShift2 = 0x8E;
    private const byte SingleShift3 = 0x8F;

    private static readonly (string Name, int CodePage)[] _variants = [("iso-2022-jp", 51932), ("iso-2022-kr", 51949), ("iso-2022-cn", 936)];

    /// <summary>The decoded file, or null if it holds no such escape sequence or anything that the encoding does not allow.</summary>
    internal static Decoded? TryDecode(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> output)
    {
        var variant = Variant(raw);
        if (variant < 0)
            return null;
        var (name, codePage) = _variants[variant];
        var euc = ArrayPool<byte>.Shared.Rent(raw.Length * 2);
        var length = ToEuc(raw, euc);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage, new EncoderReplacementFallback("\0"), new DecoderReplacementFallback("\uFFFD"))
            ?? throw new InvalidOperationException($"the runtime has no code page {codePage}");
        var text = length < 0 ? "\uFFFD" : encoding.GetString(euc, 0, length);
        ArrayPool<byte>.Shared.Return(euc);
        if (Ascii.IsValid(text) || text.Contains('\uFFFD') || text.AsSpan().ContainsAnyInRange('\uE000', '\uF8FF') || !WideText.TryAppend(text, output))
            return null;
        return Decoded.Transcoded(name, false, 0.99) with { IsExact = raw.SequenceEqual(Encode(text, variant, encoding)) };
    }

    private static int Variant(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf("\u001b$B"u8) >= 0 || raw.IndexOf("\u001b$@"u8) >= 0 || raw.IndexOf("\u001b(I"u8) >= 0 || raw.IndexOf("\u001b(J"u8) >= 0)
            return 0;
        return raw.IndexOf("\u001b$)C"u8) >= 0 ? 1 : raw.IndexOf("\u001b$)A"u8) >= 0 ? 2 : -1;
    }

    /// <summary>Sets the top bits of what stands in a two-byte set; -1 if a sequence is not known or a byte out of place.</summary>
    private static int ToEuc(ReadOnlySpan<byte> raw, Span<byte> euc)
    {
        var set = Set.Ascii;
        var length = 0;
        for (var i = 0; i < raw.Length;)
        {
            var b = raw[i];
            if (b == Escape)
            {
                var (found, taken) = Designate(raw[i..]);
                if (taken == 0)
                    return -1;
                set = found ?? set;
                i += taken;
            }
            else if (b is ShiftOut or ShiftIn)
            {
                set = b == ShiftOut ? Set.Double : Set.Ascii;
                i++;
            }
            else if (b >= 0x80)
            {
                return -1;
            }
            else if (set == Set.Ascii || b <= 0x20)
            {
                // A line's end returns to ASCII where the shift is by SO; Japanese software says so itself.
                euc[length++] = b;
                i++;
            }
            else if (set == Set.Kana)
            {
                euc[length++] = SingleShift2;
                euc[length++] = (byte)(b | 0x80);
                i++;
            }
            else
            {
                if (i + 1 == raw.Length || raw[i + 1] is <= 0x20 or >= 0x7F)
                    return -1;
                if (set == Set.Supplement)
                    euc[length++] = SingleShift3;
                euc[length++] = (byte)(b | 0x80);
                euc[length++] = (byte)(raw[i + 1] | 0x80);
                i += 2;
            }
        }

        return length;
    }

    private static (Set? Set, int Length) Designate(ReadOnlySpan<byte> raw)
    {
        if (raw.StartsWith("\u001b$B"u8) || raw.StartsWith("\u001b$@"u8))
            return (Set.Double, 3);
        if (raw.StartsWith("\u001b(B"u8) || raw.StartsWith("\u001b(J"u8))
            return (Set.Ascii, 3);
        if (raw.StartsWith("\u001b(I"u8))
            return (Set.Kana, 3);
        if (raw.StartsWith("\u001b$(D"u8))
            return (Set.Supplement, 4);
        return raw.StartsWith("\u001b$)C"u8) || raw.StartsWith("\u001b$)A"u8) ? (null, 4) : (null, 0);
    }

    /// <summary>What an encoder makes of the text: the only form of it that is given back byte for byte.</summary>
    private static byte[] Encode(string text, int variant, Encoding euc)
    {
        using var made = new MemoryStream();
        var set = Set.Ascii;
        var isDesignated = variant == 0;
        if (variant == 1)
        {
            made.Write("\u001b$)C"u8);
            isDesignated = true;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = euc.GetBytes(rune.ToString());
            var wanted = bytes[0] < 0x80 ? Set.Ascii : variant == 0 && bytes[0] == SingleShift2 ? Set.Kana : bytes[0] == SingleShift3 ? Set.Supplement : Set.Double;
            if (wanted != set)
            {
                if (!isDesignated)
                    made.Write("\u001b$)A"u8);
                isDesignated = true;
                made.Write((variant, wanted) switch
                {
                    (0, Set.Ascii) => "\u001b(B"u8,
                    (0, Set.Kana) => "\u001b(I"u8,
                    (0, Set.Supplement) => "\u001b$(D"u8,
                    (0, _) => "\u001b$B"u8,
                    (_, Set.Ascii) => [ShiftIn],
                    _ => [ShiftOut],
                });
                set = wanted;
            }

            foreach (var b in wanted is Set.Kana or Set.Supplement ? bytes.AsSpan(1) : bytes)
                made.WriteByte((byte)(b & 0x7F));
            // RFC 1922: a line's end undoes the designation.
            isDesignated &= variant != 2 || rune.Value != '\n';
        }

        if (variant == 0 && set != Set.Ascii)
            made.Write("\u001b(B"u8);
        return made.ToArray();
    }

    private enum Set
    {
        Ascii,
        Double,
        Kana,
        Supplement,
    }
}
