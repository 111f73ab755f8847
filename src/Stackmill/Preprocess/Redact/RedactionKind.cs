using System.Text;

namespace Stackmill.Preprocess.Redact;

/// <summary>What a rule finds; each kind has its own placeholder and numbers.</summary>
internal enum RedactionKind : byte
{
    Email,
    Key,
    Ssn,
    CreditCard,
    Phone,
    IpAddress,
    Iban,
    NationalId,
    Passport,
    MacAddress,
    UserPath,
    Name,
    Location,
}

/// <summary>The names of the kinds, in reports and in placeholders.</summary>
internal static class RedactionKinds
{
    private static readonly string[] Names =
        ["email", "key", "ssn", "credit_card", "phone", "ip_address", "iban", "national_id", "passport", "mac_address", "user_path", "name", "location"];

    private static readonly byte[][] Openings = [.. Names.Select(n => Encoding.ASCII.GetBytes("<" + n.ToUpperInvariant()))];

    // Of the style hash; a number of the style numbered has fewer.
    private const int LongestTail = 16;

    public const int Count = 13;

    /// <summary>All names, in the order of the kinds.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>snake_case name, as in reports.</summary>
    public static string Name(RedactionKind kind) => Names[(int)kind];

    /// <summary>The bytes of a placeholder up to its underline: <c>&lt;EMAIL</c>.</summary>
    public static ReadOnlySpan<byte> Opening(RedactionKind kind) => Openings[(int)kind];

    /// <summary>Length of the placeholder that begins at <paramref name="at"/>, of any style that has marks (<c>&lt;EMAIL_1&gt;</c>, <c>&lt;EMAIL&gt;</c>, <c>&lt;EMAIL_09af…&gt;</c>); 0 when none does.</summary>
    public static int PlaceholderLength(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] != '<')
            return 0;
        if (text[at..].StartsWith("<PASSWORD>"u8))
            return 10;
        foreach (byte[] opening in Openings)
        {
            if (!text[at..].StartsWith(opening))
                continue;
            int end = at + opening.Length;
            if (Shapes.At(text, end) == '>')
                return end + 1 - at;
            if (Shapes.At(text, end) != '_')
                continue;
            int tail = Shapes.Run(text, end + 1, Shapes.LowerHex, LongestTail + 1);
            if (tail is > 0 and <= LongestTail && Shapes.At(text, end + 1 + tail) == '>')
                return end + tail + 2 - at;
        }
        return 0;
    }
}
