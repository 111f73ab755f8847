using System.Collections.Frozen;

namespace Stackmill.Shared.Lexing;

/// <summary>
/// Which syntax a language has. A language that is not here (prose, unknown) is text from first to last byte.
/// </summary>
internal static class SyntaxTable
{
    private static readonly (string, string, bool) SlashStar = ("/*", "*/", false);
    private static readonly (string, string, bool) NestedSlashStar = ("/*", "*/", true);
    private static readonly StringForm Double = new("\"", "\"");
    private static readonly StringForm Single = new("'", "'");
    private static readonly StringForm TripleDouble = new("\"\"\"", "\"\"\"", multiLine: true);

    /// <summary>Python's forms without and with holes; <see cref="SyntaxTraits.PythonPrefixes"/> picks from the second list.</summary>
    internal static readonly StringForm[] PythonTemplates =
    [
        new("\"\"\"", "\"\"\"", HoleStyle.Brace, multiLine: true),
        new("'''", "'''", HoleStyle.Brace, multiLine: true),
        new("\"", "\"", HoleStyle.Brace),
        new("'", "'", HoleStyle.Brace),
    ];

    /// <summary>What may follow the name of a sigil (Elixir): with holes, and without.</summary>
    internal static readonly StringForm[] Sigils = SigilForms(HoleStyle.HashBrace);

    internal static readonly StringForm[] VerbatimSigils = SigilForms(HoleStyle.None);

    private static readonly LanguageSyntax Python = new(["#"], [],
        [TripleDouble, new("'''", "'''", multiLine: true), Double, Single], SyntaxTraits.PythonPrefixes);

    private static readonly LanguageSyntax C = new(["//"], [SlashStar], [Double, Single], SyntaxTraits.CppLiterals);

    private static readonly LanguageSyntax Java = new(["//"], [SlashStar], [TripleDouble, Double, Single]);

    private static readonly LanguageSyntax CSharp = new(["//"], [SlashStar],
    [
        new("\"\"\"", "\"\"\"", multiLine: true, escapes: false),
        new("$\"\"\"", "\"\"\"", HoleStyle.Brace, multiLine: true, escapes: false),
        new("$$\"\"\"", "\"\"\"", HoleStyle.DoubleBrace, multiLine: true, escapes: false),
        new("$$$\"\"\"", "\"\"\"", multiLine: true, escapes: false),
        new("@\"", "\"", multiLine: true, escapes: false, doubled: true),
        new("$@\"", "\"", HoleStyle.Brace, multiLine: true, escapes: false, doubled: true),
        new("@$\"", "\"", HoleStyle.Brace, multiLine: true, escapes: false, doubled: true),
        new("$\"", "\"", HoleStyle.Brace),
        Double,
        Single,
    ], SyntaxTraits.RawQuotes);

    private static readonly LanguageSyntax JavaScript = new(["//"], [SlashStar],
        [Double, Single, new("`", "`", HoleStyle.DollarBrace, multiLine: true)],
        SyntaxTraits.RegexLiterals | SyntaxTraits.ApostrophesInText);

    private static readonly LanguageSyntax Go = new(["//"], [SlashStar],
        [Double, Single, new("`", "`", multiLine: true, escapes: false)]);

    private static readonly LanguageSyntax Rust = new(["//"], [NestedSlashStar],
        [new("\"", "\"", multiLine: true), Single], SyntaxTraits.Lifetimes | SyntaxTraits.RustRawStrings);

    private static readonly LanguageSyntax Kotlin = new(["//"], [NestedSlashStar],
    [
        new("\"\"\"", "\"\"\"", HoleStyle.DollarBrace, multiLine: true, escapes: false),
        new("\"", "\"", HoleStyle.DollarBrace),
        Single,
    ]);

