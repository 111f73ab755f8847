using System.Text;

namespace Stackmill.Shared.Lexing;

/// <summary>What may stand between the two halves of an opening delimiter.</summary>
internal enum TagKind : byte
{
    /// <summary>Any number of <c>=</c>, none included: Lua, CMake.</summary>
    Equals,

    /// <summary>Any number of <c>-</c>, none included: R.</summary>
    Dashes,

    /// <summary>A name, or nothing: PostgreSQL.</summary>
    Name,

    /// <summary>A name in small letters, or nothing; <c>%extension</c> and a blank may come before: OCaml.</summary>
    SmallName,

    /// <summary>The name of a quoter, which the end doesn't repeat: Haskell.</summary>
    Quoter,
}

/// <summary>A literal or comment whose end repeats what its opening delimiter holds between two fixed halves, without escapes or holes.</summary>
internal sealed record TaggedForm(string First, string Second, string CloseFirst, string CloseSecond, TagKind Kind, bool IsComment = false)
{
    /// <summary>CMake's own modules rule lines with some 70 signs; the limit keeps a run of openings linear.</summary>
    private const int LongestTag = 200;

    private readonly byte[] _first = Encoding.ASCII.GetBytes(First);
    private readonly byte[] _second = Encoding.ASCII.GetBytes(Second);
    private readonly byte[] _closeFirst = Encoding.ASCII.GetBytes(CloseFirst);
    private readonly byte[] _closeSecond = Encoding.ASCII.GetBytes(CloseSecond);

    public byte FirstByte => _first[0];

    /// <summary>The length of the opening delimiter that <paramref name="rest"/> starts with, and what closes it; 0 when it starts with none.</summary>
    public int Match(ReadOnlySpan<byte> rest, out byte[] close)
    {
        close = [];
        if (!rest.StartsWith(_first))
            return 0;
        int start = _first.Length;
        int limit = Math.Min(rest.Length, start + LongestTag);
        if (Kind == TagKind.SmallName && start < limit && rest[start] == '%')
        {
            while (start < limit && rest[start] is not ((byte)' ' or (byte)'|' or (byte)'\n'))
                start++;
            while (start < limit && rest[start] == ' ')
                start++;
        }

        int end = start;
        while (end < limit && Holds(rest[end], end == start))
            end++;
        if (!rest[end..].StartsWith(_second) || (Kind == TagKind.Quoter && end == start))
            return 0;
        close = Kind == TagKind.Quoter ? _closeSecond : [.. _closeFirst, .. rest[start..end], .. _closeSecond];
        return end + _second.Length;
    }

    private bool Holds(byte b, bool first)
    {
        char c = (char)b;
        return Kind switch
        {
            TagKind.Equals => b == '=',
            TagKind.Dashes => b == '-',
            TagKind.SmallName => char.IsAsciiLetterLower(c) || b == '_',
            TagKind.Quoter => char.IsAsciiLetter(c) || b == '_' || (!first && (char.IsAsciiDigit(c) || b is (byte)'.' or (byte)'\'')),
            _ => char.IsAsciiLetter(c) || b is (byte)'_' or >= 0x80 || (!first && char.IsAsciiDigit(c)),
        };
    }
}

/// <summary>How here-documents of a language start and end.</summary>
/// <param name="Opener">What comes before the label.</param>
/// <param name="Marks">One of these after the opener lets the last line be indented.</param>
/// <param name="Quotes">What may stand around the label.</param>
internal sealed record HeredocForm(string Opener, string Marks = "", string Quotes = "'\"")
{
    /// <summary>There is no here-document without a mark (Crystal).</summary>
    public bool NeedsMark { get; init; }

    /// <summary>Labels without quotes may begin with a small letter: the opener is no operator otherwise.</summary>
    public bool AnyLabel { get; init; }

    /// <summary>Blanks may stand before the label.</summary>
    public bool Blanks { get; init; }

    /// <summary>Labels may hold any sign between quotes, and most without (shells).</summary>
    public bool FreeLabel { get; init; }

    /// <summary>The label is the rest of the line (Racket).</summary>
    public bool RestOfLine { get; init; }

    /// <summary>The last line may be indented without a mark as well.</summary>
    public bool Indented { get; init; }

    /// <summary>Code may follow the closing label (PHP).</summary>
    public bool CodeAfter { get; init; }

    /// <summary>What the last line may be indented with.</summary>
    public string Indentation { get; init; } = " \t";

    /// <summary>The opener as it stands in a file.</summary>
    public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(Opener);
}

/// <summary>The literal forms of a language that need more than an opening and a closing delimiter.</summary>
internal sealed record LiteralForms
{
    public static readonly LiteralForms None = new();

    public HeredocForm? Heredoc { get; init; }

    public TaggedForm[] Tagged { get; init; } = [];

    /// <summary>What takes the next sign, a quote too, as a character: <c>?"</c>, <c>#\;</c>. A backslash between belongs to it unless the prefix ends with one.</summary>
    public string CharacterPrefix { get; init; } = "";

    /// <summary>Elements of markup in whose content white space counts.</summary>
    public string[] PreservedElements { get; init; } = [];
}
