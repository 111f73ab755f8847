using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CsCheck;
using Stackmill.Preprocess.Clean;

namespace Stackmill.Tests.Preprocess.Clean;

public sealed class TextCleanerTests
{
    private static (string Text, CleanChange Change) Clean(string text, string language = "Python", CleanOptions? options = null, OffsetMap? map = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var change = new TextCleaner(options ?? new CleanOptions()).Clean(Encoding.UTF8.GetBytes(text), language, output, map);
        if (change == CleanChange.None)
            Assert.Equal(0, output.WrittenCount);
        else
            Assert.True(Utf8.IsValid(output.WrittenSpan));
        return (change == CleanChange.None ? text : Encoding.UTF8.GetString(output.WrittenSpan), change);
    }

    [Theory]
    [InlineData("a\r\nb\r\n", "a\nb\n", CleanChange.LineEnds)]
    [InlineData("a\rb\r", "a\nb\n", CleanChange.LineEnds)]
    [InlineData("a\r\r\nb", "a\nb", CleanChange.LineEnds)]
    [InlineData("a\r\rb", "a\n\nb", CleanChange.LineEnds)]
    [InlineData("im\0port os\n", "import os\n", CleanChange.ControlCharacters)]
    [InlineData("a\x7F\x01z\n", "az\n", CleanChange.ControlCharacters)]
    [InlineData("end\n\x1A", "end\n", CleanChange.ControlCharacters)]
    [InlineData("int\vx;\n", "int x;\n", CleanChange.ControlCharacters)]
    [InlineData("c = '\x01'\n", "c = ' '\n", CleanChange.ControlCharacters)]
    [InlineData("c = '\x01\x02'\n", "c = ' '\n", CleanChange.ControlCharacters)]
    [InlineData("c = \"\0\"\n", "c = \" \"\n", CleanChange.ControlCharacters)]
    [InlineData("c = \"\\\x01\"\n", "c = \"\\ \"\n", CleanChange.ControlCharacters)]
    [InlineData("r = /\x01/\n", "r = / /\n", CleanChange.ControlCharacters)]
    [InlineData("r = /\x01*x/\n", "r = / *x/\n", CleanChange.ControlCharacters)]
    [InlineData("r = /(\x01+)/\n", "r = /( +)/\n", CleanChange.ControlCharacters)]
    [InlineData("a\n\fb\n", "a\n\fb\n", CleanChange.None)]
    [InlineData("\uFEFFa\uFEFFb", "a\uFEFFb", CleanChange.ByteOrderMark)]
    [InlineData("\0\uFEFF\uFEFFa", "a", CleanChange.ByteOrderMark | CleanChange.ControlCharacters)]
    [InlineData("a \t \nb\t", "a\nb", CleanChange.TrailingWhitespace)]
    [InlineData("    a   b\n", "    a   b\n", CleanChange.None)]
    [InlineData("    \n", "\n", CleanChange.TrailingWhitespace)]
    [InlineData("a \\  \nb\n", "a \\  \nb\n", CleanChange.None)]
    [InlineData("a\n\n\nb", "a\n\n\nb", CleanChange.None)]
    [InlineData("a\n\n\n\nb", "a\n\n\nb", CleanChange.BlankLines)]
    [InlineData("\n\n\n\n", "\n\n", CleanChange.BlankLines)]
    [InlineData("a\n\n \n\n\nb", "a\n\n\nb", CleanChange.BlankLines | CleanChange.TrailingWhitespace)]
    [InlineData("a\x80z\n", "a\x80z\n", CleanChange.None)]
    [InlineData("", "", CleanChange.None)]
    [InlineData("\0", "", CleanChange.ControlCharacters)]
    [InlineData(" \r\n\0 x \r\n", "\n x\n", CleanChange.ControlCharacters | CleanChange.LineEnds | CleanChange.TrailingWhitespace)]
    public void Text_is_cleaned(string dirty, string clean, object change)
    {
        Assert.Equal((clean, (CleanChange)change), Clean(dirty));
    }

