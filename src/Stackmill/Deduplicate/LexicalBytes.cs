using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Deduplicate;

/// <summary>Which of 64 bytes belong to words and which are white space; bit i stands for byte i.</summary>
/// <param name="Word">Bytes of words.</param>
/// <param name="Space">White space.</param>
internal readonly record struct LexicalMasks(ulong Word, ulong Space);

/// <summary>
/// The byte classes behind lexical tokens. Word: <c>A-Z a-z 0-9 _</c> and every byte of 0x80 and above (so a
/// UTF-8 letter outside ASCII is never split; nor is Unicode white space such as U+00A0 or U+3000 split off).
/// Space: 0x09 to 0x0D and 0x20. Everything else, control characters included, is a token by itself.
/// </summary>
internal static class LexicalBytes
{
    /// <summary>Bytes in one block.</summary>
    public const int BlockLength = 64;

    private static readonly byte[] s_classes = BuildClasses();

    /// <summary>Whether the byte belongs to a word.</summary>
    public static bool IsWord(byte value) => s_classes[value] == 1;

    /// <summary>Whether the byte is white space.</summary>
    public static bool IsSpace(byte value) => s_classes[value] == 2;

    /// <summary>Classifies the 64 bytes at <paramref name="block"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LexicalMasks Classify(ref byte block, SimdLevel level) => level switch
    {
        SimdLevel.Vector512 => Classify512(ref block),
        SimdLevel.Vector256 => Classify256(ref block),
        SimdLevel.Vector128 => Classify128(ref block),
        _ => ClassifyScalar(ref block),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LexicalMasks Classify512(ref byte block)
    {
        var bytes = Vector512.LoadUnsafe(ref block);
        var word = Vector512.LessThan((bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)26))
            | Vector512.LessThan(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)10))
            | Vector512.Equals(bytes, Vector512.Create((byte)'_'))
            | bytes;
        var space = Vector512.Equals(bytes, Vector512.Create((byte)' '))
            | Vector512.LessThan(bytes - Vector512.Create((byte)9), Vector512.Create((byte)5));
        return new(word.ExtractMostSignificantBits(), space.ExtractMostSignificantBits());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LexicalMasks Classify256(ref byte block)
    {
        ulong word = 0, space = 0;
        for (int at = 0; at < BlockLength; at += Vector256<byte>.Count)
        {
            var bytes = Vector256.LoadUnsafe(ref block, (nuint)at);
            var words = Vector256.LessThan((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26))
                | Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10))
                | Vector256.Equals(bytes, Vector256.Create((byte)'_'))
                | bytes;
            var spaces = Vector256.Equals(bytes, Vector256.Create((byte)' '))
                | Vector256.LessThan(bytes - Vector256.Create((byte)9), Vector256.Create((byte)5));
            word |= (ulong)words.ExtractMostSignificantBits() << at;
            space |= (ulong)spaces.ExtractMostSignificantBits() << at;
        }
        return new(word, space);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LexicalMasks Classify128(ref byte block)
    {
        ulong word = 0, space = 0;
        for (int at = 0; at < BlockLength; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref block, (nuint)at);
            var words = Vector128.LessThan((bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26))
                | Vector128.LessThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)10))
                | Vector128.Equals(bytes, Vector128.Create((byte)'_'))
                | bytes;
            var spaces = Vector128.Equals(bytes, Vector128.Create((byte)' '))
                | Vector128.LessThan(bytes - Vector128.Create((byte)9), Vector128.Create((byte)5));
            word |= (ulong)words.ExtractMostSignificantBits() << at;
            space |= (ulong)spaces.ExtractMostSignificantBits() << at;
        }
        return new(word, space);
    }

    private static LexicalMasks ClassifyScalar(ref byte block)
    {
        ulong word = 0, space = 0;
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref block, BlockLength);
        for (int i = 0; i < bytes.Length; i++)
        {
            word |= (IsWord(bytes[i]) ? 1UL : 0) << i;
            space |= (IsSpace(bytes[i]) ? 1UL : 0) << i;
        }
        return new(word, space);
    }

    private static byte[] BuildClasses()
    {
        var classes = new byte[256];
        for (int value = 0; value < 256; value++)
        {
            bool word = value >= 0x80 || value == '_' || char.IsAsciiLetterOrDigit((char)value);
            bool space = value is ' ' or (>= 9 and <= 13);
            classes[value] = (byte)(word ? 1 : space ? 2 : 0);
        }
        return classes;
    }
}
