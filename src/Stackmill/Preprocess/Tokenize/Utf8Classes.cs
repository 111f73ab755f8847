using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>Reads UTF-8 as a sequence of <see cref="CharClass"/>; the two building blocks of both splitters.</summary>
internal static class Utf8Classes
{
    // \s is the Unicode property White_Space: the separators (Z) and U+0009 to U+000D, U+0085.
    private static readonly CharClass[] _ascii = BuildAscii();

    private static readonly CharClass[] _byCategory = BuildByCategory();

    /// <summary>Class and width in bytes (1 to 4) of the character that starts at <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharClass At(ReadOnlySpan<byte> text, int index, out int width)
    {
        var lead = text[index];
        if (lead < 0x80)
        {
            width = 1;
            return _ascii[lead];
        }

        return DecodeAt(text, index, out width);
    }

    /// <summary>End of the longest run, from <paramref name="index"/> on, of characters of the classes in <paramref name="set"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Skip(ReadOnlySpan<byte> text, int index, CharClass set)
    {
        while ((uint)index < (uint)text.Length && (At(text, index, out var width) & set) != 0) index += width;
        return index;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CharClass DecodeAt(ReadOnlySpan<byte> text, int index, out int width)
    {
        if (Rune.DecodeFromUtf8(text[index..], out var rune, out width) != OperationStatus.Done)
        {
            width = 1;
            return CharClass.Symbol;
        }

        return rune.Value == 0x85 ? CharClass.Space : _byCategory[(int)CharUnicodeInfo.GetUnicodeCategory(rune.Value)];
    }

    private static CharClass[] BuildAscii()
    {
        var classes = new CharClass[128];
        for (var b = 0; b < 128; b++)
        {
            classes[b] = (char)b switch
            {
                >= 'A' and <= 'Z' => CharClass.Upper,
                >= 'a' and <= 'z' => CharClass.Lower,
                >= '0' and <= '9' => CharClass.Number,
                '\r' or '\n' => CharClass.Newline,
                ' ' or '\t' or '\v' or '\f' => CharClass.Space,
                _ => CharClass.Symbol,
            };
        }

        return classes;
    }

    private static CharClass[] BuildByCategory()
    {
        var classes = new CharClass[(int)UnicodeCategory.OtherNotAssigned + 1];
        for (var category = 0; category < classes.Length; category++)
        {
            classes[category] = (UnicodeCategory)category switch
            {
                UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharClass.Upper,
                UnicodeCategory.LowercaseLetter => CharClass.Lower,
                UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharClass.Caseless,
                UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharClass.Mark,
                UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharClass.Number,
                UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => CharClass.Space,
                _ => CharClass.Symbol,
            };
        }

        return classes;
    }
}
