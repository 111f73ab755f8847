using System.Text;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Shared.Lexing;

public sealed class LiteralFormTests
{
    /// <summary>Each literal or part of one, between bars.</summary>
    private static string Literals(string language, string text, out bool degraded)
    {
        var lexer = new Lexer();
        var bytes = Encoding.UTF8.GetBytes(text);
        var found = lexer.Lex(bytes, language).Where(s => s.Kind == SpanKind.String).Select(s => Encoding.UTF8.GetString(bytes[s.Start..s.End]));
        degraded = lexer.Degraded;
        return string.Join("¦", found);
    }

    [Theory]
    [InlineData("C#", "x = \"\"\"a \"b\" // c\n\"\"\"; // d", "\"\"\"a \"b\" // c\n\"\"\"")]
    [InlineData("C#", "x = \"\"\"\"\"a \"\"\" \\\"\"\"\"\"; y", "\"\"\"\"\"a \"\"\" \\\"\"\"\"\"")]
    [InlineData("C#", "x = $\"\"\"a {b(\"c\")} d\"\"\";", "$\"\"\"a ¦\"c\"¦ d\"\"\"")]
    [InlineData("C#", "x = $$\"\"\"a {b} {{c}} d\"\"\";", "$$\"\"\"a {b} ¦} d\"\"\"")]
    [InlineData("C#", "x = $$$\"\"\"a {{b}}\"\"\"; \"\"", "$$$\"\"\"a {{b}}\"\"\"¦\"\"")]
    [InlineData("Swift", "x = #\"a \"b\" \\ // \"# // c", "#\"a \"b\" \\ // \"#")]
    [InlineData("Swift", "x = #\"\"\"\n\"\"\" \\(y)\n\"\"\"#", "#\"\"\"\n\"\"\" \\(y)\n\"\"\"#")]
    [InlineData("Swift", "x = ##\"a\"#b\"## + \"\"\"\n\\(c) d\n\"\"\"", "##\"a\"#b\"##¦\"\"\"\n¦ d\n\"\"\"")]
    [InlineData("Zig", "x =\n  \\\\a // \"b\n  \\\\\n;// c\n", "\\\\a // \"b\n¦\\\\\n")]
    [InlineData("YAML", "a: |\n  # b\n\n  c: 'd\ne: f # g\n", "  # b\n\n  c: 'd")]
    [InlineData("YAML", "- a: >-  # x\n    b # c\n  d: e\n- !t |2\n   f\n", "    b # c¦   f")]
    [InlineData("YAML", "a: \"b # c\" # d\ne: 'it''s # f' # don't\ng: don't # h's\n", "\"b # c\"¦'it''s # f'")]
    [InlineData("YAML", "a: b | c\nd: x > y |\n  e # f\n", "")]
    [InlineData("JavaScript", "x = /a\"[/]{/.y", "/a\"[/]{/")]
    public void Literals_of_every_form_are_found(string language, string text, string literals)
    {
        Assert.Equal(literals, Literals(language, text, out var degraded));
        Assert.False(degraded);
    }

    [Fact]
    public void White_space_at_line_ends_of_literals_that_line_ends_close_is_content()
    {
        var scanner = new ContextScanner();
        scanner.Scan("\\\\a  \nx"u8, SyntaxTable.Find("Zig")!, []);
        Assert.Equal([(2, 6)], scanner.Literals);
        scanner.Scan("a: |\n  b  \nc: d"u8, SyntaxTable.Find("YAML")!, []);
        Assert.Equal([(5, 11)], scanner.Literals);
    }
}
