namespace Stackmill.Shared.Lexing;

/// <summary>
/// Languages whose comments and literals are known well enough for cleaning and counting. Redaction takes them as text
/// (<see cref="SyntaxTraits.AllText"/>): it must not overlook a secret because a literal was read wrong.
/// </summary>
internal static class MoreSyntaxes
{
    private static readonly (string, string, bool) SlashStar = ("/*", "*/", false);
    private static readonly (string, string, bool) Angle = ("<!--", "-->", false);
    private static readonly StringForm Double = new("\"", "\"");
    private static readonly StringForm Single = new("'", "'");
    private static readonly StringForm DoubleDoubled = new("\"", "\"", escapes: false, doubled: true);
    private static readonly StringForm SingleDoubled = new("'", "'", escapes: false, doubled: true);
    private static readonly StringForm DoubleLines = new("\"", "\"", multiLine: true);
    private static readonly StringForm CData = new("<![CDATA[", "]]>", multiLine: true, escapes: false);
    private static readonly StringForm TripleDouble = new("\"\"\"", "\"\"\"", multiLine: true);

    /// <summary>Names of linguist, in families of the same forms.</summary>
    public static IEnumerable<KeyValuePair<string, LanguageSyntax>> ByLanguage =>
    [
        .. Of(["//"], [SlashStar], [Double, Single], "Objective-J", "Solidity", "Protocol Buffer", "Thrift", "GLSL", "HLSL", "OpenCL", "Metal",
            "Vala", "Processing", "Arduino", "Linker Script", "Yacc", "Lex", "Bison", "ActionScript", "Apex", "Haxe", "AIDL", "ANTLR", "QML"),
        .. Of(["//", "#"], [SlashStar], [Double, Single], "Pawn"),
        .. Of(["//", "#"], [SlashStar], [Double, Single, new("|||", "|||", multiLine: true, escapes: false)], "Jsonnet"),
        .. Of(["//", "#"], [SlashStar], [new("\"", "\"", HoleStyle.DollarBrace)], SyntaxTraits.None,
            new LiteralForms { Heredoc = new("<<", "-", "") { AnyLabel = true, Indented = true } }, "HCL"),
        .. Of(["//"], [SlashStar], [Double], "Verilog", "SystemVerilog"),
        .. Of(["//"], [SlashStar, ("/+", "+/", true)], [DoubleLines, Single, new("`", "`", multiLine: true, escapes: false)], "D"),
        .. Of(["//"], [], [new("\\\\", "\n", multiLine: true, escapes: false), Double, Single], "Zig"),
        .. Of([], [SlashStar], [Double, Single], "CSS"),
        .. Of(["//"], [SlashStar], [Double, Single], "SCSS", "Less", "Sass", "Stylus"),
        .. Of([], [Angle], [CData], "XML", "SVG", "Ant Build System", "Maven POM", "XSLT", "XML Property List"),
        .. Of([], [Angle], [CData], SyntaxTraits.None, new LiteralForms { PreservedElements = ["pre", "textarea", "listing", "xmp", "script"] }, "HTML", "Vue", "Svelte"),
        .. Of(["--"], [("{-", "-}", true)], [DoubleLines, Single], SyntaxTraits.QuotedCharacters,
            new LiteralForms { Tagged = [new("[", "|", "", "|]", TagKind.Quoter)] }, "Haskell"),
        .. Of(["--"], [("{-", "-}", true)], [TripleDouble, DoubleLines, Single], SyntaxTraits.QuotedCharacters, "Elm", "PureScript", "Idris", "Agda"),
        .. Of([], [("(*", "*)", true)], [DoubleLines, Single], SyntaxTraits.QuotedCharacters,
            new LiteralForms { Tagged = [new("{", "|", "|", "}", TagKind.SmallName)] }, "OCaml"),
        .. Of([], [("(*", "*)", true)], [DoubleLines], "Standard ML"),
        .. Of([], [("(*", "*)", true)], [new("\"", "\"", multiLine: true, escapes: false, doubled: true)], "Coq"),
        .. Of(["//"], [("(*", "*)", true)], [Single, TripleDouble, DoubleLines, new("@\"", "\"", multiLine: true, escapes: false, doubled: true)], SyntaxTraits.QuotedCharacters, "F#"),
        .. Of(["//"], [("{", "}", false), ("(*", "*)", false)], [SingleDoubled], "Pascal", "Component Pascal"),
        .. Of(["--"], [], [DoubleDoubled, new("'", "'", escapes: false)], SyntaxTraits.QuotedCharacters, "Ada", "VHDL"),
        .. Of([";"], [("#|", "|#", true)], [DoubleLines], SyntaxTraits.None, new LiteralForms { CharacterPrefix = "#\\" }, "Common Lisp", "Scheme", "NewLisp"),
        .. Of([";"], [("#|", "|#", true)], [DoubleLines], SyntaxTraits.None,
            new LiteralForms { CharacterPrefix = "#\\", Heredoc = new("#<<") { RestOfLine = true } }, "Racket"),
        .. Of([";"], [], [DoubleLines], SyntaxTraits.None, new LiteralForms { CharacterPrefix = "?" }, "Emacs Lisp"),
        .. Of([";"], [], [DoubleLines], SyntaxTraits.None, new LiteralForms { CharacterPrefix = "\\" }, "Clojure", "edn"),
        .. Of([";"], [], [DoubleLines], "Fennel"),
        .. Of(["%"], [], [TripleDouble, DoubleLines, Single], SyntaxTraits.None, new LiteralForms { CharacterPrefix = "$" }, "Erlang"),
        .. Of(["%"], [SlashStar], [Double, Single], "Prolog"),
        .. Of(["#"], [], [TripleDouble, new("'''", "'''", multiLine: true), Double, Single], "GDScript", "Nim", "Mojo"),
        .. Of(["#"], [], [TripleDouble, new("'''", "'''", multiLine: true), DoubleLines, Single], "CoffeeScript"),
        .. Of(["#"], [],
        [
            new("\"\"\"", "\"\"\"", HoleStyle.HashBrace, multiLine: true),
            new("'''", "'''", HoleStyle.HashBrace, multiLine: true),
            new("\"", "\"", HoleStyle.HashBrace, multiLine: true),
            new("'", "'", HoleStyle.HashBrace, multiLine: true),
        ], SyntaxTraits.Sigils, new LiteralForms { CharacterPrefix = "?" }, "Elixir"),
        .. Of(["#"], [],
        [
            new("\"", "\"", HoleStyle.HashBrace, multiLine: true),
            new("`", "`", HoleStyle.HashBrace, multiLine: true),
            Single,
        ], SyntaxTraits.RegexLiterals | SyntaxTraits.RubyLiterals, new LiteralForms { Heredoc = new("<<", "-", "'") { NeedsMark = true } }, "Crystal"),
        .. Of(["#"], [("#=", "=#", true)], [TripleDouble, DoubleLines], "Julia"),
        .. Of(["#"], [], [Double, Single], "Tcl", "Awk", "Gnuplot"),
        .. Of(["#"], [("<#", "#>", false)],
        [
            new("@\"", "\n\"@", multiLine: true, escapes: false),
            new("@'", "\n'@", multiLine: true, escapes: false),
            new("\"", "\"", multiLine: true, escapes: false, doubled: true),
            new("'", "'", multiLine: true, escapes: false, doubled: true),
        ], "PowerShell"),
        .. Of(["!"], [], [DoubleDoubled, SingleDoubled], "Fortran", "Fortran Free Form"),
        .. Of(["'"], [], [DoubleDoubled], "Visual Basic .NET", "VBA", "VBScript", "Visual Basic 6.0", "FreeBasic"),
        .. Of(["REM ", "rem ", "Rem ", "@REM ", "@rem ", "::"], [], [], SyntaxTraits.CommentsAtLineStart, "Batchfile"),
        .. Of(["%"], [], [], "TeX", "BibTeX", "PostScript"),
        .. Of(["#"], [], [], SyntaxTraits.HashAtWordStart, "Makefile", "Ignore List", "EditorConfig", "robots.txt"),
        .. Of(["#"], [], [], SyntaxTraits.HashAtWordStart,
            new LiteralForms { Heredoc = new("<<", "-") { AnyLabel = true, FreeLabel = true, Indentation = "\t" } }, "Dockerfile"),
        .. Of(["#"], [], [Double, SingleDoubled], SyntaxTraits.HashAtWordStart | SyntaxTraits.IndentedBlocks | SyntaxTraits.ApostrophesInText, "YAML"),
        .. Of([";", "#"], [], [], SyntaxTraits.CommentsAtLineStart, "INI", "Java Properties", "Git Config"),
        .. Of(["#"], [], [DoubleLines], SyntaxTraits.None, new LiteralForms
        {
            Tagged = [new("#[", "[", "]", "]", TagKind.Equals, IsComment: true), new("[", "[", "]", "]", TagKind.Equals)],
        }, "CMake"),
        .. Of(["#"], [SlashStar], [DoubleLines, new("''", "''", multiLine: true, escapes: false)], "Nix"),
        .. Of(["#"], [], [Double, Single], "Meson", "Nginx", "Bitbake"),
        .. Of(["#"], [], [TripleDouble, Double], "GraphQL", "Gherkin"),
        .. Of(["\""], [], [], SyntaxTraits.CommentsAtLineStart, "Vim Script"),
        .. Of([";", "//"], [SlashStar], [], "Assembly", "Unix Assembly"),
    ];

    private static IEnumerable<KeyValuePair<string, LanguageSyntax>> Of(
        string[] lineComments, (string, string, bool)[] blockComments, StringForm[] strings, params string[] languages) =>
        Of(lineComments, blockComments, strings, SyntaxTraits.None, languages);

    private static IEnumerable<KeyValuePair<string, LanguageSyntax>> Of(
        string[] lineComments, (string, string, bool)[] blockComments, StringForm[] strings, SyntaxTraits traits, params string[] languages) =>
        Of(lineComments, blockComments, strings, traits, LiteralForms.None, languages);

    private static IEnumerable<KeyValuePair<string, LanguageSyntax>> Of(
        string[] lineComments, (string, string, bool)[] blockComments, StringForm[] strings, SyntaxTraits traits, LiteralForms forms, params string[] languages)
    {
        var syntax = new LanguageSyntax(lineComments, blockComments, strings, traits | SyntaxTraits.AllText, forms);
        return languages.Select(l => KeyValuePair.Create(l, syntax));
    }
}
