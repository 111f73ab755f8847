using System.Numerics;
using Stackmill.Deduplicate;

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

    public static ulong[] Of(byte[] text)
    {
        ulong[] hashes = [.. Tokens(text).Select(static token => StableHash.Token(token))];
        var set = new SortedSet<ulong>();
        for (int i = 0; i + 5 <= hashes.Length; i++)
        {
            ulong mixed = 0;
            for (int place = 0; place < 5; place++)
                mixed ^= BitOperations.RotateLeft(hashes[i + place], 4 - place);
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
