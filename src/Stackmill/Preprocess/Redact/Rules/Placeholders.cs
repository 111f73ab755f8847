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

    // These stand in passwords that people use ("Admin@2019!") as well as in stand-ins; they tell nothing of a value that has all it takes.
    private static readonly HashSet<string> Weak =
    [
        "passw", "secret", "token", "test", "demo", "user", "admin", "root", "guest", "login", "welcome", "qwerty", "abc123", "1234", "default", "valid", "auth", "foo", "value", "key_", "_key", "pass",
    ];

    private const int LongEnoughForChance = 20;

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
        bool strong = IsStrong(value);
        foreach (string word in Words)
        {
            // Four characters come up in long random values by chance.
            if (((ReadOnlySpan<char>)lower).Contains(word, StringComparison.Ordinal) && !(strong && (Weak.Contains(word) || (value.Length >= LongEnoughForChance && word.Length <= 4))))
                return true;
        }
        return false;
    }

    // Both cases, a digit and a mark; or long, with letters and digits that take turns.
    private static bool IsStrong(ReadOnlySpan<byte> value)
    {
        bool upper = false;
        bool lower = false;
        bool mark = false;
        int digits = 0;
        int turns = 0;
        for (int i = 0; i < value.Length; i++)
        {
            byte b = value[i];
            bool digit = Shapes.IsDigit(b);
            upper |= b is >= (byte)'A' and <= (byte)'Z';
            lower |= b is >= (byte)'a' and <= (byte)'z';
            mark |= b is (byte)'!' or (byte)'@' or (byte)'#' or (byte)'%' or (byte)'^' or (byte)'&' or (byte)'*' or (byte)'+' or (byte)'?' or (byte)'~';
            digits += digit ? 1 : 0;
            turns += i > 0 && digit != Shapes.IsDigit(value[i - 1]) ? 1 : 0;
        }
        return (upper && lower && mark && digits > 0 && value.Length >= 8) || (value.Length >= LongEnoughForChance && digits > 0 && turns >= value.Length / 6 && value.IndexOfAny("_-. "u8) < 0);
    }
}