    [Theory]
    [InlineData("Markdown", "a  \nb\n\n\n\n", "a  \nb\n\n\n")]
    [InlineData("Diff", " \n \n \n \n \n", " \n \n \n \n \n")]
    [InlineData("TSV", "a\t\t\n", "a\t\t\n")]
    public void Whitespace_that_means_something_stays(string language, string dirty, string clean)
    {
        Assert.Equal(clean, Clean(dirty, language).Text);
    }

    [Theory]
    [InlineData("Perl", "print \"a  \n\n\n\n\nb\";\nx;  \n")]
    [InlineData("Python", "a  \n\n\n\n\nx = '''unterminated  \n\n\n\n\n b  ")]
    [InlineData("Tcl", "set a \"b  \n\n\n\n\nc\"\n")]
    [InlineData("R", "cat(\"a  \n\n\n\n\nb\")\ny <- r\"(a  \nb)\"\n")]
    [InlineData("SQL", "select \"a  \n\n\n\n\nb\";\n")]
    [InlineData("Elixir", "x = \"a  \n\n\n\n\nb\"\n")]
    [InlineData("CoffeeScript", "x = \"\"\"a  \n\n\n\n\nb\"\"\"\n")]
    [InlineData("GraphQL", "\"\"\"a  \n\n\n\n\nb\"\"\"\n")]
    [InlineData("YAML", "a: |+\n  keep\n\n\n\n\n\nf: 1\n")]
    [InlineData("YAML", "a: 'b\n\n\n\n\n  c'\n")]
    public void What_may_be_within_a_literal_stays(string language, string text) => Assert.Equal(text, Clean(text, language).Text);

    [Fact]
    public void Each_part_is_switched_by_itself()
    {
        const string Dirty = "\uFEFFa \0\r\nb  \r\n\r\n\r\n\r\n\r\nc\t";
        Assert.Equal((Dirty, CleanChange.None), Clean(Dirty, options: new CleanOptions { MalformedCleaning = false, WhitespaceCleanup = false }));
        Assert.Equal("\uFEFFa \0\r\nb\r\n\r\n\r\nc", Clean(Dirty, options: new CleanOptions { MalformedCleaning = false }).Text);
        Assert.Equal("a \nb  \n\n\n\n\nc\t", Clean(Dirty, options: new CleanOptions { WhitespaceCleanup = false }).Text);
        Assert.Equal("a\nb\nc", Clean(Dirty, options: new CleanOptions { MaxBlankLines = 0 }).Text);
        Assert.Equal("a\nb\n\n\n\nc", Clean(Dirty, options: new CleanOptions { MaxBlankLines = 3 }).Text);
    }

    [Fact]
    public void The_blank_line_that_ends_a_continued_one_stays()
    {
        Assert.Equal("#define A \\\n\nint x;\n", Clean("#define A \\\n\n\nint x;\n", "C", new CleanOptions { MaxBlankLines = 0 }).Text);
    }

    [Theory]
    [InlineData("Python", "x = \"\"\"a  \n\n\n\n\n b\t\n\"\"\"")]
    [InlineData("Python", "x = f'''a  \n{b =  \n}\n\n\n\n\n'''")]
    [InlineData("Python", "x = 'a  \\\n  b'")]
    [InlineData("JavaScript", "x = `a  \n\n\n\n\n${b  \n}  \n`")]
    [InlineData("C++", "x = R\"d(a  \n\n\n\n\n)\"  \n)d\"")]
    [InlineData("Go", "x := `a  \n\n\n\n\n b`")]
    [InlineData("Ruby", "x = <<~E\n  a  \n\n\n\n\n  E")]
    [InlineData("Ruby", "x = %q(a  \n\n\n\n\n b)")]
    [InlineData("Perl", "x = <<'E';\na  \n\n\n\n\nE")]
    [InlineData("Shell", "cat <<E\na  \n`b`  \n\n\n\n\nE")]
    [InlineData("Shell", "x='a  \n\n\n\n\n b'")]
    [InlineData("Rust", "x = r#\"a  \n\n\n\n\n\" b\"#")]
    [InlineData("C#", "x = @\"a  \n\n\n\n\n b\"")]
    [InlineData("Haskell", "x = \"a  \n\n\n\n\n b\"")]
    [InlineData("Lua", "x = [==[a  \n\n\n\n\n ]] ]==]")]
    public void White_space_in_literals_stays(string language, string literal)
    {
        Assert.Equal(("a\n\n\n" + literal, CleanChange.TrailingWhitespace | CleanChange.BlankLines), Clean("a  \n\n\n\n\n" + literal, language));
        var after = literal.EndsWith(' ') ? "" : "\n\n\nb\n";
        var loose = literal.EndsWith(' ') ? "" : literal.EndsWith('E') ? "\n\n\n\n\nb\t\n" : "  \n\n\n\n\nb\t\n";
        Assert.Equal(literal + after, Clean((literal + loose).Replace("\n", "\r\n", StringComparison.Ordinal), language).Text);
    }

