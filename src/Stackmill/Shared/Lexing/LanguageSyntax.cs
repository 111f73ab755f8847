using System.Buffers;
using System.Text;

namespace Stackmill.Shared.Lexing;

/// <summary>What a byte of source text is to a compiler.</summary>
internal enum LexicalContext : byte
{
    /// <summary>Neither comment nor string content; delimiters of strings count as code, and so do expressions inside string templates.</summary>
    Code,

    /// <summary>The content of a comment, without its markers.</summary>
    Comment,

    /// <summary>The content of a string, character or heredoc literal, without its delimiters.</summary>
    String,
}

/// <summary>One stretch of a file that is not code, in bytes. Stretches are in order and never overlap.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">The byte after the last one.</param>
/// <param name="Context">Comment or string; code for a literal that redaction takes as code: a regular expression, a line of a here-document that runs commands.</param>
/// <param name="Quote">First byte of the closing delimiter of a string; 0 for comments and heredocs.</param>
/// <param name="Head">Bytes before <paramref name="Start"/> that are its opening marker.</param>
/// <param name="Tail">Bytes from <paramref name="End"/> on that are its closing marker.</param>
internal readonly record struct Segment(int Start, int End, LexicalContext Context, byte Quote, int Head, int Tail)
{
    /// <summary>The <see cref="Quote"/> of markup around code (PHP), which is a comment to redaction and code to line counts.</summary>
    public const byte Markup = (byte)'<';
}

/// <summary>How expressions are embedded in a string literal.</summary>
internal enum HoleStyle : byte
{
    None,

    /// <summary><c>{expression:format}</c>; <c>{{</c> is a brace. Python f-strings, C# interpolation.</summary>
    Brace,

    /// <summary><c>{{expression}}</c>: raw strings of C# with two dollar signs.</summary>
    DoubleBrace,

    /// <summary><c>${expression}</c>: JavaScript, Kotlin, Scala, Dart.</summary>
    DollarBrace,

    /// <summary><c>#{expression}</c>: Ruby.</summary>
    HashBrace,

    /// <summary><c>$(command)</c>, <c>${expansion}</c> and backticks: shells.</summary>
    Shell,

    /// <summary><c>{$expression}</c> and <c>${name}</c>: PHP.</summary>
    Php,

    /// <summary><c>\(expression)</c>: Swift.</summary>
    BackslashParen,
}

/// <summary>Peculiarities that a table of delimiters can't express.</summary>
[Flags]
internal enum SyntaxTraits
{
    None = 0,

    /// <summary>A <c>/</c> where an operand is expected starts a regular expression.</summary>
    RegexLiterals = 1 << 0,

    /// <summary>A quote right after a word that is no keyword is no string (an apostrophe in JSX text).</summary>
    ApostrophesInText = 1 << 1,

    /// <summary><c>'a</c> may be a lifetime (Rust).</summary>
    Lifetimes = 1 << 2,

    /// <summary><c>1'000</c> is a number, <c>R"x(…)x"</c> a raw string (C++).</summary>
    CppLiterals = 1 << 3,

    /// <summary><c>r#"…"#</c> is a raw string (Rust).</summary>
    RustRawStrings = 1 << 4,

    /// <summary>Letters before a quote choose the form (Python).</summary>
    PythonPrefixes = 1 << 5,

    /// <summary><c>~s(…)</c>, <c>~S"""…"""</c> with any delimiter (Elixir).</summary>
    Sigils = 1 << 6,

    /// <summary>Code stands between <c>&lt;?php</c> and <c>?&gt;</c> only (PHP).</summary>
    Php = 1 << 7,

    /// <summary><c>#</c> starts a comment only at the start of a word.</summary>
    HashAtWordStart = 1 << 8,

    /// <summary>Words outside quotes are values too: a replacement there must bring its own quotes (shells).</summary>
    BareWords = 1 << 9,

    /// <summary><c>%w[…]</c>, <c>=begin</c> … <c>=end</c>, <c>?'</c> (Ruby).</summary>
    RubyLiterals = 1 << 10,

    /// <summary>Redaction takes the whole file as text: words outside strings are data (markup, settings), or the lexing is not proven for it.</summary>
    AllText = 1 << 11,

    /// <summary><c>q{…}</c>, <c>qq</c>, <c>qw</c>, <c>qr</c>, POD and <c>__END__</c> (Perl).</summary>
    PerlLiterals = 1 << 13,

    /// <summary>Three quotes or more open a raw string that as many close (C#).</summary>
    RawQuotes = 1 << 14,

    /// <summary><c>|</c> and <c>></c> at the end of a line start a block that its indentation ends (YAML).</summary>
    IndentedBlocks = 1 << 15,

    /// <summary>Line comments count only as the first thing of a line (batch files, Fortran's fixed form).</summary>
    CommentsAtLineStart = 1 << 12,

    /// <summary>An apostrophe starts a literal only around one character; it may be part of a name elsewhere (Haskell, OCaml, Ada, Scala).</summary>
    QuotedCharacters = 1 << 16,
}

/// <summary>What must stand right before an opening delimiter.</summary>
internal enum LetterBefore : byte
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>The letter r, of no longer word: raw strings of Dart.</summary>
    R,

    /// <summary>A name: interpolated strings of Scala.</summary>
    Name,
}

