namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Makes the variable part of samples, so that this repository holds no string that other scanners would take for a leaked secret.
/// The same arguments always give the same text.
/// </summary>
internal static class Samples
{
    public const string LowerHex = "0123456789abcdef";
    public const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    public const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    public const string Digits = "1234567890";

    /// <summary><paramref name="length"/> characters of <paramref name="alphabet"/> that look random: a linear congruential generator modulo 2^32 (constants of Numerical Recipes).</summary>
    public static string Of(int length, string alphabet = Alphanumeric, uint seed = 1)
    {
        return string.Create(length, (alphabet, seed), static (span, state) =>
        {
            uint value = state.seed;
            for (int i = 0; i < span.Length; i++)
            {
                value = (value * 1664525) + 1013904223;
                span[i] = state.alphabet[(int)((value >> 16) % (uint)state.alphabet.Length)];
            }
        });
    }

    /// <summary>A JSON Web Token with the given header.</summary>
    public static string Jwt(string header) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(header)) + "."
        + System.Buffers.Text.Base64Url.EncodeToString("""{"sub":"1","iat":1516239022}"""u8) + "." + Of(43);
}
