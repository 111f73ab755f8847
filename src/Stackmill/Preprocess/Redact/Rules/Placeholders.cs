namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>What people write where a secret would stand.</summary>
internal static class Placeholders
{
    private const int LongestLooked = 256;

    private static readonly string[] Words =
    [
        "example", "change", "your", "xxxx", "placeholder", "dummy", "sample", "redacted", "todo", "fixme", "insert", "replace", "enter", "none", "null",
        "undefined", "foobar", "foo", "default", "passw", "passphrase", "secret", "token", "test", "demo", "fake", "mock", "user", "admin", "root", "guest", "login", "invalid",
        "hidden", "masked", "value", "string", "here", "qwerty", "letmein", "welcome", "abc123", "1234", "abcd", "****", "....", "____", "----", "====", "0000", "1111", "apikey", "api_key", "api-key",
        "env.", "environ", "process.", "config.", "settings.", "self.", "this.", "getenv", "not-a-", "not_a_", "no-", "bogus", "wrong", "valid", "key_", "_key", "auth",
    ];

    /// <summary>True when the value is a stand-in: a word of the list is in it, it has hardly any different characters, or it names a variable.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<byte> value)
    {
        if (value.Length > LongestLooked || Shapes.Distinct(value) < Math.Min(4, value.Length))
            return true;
        if (value.SequenceEqual("pass"u8) || value.SequenceEqual("pwd"u8))
            return true;
        if (value.IsEmpty || value[0] is (byte)'$' or (byte)'%' or (byte)'@' or (byte)'<' or (byte)'{' or (byte)'[' or (byte)'(' || value.IndexOf("${"u8) >= 0 || value.IndexOf("{{"u8) >= 0)
            return true;
        Span<char> lower = stackalloc char[value.Length];
        for (int i = 0; i < value.Length; i++)
            lower[i] = char.ToLowerInvariant((char)value[i]);
        foreach (string word in Words)
        {
            if (((ReadOnlySpan<char>)lower).Contains(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