    private static readonly Gen<string> Nasty = Gen.OneOf(
            Gen.OneOf("\r", "\n", "\r\n", "\r\r\n", "\n\n\n\n", " ", "\t", "  \t", "\\", "'", "\"", "/", "*", "\0", "\x01", "\v", "\f", "\x7F", "\uFEFF", "\u0085", "a", "ż", "😀", "x = 1", "'''", "\"\"\"", "`", "${", "#{", "}", "<<E", "\nE", "R\"(", ")\"", "#", "//", "/*", "*/", "f'''"),
            Gen.String[Gen.Char['a', 'z'], 0, 80])
        .Array[0, 40].Select(string.Concat);

    private static readonly Gen<CleanOptions> AnyOptions = Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 4], (malformed, space, blank) =>
        new CleanOptions { MalformedCleaning = malformed, WhitespaceCleanup = space, MaxBlankLines = blank });

    private static readonly Gen<string> AnyLanguage = Gen.OneOf("Python", "Markdown", "Diff", "JavaScript", "Ruby", "Shell", "C++", "Go", "Perl", "PHP", "Rust", "C#", "Swift", "");

    [Fact]
    public void Cleaning_twice_changes_nothing_more()
    {
        Gen.Select(Nasty, AnyOptions, AnyLanguage).Sample((text, options, language) =>
        {
            var once = Clean(text, language, options).Text;
            Assert.Equal((once, CleanChange.None), Clean(once, language, options));
        }, iter: 50_000);
    }

    [Fact]
    public void What_is_reported_is_what_changed()
    {
        Gen.Select(Nasty, AnyOptions, AnyLanguage).Sample((text, options, language) =>
        {
            var (clean, change) = Clean(text, language, options);
            Assert.Equal(clean == text, change == CleanChange.None);
            Assert.True(clean.Length <= text.Length);
            if (options.MalformedCleaning)
                Assert.DoesNotContain(clean, c => (c < ' ' && c is not ('\t' or '\n' or '\f')) || c == '\x7F');
            if (options.WhitespaceCleanup && language.Length == 0 && options.MalformedCleaning)
                Assert.DoesNotContain(clean.Split('\n'), l => l.TrimEnd(' ', '\t') is var t && t.Length < l.Length && !t.EndsWith('\\'));
        }, iter: 20_000);
    }

    [Fact]
    public void The_map_leads_every_kept_byte_back_to_itself()
    {
        var map = new OffsetMap();
        Gen.Select(Nasty, AnyOptions, AnyLanguage).Sample((text, options, language) =>
        {
            var input = Encoding.UTF8.GetBytes(text);
            var (clean, change) = Clean(text, language, options, map);
            var output = Encoding.UTF8.GetBytes(clean);
            var before = -1;
            for (var i = 0; i < output.Length; i++)
            {
                var from = map.ToInput(i);
                Assert.True(from > before);
                before = from;
                if (output[i] is not ((byte)'\n' or (byte)' '))
                    Assert.Equal(output[i], input[from]);
                else
                    Assert.True(input[from] == output[i] || CleanScan.Unwanted.Contains(input[from]));
                Assert.Equal(from + 1, map.ToInputEnd(i + 1));
            }

            Assert.Equal(input.Length, map.ToInput(output.Length));
            if (change == CleanChange.None)
                Assert.Equal(1, map.Count);
        }, iter: 20_000, threads: 1);
    }

    [Fact]
    public void A_million_spaces_take_one_pass()
    {
        var spaces = new string(' ', 1_000_000);
        Assert.Equal("a\n" + spaces + "b\n", Clean("a" + spaces + "\n" + spaces + "b\r\n").Text);
    }
}
