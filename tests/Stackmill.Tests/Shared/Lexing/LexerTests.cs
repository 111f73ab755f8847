using System.Buffers;
using System.Text;
using CsCheck;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Shared.Lexing;

public sealed class LexerTests
{
    private static readonly string[] Languages =
    [
        "Python", "C", "C++", "Java", "C#", "JavaScript", "TypeScript", "Go", "Rust", "PHP", "Shell", "Ruby", "SQL", "JSON", "Lua", "Kotlin", "Swift", "Perl",
        "TOML", "Groovy", "Haskell", "OCaml", "F#", "Pascal", "Common Lisp", "Erlang", "Elixir", "Julia", "PowerShell", "Fortran", "VBA", "Batchfile", "TeX",
        "Makefile", "YAML", "INI", "CMake", "Nix", "HTML", "CSS", "D", "Zig", "Vim Script", "Assembly", "", "Markdown",
        "HCL", "Dockerfile", "Crystal", "Racket", "Emacs Lisp", "Clojure", "PLpgSQL", "PLSQL", "Scala", "Dart", "R", "XML", "Ada", "Jsonnet",
    ];

    private static readonly string[] Parts =
    [
        "'", "\"", "'''", "\"\"\"", "`", "\\", "\n", "\r\n", "\r", "/", "//", "/*", "*/", "*", "#", "{", "}", "${", "#{", "(", ")", "\\(", "[", "]", "$(", "%", "%w[",
        "<<A", "<<'A'", "<<<A", "A\n", "\nA\n", "r#\"", "\"#", "R\"(", "R\"x(", ")x\"", "f\"", "f'''", "$\"", "@\"", "$@\"", "=begin", "\n=end", "\n=pod\n", "\n=cut\n",
        "<<\"A B\"\n", "\nA B\n", "<<-A\n", "<< a\n", "#<<A\n", "$$", "$a$", " as $$", "do $a$", "delimiter $$\n", "[[", "[==[", "]==]", "#[[", "{id|", "|id}", "{%a b|", "[q|", "[x|x<-", "|]",
        "~s(", "~S\"\"\"", "~r/", "?\"", "?\\", "#\\", "s{", "}{", "tr/", "s\"", "r'", "r'''", "$/", "/$", "r\"--(", ")--\"", "<pre>", "</pre>", "<script>", "<script", "</", "<![CDATA[", "]]>", "|||", "((", "'\"'",
        "$$\"\"\"", "#\"", "\"#", "\\\\", ": |\n", "- >-\n", "q{", "qw(", "__END__", "?>", "<?", "<?php", "--", "--[[", "]]", "--[==[", "{-", "-}", "(*", "*)", "#|", "|#", "<#", "#>", "<!--", "-->", "\n'@", "rem ", "a", " ", "\t", ":", "é", "\0",
    ];

    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n\f\v"u8);

    private static List<LexicalSpan> Covering(Lexer lexer, byte[] text, string language)
    {
        var spans = lexer.Lex(text, language);
        var at = 0;
        foreach (var span in spans)
        {
            // The message is as long as the text: made for each span, it would take longer than the lexing.
            if (span.Start != at || span.End <= at)
                Assert.Fail($"{span} after {at} in {language}: {Convert.ToHexString(text)}");
            if (span.Kind == SpanKind.Whitespace)
                Assert.True(!text.AsSpan()[span.Start..span.End].ContainsAnyExcept(White));
            at = span.End;
        }

        Assert.Equal(text.Length, at);
        return spans;
    }

