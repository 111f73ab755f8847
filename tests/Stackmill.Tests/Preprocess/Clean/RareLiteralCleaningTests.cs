using System.Buffers;
using System.Text;
using Stackmill.Preprocess.Clean;

namespace Stackmill.Tests.Preprocess.Clean;

public sealed class RareLiteralCleaningTests
{
    private const string Loose = "a  \n\n\n\n\n b\t\n";

    [Theory]
    [InlineData("Shell", "cat <<\"END OF FILE\"\n", "END OF FILE\n")]
    [InlineData("Shell", "cat << eof\n", "eof\n")]
    [InlineData("HCL", "x = <<EOT\n", "EOT\n")]
    [InlineData("HCL", "x = <<-EOT\n", "  EOT\n")]
    [InlineData("Dockerfile", "RUN <<EOF\n", "EOF\n")]
    [InlineData("Crystal", "x = <<-TEXT\n", "  TEXT\n")]
    [InlineData("Racket", "(f #<<A B\n", "A B\n)\n")]
    [InlineData("SQL", "select $$", "$$;\n")]
    [InlineData("SQL", "select $tag$", "$tag$;\n")]
    [InlineData("SQL", "create function f() as $$ 'x", "' -- it's\n$$;\n")]
    [InlineData("PLpgSQL", "do $do$", "$do$;\n")]
    [InlineData("CMake", "set(x [[", "]])\n")]
    [InlineData("CMake", "set(x [==[", "]] ]==])\n")]
    [InlineData("OCaml", "let x = {id|", "|} |id}\n")]
    [InlineData("Haskell", "x = [sql|", "|]\n")]
    [InlineData("R", "x <- r\"---(", ")\" )---\"\n")]
    [InlineData("Elixir", "x = ~S\"\"\"\n", "\"\"\"\n")]
    [InlineData("Elixir", "x = ~w(", ")\n")]
    [InlineData("Groovy", "x = $/", "/$\n")]
    [InlineData("Perl", "$x =~ s{", "}{y}x;\n")]
    [InlineData("Perl", "$x =~ s{y}{", "}x;\n")]
    [InlineData("Perl", "$x = qq{ {", "} };\n")]
    [InlineData("Scala", "x = s\"\"\"${f(\"y\")}", "\"\"\"\n")]
    [InlineData("Dart", "x = r'''", "'''\n")]
    [InlineData("C#", "x = $\"\"\"{f(\"y\")}", "\"\"\";\n")]
    [InlineData("HTML", "<pre class=\"y\">", "</pre>\n")]
    [InlineData("HTML", "<TEXTAREA>", "</TEXTAREA>\n")]
    [InlineData("HTML", "<script>let x = `", "`</script>\n")]
    [InlineData("Vue", "<script>let x = `", "`</script>\n")]
    [InlineData("XML", "<x><![CDATA[", "]]></x>\n")]
    public void White_space_in_rare_literals_stays_and_goes_around_them(string language, string open, string close)
    {
        var literal = open + Loose + close;
        Assert.Equal("a\n\n\n" + literal + "b\n", Clean("a  \n\n\n\n\n" + literal + "b  \n", language));
    }

    [Fact]
    public void A_script_without_template_literals_is_tidied() =>
        Assert.Equal("<script>\nx;\n</script>\n", Clean("<script>  \nx;\t\n</script>\n", "HTML"));

    private static string Clean(string text, string language)
    {
        var output = new ArrayBufferWriter<byte>();
        var change = new TextCleaner(new CleanOptions()).Clean(Encoding.UTF8.GetBytes(text), language, output);
        return change == CleanChange.None ? text : Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
