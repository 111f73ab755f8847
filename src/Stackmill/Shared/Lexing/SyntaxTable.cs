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

    private static readonly LanguageSyntax Groovy = new(["//"], [SlashStar],
    [
        new("\"\"\"", "\"\"\"", HoleStyle.DollarBrace, multiLine: true),
        new("'''", "'''", multiLine: true),
        new("\"", "\"", HoleStyle.DollarBrace),
        Single,
    ]);

    private static readonly LanguageSyntax Swift = new(["//"], [NestedSlashStar],
    [
        new("\"\"\"", "\"\"\"", HoleStyle.BackslashParen, multiLine: true),
        new("#\"\"\"", "\"\"\"#", multiLine: true, escapes: false),
        new("##\"\"\"", "\"\"\"##", multiLine: true, escapes: false),
        new("#\"", "\"#", escapes: false),
        new("##\"", "\"##", escapes: false),
        new("\"", "\"", HoleStyle.BackslashParen),
    ]);

    private static readonly LanguageSyntax Php = new(["//", "#"], [SlashStar],
        [new("\"", "\"", HoleStyle.Php, multiLine: true), new("'", "'", multiLine: true)], SyntaxTraits.Php);

    private static readonly LanguageSyntax Shell = new(["#"], [],
        [new("\"", "\"", HoleStyle.Shell, multiLine: true), new("'", "'", multiLine: true, escapes: false), new("$'", "'", multiLine: true)],
        SyntaxTraits.Heredocs | SyntaxTraits.HashAtWordStart | SyntaxTraits.BareWords);

    private static readonly LanguageSyntax Ruby = new(["#"], [],
    [
        new("\"", "\"", HoleStyle.HashBrace, multiLine: true),
        new("'", "'", multiLine: true),
        new("`", "`", HoleStyle.HashBrace, multiLine: true),
    ], SyntaxTraits.Heredocs | SyntaxTraits.RegexLiterals | SyntaxTraits.RubyLiterals);

    // A quote in a regular expression must not turn the rest of the file around: quoted strings of one line only.
    private static readonly LanguageSyntax Perl = new(["#"], [], [Double, Single],
        SyntaxTraits.HashAtWordStart | SyntaxTraits.Heredocs | SyntaxTraits.PerlLiterals);

    private static readonly LanguageSyntax R = new(["#"], [],
    [
        new("r\"(", ")\"", multiLine: true, escapes: false),
        new("r'(", ")'", multiLine: true, escapes: false),
        new("\"", "\"", multiLine: true),
        new("'", "'", multiLine: true),
    ], SyntaxTraits.HashAtWordStart);

    private static readonly LanguageSyntax Toml = new(["#"], [],
    [
        TripleDouble,
        new("'''", "'''", multiLine: true, escapes: false),
        Double,
        new("'", "'", escapes: false),
    ]);

    // Backslashes escape in MySQL and not in the standard; dumps with \' are met far more often than '\'.
    private static readonly LanguageSyntax Sql = new(["--"], [SlashStar],
        [new("'", "'", multiLine: true, doubled: true), new("\"", "\"", multiLine: true, doubled: true), new("`", "`")]);

    private static readonly LanguageSyntax Json = new(["//"], [SlashStar], [Double]);

    private static readonly LanguageSyntax Lua = new(["--"],
        [("--[[", "]]", false), ("--[=[", "]=]", false), ("--[==[", "]==]", false), ("--[===[", "]===]", false)],
    [
        Double,
        Single,
        new("[[", "]]", multiLine: true, escapes: false),
        new("[=[", "]=]", multiLine: true, escapes: false),
        new("[==[", "]==]", multiLine: true, escapes: false),
        new("[===[", "]===]", multiLine: true, escapes: false),
    ]);

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
        ["Scala"] = Java,
        ["Dart"] = Groovy,
        ["Groovy"] = Groovy,
        ["Swift"] = Swift,
        ["PHP"] = Php,
        ["Shell"] = Shell,
        ["Ruby"] = Ruby,
        ["Perl"] = Perl,
        ["R"] = R,
        ["TOML"] = Toml,
        ["SQL"] = Sql,
        ["PLSQL"] = Sql,
        ["PLpgSQL"] = Sql,
        ["TSQL"] = Sql,
        ["JSON"] = Json,
        ["JSON with Comments"] = Json,
        ["JSON5"] = JavaScript,
        ["Lua"] = Lua,
    }.Concat(MoreSyntaxes.ByLanguage).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The syntax of a language by linguist's name; null when all of it is text.</summary>
    public static LanguageSyntax? Find(string language) => ByLanguage.GetValueOrDefault(language);
}
