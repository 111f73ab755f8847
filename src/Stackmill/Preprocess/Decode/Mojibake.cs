using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// UTF-8 that was taken for a legacy encoding and encoded as UTF-8 again, as <c>cafÃ©</c> for <c>café</c>. It is certain where every
/// character of the file that is not ASCII goes back to a byte, and these bytes are UTF-8 throughout.
/// </summary>
internal sealed class Mojibake
{
    /// <summary>One such sequence can stand for itself, as <c>Ã©</c> in a table of characters.</summary>
    private const int LeastSequences = 3;

    private static readonly (string Name, int CodePage)[] _readAs = [("windows-1252", 1252), ("windows-1251", 1251), ("windows-1250", 1250)];

    private static readonly Dictionary<char, byte>[] _bytes = [.. _readAs.Select(one => BytesOf(one.CodePage))];

    private byte[] once = [];

    /// <summary>Repairs the text, or leaves the output as it is.</summary>
    /// <returns>The name of what the text was taken for, or <c>null</c>.</returns>
    internal string? TryRepair(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> output)
    {
        var first = utf8.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        if (first < 0)
            return null;
        if (once.Length < utf8.Length - first)
            once = new byte[utf8.Length - first];
        for (var i = 0; i < _readAs.Length; i++)
        {
            var length = Undo(utf8[first..], _bytes[i], out var sequences);
            if (length < 0 || sequences < LeastSequences || !Utf8.IsValid(once.AsSpan(0, length)) || HasControls(once.AsSpan(0, length)))
                continue;
            output.Write(utf8[..first]);
            output.Write(once.AsSpan(0, length));
            return _readAs[i].Name;
        }

        return null;
    }

    /// <summary>Length of the bytes that the characters stand for, or -1 as soon as they are not UTF-8.</summary>
    private int Undo(ReadOnlySpan<byte> utf8, Dictionary<char, byte> bytes, out int sequences)
    {
        sequences = 0;
        var length = 0;
        var continuations = 0;
        for (var rest = utf8; !rest.IsEmpty;)
        {
            if (rest[0] < 0x80)
            {
                if (continuations > 0)
                    return -1;
                var ascii = rest.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
                var run = ascii < 0 ? rest : rest[..ascii];
                run.CopyTo(once.AsSpan(length));
                length += run.Length;
                rest = rest[run.Length..];
                continue;
            }

            Rune.DecodeFromUtf8(rest, out var rune, out var taken);
            rest = rest[taken..];
            if (!rune.IsBmp || !bytes.TryGetValue((char)rune.Value, out var b))
                return -1;
            once[length++] = b;
            if (continuations > 0)
            {
                if (b is < 0x80 or > 0xBF)
                    return -1;
                continuations--;
                continue;
            }

            continuations = b switch { >= 0xC2 and <= 0xDF => 1, >= 0xE0 and <= 0xEF => 2, >= 0xF0 and <= 0xF4 => 3, _ => 0 };
            if (continuations == 0)
                return -1;
            sequences++;
        }

        return continuations == 0 ? length : -1;
    }

    /// <summary>C1 controls come from text that was right before.</summary>
    private static bool HasControls(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)0xC2); at >= 0; at = text.IndexOf((byte)0xC2))
        {
            if (text[at + 1] < 0xA0)
                return true;
            text = text[(at + 2)..];
        }

        return false;
    }

    private static Dictionary<char, byte> BytesOf(int codePage)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage)
            ?? throw new InvalidOperationException($"the runtime has no code page {codePage}");
        var bytes = new Dictionary<char, byte>();
        for (var b = 0x80; b < 0x100; b++)
        {
            bytes.TryAdd(encoding.GetString([(byte)b])[0], (byte)b);
            // Browsers and .NET give the bytes without a meaning, and all those of Latin-1, as they are.
            if (b < 0xA0)
                bytes.TryAdd((char)b, (byte)b);
        }

        return bytes;
    }
}
