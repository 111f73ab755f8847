using System.IO.Hashing;

namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>
/// The form of GitHub's and npm's tokens: 30 random characters and the CRC-32 of them in base 62 (digits, upper case, lower case), six characters
/// with leading zeros. A token with a wrong sum was mistyped, cut or made up; it is found by a rule of less confidence, since a leak costs more.
/// </summary>
internal static class Crc32Token
{
    private const int SumLength = 6;
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static bool IsValid(ReadOnlySpan<byte> body)
    {
        if (body.Length <= SumLength)
            return false;
        Span<byte> sum = stackalloc byte[SumLength];
        Write(body[..^SumLength], sum);
        return body[^SumLength..].SequenceEqual(sum);
    }

    /// <summary>A body of 36 characters with its sum.</summary>
    public static string Sample(uint seed)
    {
        byte[] random = System.Text.Encoding.ASCII.GetBytes(Samples.Of(30, seed: seed));
        Span<byte> sum = stackalloc byte[SumLength];
        Write(random, sum);
        return System.Text.Encoding.ASCII.GetString([.. random, .. sum]);
    }

    private static void Write(ReadOnlySpan<byte> random, Span<byte> sum)
    {
        uint value = Crc32.HashToUInt32(random);
        for (int i = SumLength - 1; i >= 0; i--, value /= 62)
            sum[i] = (byte)Base62[(int)(value % 62)];
    }
}