    private static readonly LanguageSyntax Scala = new(["//"], [NestedSlashStar],
    [
        new("\"\"\"", "\"\"\"", multiLine: true, escapes: false),
        new("\"\"\"", "\"\"\"", HoleStyle.DollarBrace, multiLine: true, escapes: false) { Before = LetterBefore.Name },
        Double,
        new("\"", "\"", HoleStyle.DollarBrace) { Before = LetterBefore.Name },
        Single,
    ], SyntaxTraits.QuotedCharacters);

    private static readonly LanguageSyntax Dart = new(["//"], [NestedSlashStar],
    [
        new("\"\"\"", "\"\"\"", HoleStyle.DollarBrace, multiLine: true),
        new("'''", "'''", HoleStyle.DollarBrace, multiLine: true),
        new("\"", "\"", HoleStyle.DollarBrace),
        new("'", "'", HoleStyle.DollarBrace),
        new("\"\"\"", "\"\"\"", multiLine: true, escapes: false) { Before = LetterBefore.R },
        new("'''", "'''", multiLine: true, escapes: false) { Before = LetterBefore.R },
        new("\"", "\"", escapes: false) { Before = LetterBefore.R },
        new("'", "'", escapes: false) { Before = LetterBefore.R },
    ]);

    // A slashy string of several lines looks like two divisions: those of one line only.
    private static readonly LanguageSyntax Groovy = new(["//"], [SlashStar],
    [
        new("$/", "/$", HoleStyle.DollarBrace, multiLine: true, escapes: false),
        new("\"\"\"", "\"\"\"", HoleStyle.DollarBrace, multiLine: true),
        new("'''", "'''", multiLine: true),
        new("\"", "\"", HoleStyle.DollarBrace),
        Single,
    ], SyntaxTraits.RegexLiterals);

    private static readonly LanguageSyntax Swift = new(["//"], [NestedSlashStar],
    [
        new("\"\"\"", "\"\"\"", HoleStyle.BackslashParen, multiLine: true),
        new("#\"\"\"", "\"\"\"#", multiLine: true, escapes: false),
        new("##\"\"\"", "\"\"\"##", multiLine: true, escapes: false),
        new("###\"\"\"", "\"\"\"###", multiLine: true, escapes: false),
        new("###\"", "\"###", escapes: false),
        new("#\"", "\"#", escapes: false),
        new("##\"", "\"##", escapes: false),
        new("\"", "\"", HoleStyle.BackslashParen),
    ]);

    private static readonly LanguageSyntax Php = new(["//", "#"], [SlashStar],
        [new("\"", "\"", HoleStyle.Php, multiLine: true), new("'", "'", multiLine: true)], SyntaxTraits.Php,
        new LiteralForms { Heredoc = new("<<<") { AnyLabel = true, Blanks = true, Indented = true, CodeAfter = true } });

    private static readonly LanguageSyntax Shell = new(["#"], [],
        [new("\"", "\"", HoleStyle.Shell, multiLine: true), new("'", "'", multiLine: true, escapes: false), new("$'", "'", multiLine: true)],
        SyntaxTraits.HashAtWordStart | SyntaxTraits.BareWords,
        new LiteralForms { Heredoc = new("<<", "-") { AnyLabel = true, Blanks = true, FreeLabel = true, Indentation = "\t" } });

    private static readonly LanguageSyntax Ruby = new(["#"], [],
    [
        new("\"", "\"", HoleStyle.HashBrace, multiLine: true),
        new("'", "'", multiLine: true),
        new("`", "`", HoleStyle.HashBrace, multiLine: true),
    ], SyntaxTraits.RegexLiterals | SyntaxTraits.RubyLiterals, new LiteralForms { Heredoc = new("<<", "-~", "'\"`") });

    // A quote in a regular expression that is not seen as one must not turn the rest of the file around: quoted strings of one line only.
    private static readonly LanguageSyntax Perl = new(["#"], [], [Double, Single],
        SyntaxTraits.HashAtWordStart | SyntaxTraits.PerlLiterals, new LiteralForms { Heredoc = new("<<", "~", "'\"`") { FreeLabel = true } });