/// <summary>One kind of string literal.</summary>
internal sealed class StringForm
{
    public StringForm(string open, string close, HoleStyle holes = HoleStyle.None, bool multiLine = false, bool escapes = true, bool doubled = false)
    {
        Open = Encoding.ASCII.GetBytes(open);
        Close = Encoding.ASCII.GetBytes(close);
        Holes = holes;
        MultiLine = multiLine;
        Escapes = escapes;
        Doubled = doubled;
        List<byte> stops = [Close[0], (byte)'\\'];
        if (!multiLine)
            stops.Add((byte)'\n');
        stops.AddRange(holes switch
        {
            HoleStyle.Brace or HoleStyle.DoubleBrace => "{"u8.ToArray(),
            HoleStyle.DollarBrace => "$"u8.ToArray(),
            HoleStyle.HashBrace => "#"u8.ToArray(),
            HoleStyle.Shell => "$`"u8.ToArray(),
            HoleStyle.Php => "{$"u8.ToArray(),
            _ => [],
        });
        Stops = SearchValues.Create(stops.ToArray());
    }

    public byte[] Open { get; }

    /// <summary>What chooses this form among those with the same delimiter.</summary>
    public LetterBefore Before { get; init; }

    public byte[] Close { get; }

    public HoleStyle Holes { get; }

    /// <summary>False: a line end before the closing delimiter means that it was no string after all.</summary>
    public bool MultiLine { get; }

    /// <summary>True when a backslash takes the next byte with it.</summary>
    public bool Escapes { get; }

    /// <summary>True when a doubled delimiter stands for one (<c>'it''s'</c>).</summary>
    public bool Doubled { get; }

    /// <summary>The bytes at which a scan of the content has to look closer.</summary>
    public SearchValues<byte> Stops { get; }
}

/// <summary>A comment that ends with <paramref name="Close"/>.</summary>
internal readonly record struct BlockComment(byte[] Open, byte[] Close, bool Nests);

/// <summary>The comment and string forms of a family of languages; enough to tell code, comment and string apart, no more.</summary>
internal sealed class LanguageSyntax
{
    private readonly bool[] _special = new bool[256];
    private readonly StringForm[][] _byFirst = new StringForm[256][];

    public LanguageSyntax(
        string[] lineComments, (string Open, string Close, bool Nests)[] blockComments, StringForm[] strings,
        SyntaxTraits traits = SyntaxTraits.None, LiteralForms? forms = null)
    {
        Forms = forms ?? LiteralForms.None;
        TaggedComments = [.. Forms.Tagged.Where(t => t.IsComment)];
        TaggedStrings = [.. Forms.Tagged.Where(t => !t.IsComment)];
        LineComments = [.. lineComments.Select(Encoding.ASCII.GetBytes)];
        BlockComments = [.. blockComments.Select(c => new BlockComment(Encoding.ASCII.GetBytes(c.Open), Encoding.ASCII.GetBytes(c.Close), c.Nests))];
        Strings = [.. strings.OrderByDescending(s => s.Open.Length).ThenByDescending(s => s.Before)];
        for (int b = 0; b < 256; b++)
            _byFirst[b] = [.. Strings.Where(s => s.Open[0] == b)];
        Traits = traits;
        foreach (byte[] open in LineComments.Concat(BlockComments.Select(c => c.Open)).Concat(Strings.Select(s => s.Open)))
            _special[open[0]] = true;
        if (Strings.Any(s => s.Holes != HoleStyle.None) || (traits & (SyntaxTraits.RegexLiterals | SyntaxTraits.PythonPrefixes)) != 0)
            Mark("(){}[]:");
        foreach (TaggedForm tagged in Forms.Tagged)
            _special[tagged.FirstByte] = true;
        if (Forms.Heredoc is { } heredoc)
            Mark(heredoc.Opener[..1] + "\n");
        if (Forms.CharacterPrefix.Length > 0)
            Mark(Forms.CharacterPrefix[..1]);
        if (Forms.PreservedElements.Length > 0)
            Mark("<");
        if (traits.HasFlag(SyntaxTraits.Sigils))
            Mark("~");
        if (traits.HasFlag(SyntaxTraits.RegexLiterals))
            Mark("/");
        if (traits.HasFlag(SyntaxTraits.RubyLiterals))
            Mark("%=");
        if (traits.HasFlag(SyntaxTraits.Php))
            Mark("?");
        if (traits.HasFlag(SyntaxTraits.BareWords))
            Mark("\\");
        if (traits.HasFlag(SyntaxTraits.IndentedBlocks))
            Mark("|>");
        if (traits.HasFlag(SyntaxTraits.PerlLiterals))
            Mark("=q_{/([!|");
        Special = SearchValues.Create([.. Enumerable.Range(0, 256).Where(b => _special[b]).Select(b => (byte)b)]);
    }

    public byte[][] LineComments { get; }

    public BlockComment[] BlockComments { get; }

    /// <summary>Longest opening delimiter first.</summary>
    public StringForm[] Strings { get; }

    public LiteralForms Forms { get; }

    public TaggedForm[] TaggedComments { get; }

    public TaggedForm[] TaggedStrings { get; }

    /// <summary>The forms whose opening delimiter begins with a byte, longest first.</summary>
    public StringForm[] StringsAt(byte first) => _byFirst[first];

    public SyntaxTraits Traits { get; }

    public bool Has(SyntaxTraits trait) => (Traits & trait) != 0;

    /// <summary>The bytes at which a scan of code has to look closer.</summary>
    public SearchValues<byte> Special { get; }

    private void Mark(string bytes)
    {
        foreach (char c in bytes)
            _special[c] = true;
    }
}
