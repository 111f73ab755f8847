using System.Numerics;
using System.Text;
using Stackmill.Deduplicate;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Deduplicate;

/// <summary>Shingle sets and similarities in the plainest way, to test the fast ones against.</summary>
internal static class NaiveShingles
{
    public static List<byte[]> Tokens(byte[] text)
    {
        var tokens = new List<byte[]>();
        var word = new List<byte>();
        foreach (byte value in text)
        {
            if (value >= 0x80 || value == '_' || char.IsAsciiLetterOrDigit((char)value))
            {
                word.Add(value);
                continue;
            }
            if (word.Count > 0)
                tokens.Add([.. word]);
            word.Clear();
            if (!char.IsWhiteSpace((char)value) || value is >= 0x1c and <= 0x1f)
                tokens.Add([value]);
        }
        if (word.Count > 0)
            tokens.Add([.. word]);
        return tokens;
    }

    public static ulong[] Of(byte[] text) => OfLength(text, 5);

    public static ulong[] OfLength(byte[] text, int length) => OfHashes([.. Tokens(text).Select(static token => StableHash.Token(token))], length);

    /// <summary>The set of a text whose identifiers are blanked, with the words of the language in a plain set.</summary>
    public static ulong[] OfBlanked(byte[] text, string language, int length = 5) =>
        OfHashes([.. BlankedTokens(text, language).Select(static token => StableHash.Token(token))], length);

    /// <summary>The tokens, with two blanks for each identifier.</summary>
    public static List<byte[]> BlankedTokens(byte[] text, string language)
    {
        if (Keywords.Of(language) is not { } keywords)
            return Tokens(text);
        bool[] code = new bool[text.Length];
        Array.Fill(code, true);
        var lexer = new Lexer();
        lexer.Load(text, language);
        foreach (Segment segment in lexer.Segments)
            Array.Fill(code, false, segment.Start - segment.Head, segment.Head + segment.End - segment.Start + segment.Tail);
        var words = new HashSet<string>(keywords.Words, keywords.IsAnyCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        var tokens = new List<byte[]>();
        int at = 0;
        foreach (byte[] token in Tokens(text))
        {
            at += text.AsSpan(at).IndexOf(token);
            bool word = token[0] >= 0x80 || token[0] == '_' || char.IsAsciiLetter((char)token[0]);
            tokens.Add(word && code[at] && !words.Contains(Encoding.Latin1.GetString(token)) ? "  "u8.ToArray() : token);
            at += token.Length;
        }
        return tokens;
    }

    private static ulong[] OfHashes(ulong[] hashes, int length)
    {
        var set = new SortedSet<ulong>();
        for (int i = 0; i + length <= hashes.Length; i++)
        {
            ulong mixed = 0;
            for (int place = 0; place < length; place++)
                mixed ^= BitOperations.RotateLeft(hashes[i + place], length - 1 - place);
            set.Add(StableHash.Finalise(mixed));
        }
        return [.. set];
    }

    public static double Similarity(ulong[] left, ulong[] right)
    {
        var set = new HashSet<ulong>(left);
        int common = right.Count(set.Contains);
        return (double)common / (left.Length + right.Length - common);
    }
}