    private static readonly LanguageSyntax R = new(["#"], [],
    [
        new("\"", "\"", multiLine: true),
        new("'", "'", multiLine: true),
    ], SyntaxTraits.HashAtWordStart, new LiteralForms
    {
        Tagged =
        [
            new("r\"", "(", ")", "\"", TagKind.Dashes), new("r'", "(", ")", "'", TagKind.Dashes), new("R\"", "(", ")", "\"", TagKind.Dashes),
            new("r\"", "[", "]", "\"", TagKind.Dashes), new("r\"", "{", "}", "\"", TagKind.Dashes),
        ],
    });

    private static readonly LanguageSyntax Toml = new(["#"], [],
    [
        TripleDouble,
        new("'''", "'''", multiLine: true, escapes: false),
        Double,
        new("'", "'", escapes: false),
    ]);

    // Backslashes escape in MySQL and not in the standard; dumps with \' are met far more often than '\'.
    private static readonly StringForm[] SqlStrings =
        [new("'", "'", multiLine: true, doubled: true), new("\"", "\"", multiLine: true, doubled: true), new("`", "`")];

    private static readonly LanguageSyntax Sql = new(["--"], [SlashStar], SqlStrings);

    // Dollars have other meanings in PL/SQL ($$name) and Transact-SQL.
    private static readonly LanguageSyntax SqlWithDollars = new(["--"], [SlashStar], SqlStrings, SyntaxTraits.None,
        new LiteralForms { Tagged = [new("$", "$", "$", "$", TagKind.Name)] });

    private static readonly LanguageSyntax Json = new(["//"], [SlashStar], [Double]);

    private static readonly LanguageSyntax Lua = new(["--"], [], [Double, Single], SyntaxTraits.None, new LiteralForms
    {
        Tagged = [new("--[", "[", "]", "]", TagKind.Equals, IsComment: true), new("[", "[", "]", "]", TagKind.Equals)],
    });

    private static readonly FrozenDictionary<string, LanguageSyntax> ByLanguage = new Dictionary<string, LanguageSyntax>(StringComparer.OrdinalIgnoreCase)
    {
        ["Python"] = Python,
        ["Cython"] = Python,
        ["Starlark"] = Python,
        ["C"] = C,
        ["C++"] = C,
        ["Objective-C"] = C,
        ["Objective-C++"] = C,
        ["Cuda"] = C,
        ["Java"] = Java,
        ["C#"] = CSharp,
        ["JavaScript"] = JavaScript,
        ["TypeScript"] = JavaScript,
        ["TSX"] = JavaScript,
        ["JSX"] = JavaScript,
        ["Go"] = Go,
        ["Rust"] = Rust,
        ["Kotlin"] = Kotlin,
        ["Scala"] = Scala,
        ["Dart"] = Dart,
        ["Groovy"] = Groovy,
        ["Swift"] = Swift,
        ["PHP"] = Php,
        ["Shell"] = Shell,
        ["Ruby"] = Ruby,
        ["Perl"] = Perl,
        ["R"] = R,
        ["TOML"] = Toml,
        ["SQL"] = SqlWithDollars,
        ["PLSQL"] = Sql,
        ["PLpgSQL"] = SqlWithDollars,
        ["TSQL"] = Sql,
        ["JSON"] = Json,
        ["JSON with Comments"] = Json,
        ["JSON5"] = JavaScript,
        ["Lua"] = Lua,
    }.Concat(MoreSyntaxes.ByLanguage).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The syntax of a language by linguist's name; null when all of it is text.</summary>
    public static LanguageSyntax? Find(string language) => ByLanguage.GetValueOrDefault(language);

    private static StringForm[] SigilForms(HoleStyle holes) =>
    [
        .. new[] { ("\"\"\"", "\"\"\""), ("'''", "'''"), ("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("/", "/"), ("|", "|"), ("\"", "\""), ("'", "'") }
            .Select(d => new StringForm(d.Item1, d.Item2, holes, multiLine: true)),
    ];
}