    [Fact]
    public void Spans_cover_any_splice_of_signs_exactly()
    {
        var lexer = new Lexer();
        Gen.Select(Gen.Int[0, Languages.Length - 1], Gen.Int[0, Parts.Length - 1].Array[0, 40]).Sample((language, parts) =>
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => Parts[p])));
            Covering(lexer, text, Languages[language]);
            var counts = lexer.Count(text, Languages[language]);
            var lines = text.Count(b => b == '\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);
            Assert.Equal(lines, counts.Code + counts.Comment + counts.Blank);
        }, iter: 100_000, threads: 1);
    }

    [Fact]
    public void Spans_cover_random_bytes_exactly()
    {
        var lexer = new Lexer();
        Gen.Select(Gen.Int[0, Languages.Length - 1], Gen.Byte.Array[0, 200]).Sample((language, text) =>
        {
            Covering(lexer, text, Languages[language]);
        }, iter: 30_000, threads: 1);
    }

    [Fact]
    public void Sources_of_this_project_truncated_and_spliced_are_covered()
    {
        var lexer = new Lexer();
        var files = Conventions.Repository.Sources().Take(60).Select(f => Encoding.UTF8.GetBytes(f.Text)).ToList();
        Assert.True(files.Count == 60);
        Gen.Select(Gen.Int[0, 59], Gen.Int[0, 59], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, Languages.Length - 1]).Sample((a, b, cutA, cutB, language) =>
        {
            byte[] text = [.. files[a][..(int)(files[a].Length * cutA)], .. files[b][(int)(files[b].Length * cutB)..]];
            Covering(lexer, text, Languages[language]);
        }, iter: 1_000, threads: 1);
    }

    [Fact]
    public void Steps_stay_linear_in_any_language_for_any_repeated_sign()
    {
        foreach (var language in Languages)
        {
            foreach (var part in Parts)
            {
                var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, 3_000)));
                var lexer = new Lexer();
                Covering(lexer, text, language);
                Assert.True(lexer.Steps <= 2L * text.Length + 2, $"{language}, {part}: {lexer.Steps} steps for {text.Length} bytes");
            }
        }
    }

    [Theory]
    [InlineData("Python", "x = '''a\n", true)]
    [InlineData("Python", "x = 'a\n", true)]
    [InlineData("Python", "x = f'''{a'''\n", true)]
    [InlineData("Python", "x = '''a'''\n", false)]
    [InlineData("C", "/* a", true)]
    [InlineData("C", "/* a */ int x; // b", false)]
    [InlineData("Rust", "/* /* */", true)]
    [InlineData("C++", "R\"x(a)\"", true)]
    [InlineData("Shell", "cat <<E\na\n", true)]
    [InlineData("Shell", "cat <<E\na\nE\n", false)]
    [InlineData("JavaScript", "`a${b", true)]
    [InlineData("Markdown", "don't", false)]
    public void Broken_text_is_called_degraded(string language, string text, bool degraded)
    {
        var lexer = new Lexer();
        lexer.Lex(Encoding.UTF8.GetBytes(text), language);
        Assert.Equal(degraded, lexer.Degraded);
    }

    [Fact]
    public void Spans_hold_markers_and_part_code_from_white_space_at_edges()
    {
        var text = "  x = \"\" // y\n\n/**/z"u8.ToArray();
        Assert.Equal(
            [
                new LexicalSpan(0, 2, SpanKind.Whitespace), new LexicalSpan(2, 5, SpanKind.Code), new LexicalSpan(5, 6, SpanKind.Whitespace),
                new LexicalSpan(6, 8, SpanKind.String), new LexicalSpan(8, 9, SpanKind.Whitespace), new LexicalSpan(9, 13, SpanKind.Comment),
                new LexicalSpan(13, 15, SpanKind.Whitespace), new LexicalSpan(15, 19, SpanKind.Comment), new LexicalSpan(19, 20, SpanKind.Code),
            ],
            Covering(new Lexer(), text, "C"));
    }

    [Theory]
    [InlineData("C", "int a; // b\n//\n\n/* c\n\n d */\n\"/*\";\n", 2, 3, 2)]
    [InlineData("Python", "'''doc\nmore\n\n'''\nx = '#' # y\n# z\n", 1, 4, 1)]
    [InlineData("Haskell", "{- a {- b -}\n-}\nx = \"--\" -- y\n-- z", 1, 3, 0)]
    [InlineData("PHP", "<p>it's</p>\n<?php # a\n// b\n?>\n", 3, 1, 0)]
    [InlineData("Perl", "x;\n=pod\n\ntext\n\n=cut\ny;\nq{# z\n};\n", 4, 3, 2)]
    [InlineData("Markdown", "# a\n\nb\n", 2, 0, 1)]
    [InlineData("Lua", "--[==[ a\n]] ]==] x\n--b\n", 1, 2, 0)]
    public void Lines_are_code_comment_or_blank(string language, string text, int code, int comment, int blank)
    {
        Assert.Equal(new LineCounts(code, comment, blank), new Lexer().Count(Encoding.UTF8.GetBytes(text), language));
    }

    [Fact]
    public void An_attribute_of_PHP_is_no_comment()
    {
        var text = "<?php\n#[Attr(\"x\")]\nfunction f() {} # c\n"u8;
        var counts = new Lexer().Count(text, "PHP");
        Assert.Equal((3, 0), (counts.Code, counts.Comment));
    }

    [Fact]
    public void Hostile_nesting_is_degraded_and_takes_no_memory_of_its_own()
    {
        var text = new byte[4 << 20];
        text.AsSpan().Fill((byte)'(');
        text.AsSpan(2 << 20).Fill((byte)')');
        "x = 'a'\n"u8.CopyTo(text.AsSpan(text.Length - 8));
        var lexer = new Lexer();
        Covering(lexer, "a = (1)\n"u8.ToArray(), "JavaScript");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var spans = Covering(lexer, text, "JavaScript");
        Assert.True(lexer.Degraded);
        Assert.Null(lexer.MeasureStructure(text, "JavaScript"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
        Assert.Contains(spans, s => s.Kind == SpanKind.String && s.Start == text.Length - 4);

        Covering(lexer, "a = (1)\n"u8.ToArray(), "JavaScript");
        Assert.False(lexer.Degraded);
        Assert.NotNull(lexer.MeasureStructure("a = (1)\n"u8, "JavaScript"));
    }
}
