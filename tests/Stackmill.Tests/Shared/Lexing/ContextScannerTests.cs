using System.Text;
using CsCheck;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Shared.Lexing;

public sealed class ContextScannerTests
{
    /// <summary>The text with string contents in ‹…› and those of comments in ⟦…⟧.</summary>
    private static string Mark(string text, string language)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var segments = new List<Segment>();
        new ContextScanner().Scan(utf8, SyntaxTable.Find(language)!, segments);
        var marked = new StringBuilder();
        int end = 0;
        foreach (Segment segment in segments)
        {
            Assert.True(segment.Start - segment.Head >= 0 && segment.Start >= end && segment.End >= segment.Start && segment.End <= utf8.Length, $"{segment} after {end} in {text}");
            if (segment.Start == segment.End || segment.Context == LexicalContext.Code)
                continue;
            marked.Append(Encoding.UTF8.GetString(utf8, end, segment.Start - end));
            marked.Append(segment.Context == LexicalContext.Comment ? '⟦' : '‹');
            marked.Append(Encoding.UTF8.GetString(utf8, segment.Start, segment.End - segment.Start));
            marked.Append(segment.Context == LexicalContext.Comment ? '⟧' : '›');
            end = segment.End;
        }
        return marked.Append(Encoding.UTF8.GetString(utf8, end, utf8.Length - end)).ToString();
    }

    [Theory]
    [InlineData("Python", "x = '‹ab›' #⟦ c'd⟧\n")]
    [InlineData("Python", "x = '‹a\\'b›' + y")]
    [InlineData("Python", "x = (1, #⟦ don't⟧\n     '‹y›')")]
    [InlineData("Python", "'''‹a'b\n›'''+1 #⟦x⟧")]
    [InlineData("Python", "\"\"\"‹a\"b›\"\"\"+1")]
    [InlineData("Python", "f'‹a›{b}‹c{{d}}›'")]
    [InlineData("Python", "f'‹a›{x!r:>{w}}‹z›'")]
    [InlineData("Python", "f\"{d['‹k›']:#x}‹z›\" #⟦ '⟧")]
    [InlineData("Python", "f\"\"\"{a[1:2]}‹\nz ›{b}\"\"\" + '‹c›'")]
    [InlineData("Python", "f'‹a\\N{DASH}b›' + '‹c›'")]
    [InlineData("Python", "rb'‹\\' q›' + 1")]
    [InlineData("Python", "x = 'ab\ny'‹z›'")]
    [InlineData("Python", "x = '‹a\\\nb›'")]
    [InlineData("C", "a='‹x›';//⟦b'⟧\n\"‹c›\"")]
    [InlineData("C++", "1'000'000+u8'‹a›'")]
    [InlineData("C++", "R\"x(‹a\")\"b›)x\"+1")]
    [InlineData("C++", "std::a /*⟦ \" ⟧*/ b \"‹c›\"")]
    [InlineData("C", "#error don't\nx = \"‹y›\";")]
    [InlineData("Java", "s=\"\"\"‹\na\"b›\"\"\";")]
    [InlineData("C#", "@\"‹a\"\"b\\›\" + 1")]
    [InlineData("C#", "$\"‹a›{b(\"‹c›\"):N2}‹d›\"")]
    [InlineData("C#", "\"\"\"‹a\"b›\"\"\"+1")]
    [InlineData("JavaScript", "a=/[/'\"]/g+'‹b›'")]
    [InlineData("JavaScript", "a/b+'‹c›'/d")]
    [InlineData("JavaScript", "if(x)/'/.test('‹a›')")]
    [InlineData("JavaScript", "`‹a›${b+`‹c›${d}`}‹e›`")]
    [InlineData("JavaScript", "`‹a›${{b:1}.b}‹e›`")]
    [InlineData("JavaScript", "return'‹a›'")]
    [InlineData("JavaScript", "return /'/ //⟦ x⟧")]
    [InlineData("JavaScript", "x /*⟦ c ⟧*/ / y; '‹a›'")]
    [InlineData("JavaScript", "<p>Don't a, isn't http://x</p>")]
    [InlineData("JavaScript", "x=a++/2;y='‹z›'")]
    [InlineData("JavaScript", "x={a:1}/2;y='‹/›'")]
    [InlineData("JavaScript", "function f(){}\n/'/.exec('‹a›')")]
    [InlineData("TypeScript", "let a: '‹b›' //⟦ c⟧")]
    [InlineData("Go", "`‹a\\›`+'‹b›'+\"‹c›\"")]
    [InlineData("Rust", "fn f<'a>(x:&'a str)->'‹b›' {'‹\\n›'}")]
    [InlineData("Rust", "r#\"‹a\"b›\"# /*⟦ /* */ ⟧*/ \"‹x\ny›\"")]
    [InlineData("PHP", "⟦it's ⟧<?php '‹a›'; #⟦ b ⟧?>⟦ c⟧")]
    [InlineData("PHP", "<? $x = \"‹a $b ›{$c['‹d›']}‹ e›\";")]
    [InlineData("PHP", "<? $x = <<<EOT\n‹ab›\nEOT;\n'‹c›';")]
    [InlineData("Shell", "a '‹b›' \"‹c›$(d \"‹e›\")‹f›\" #⟦ g⟧")]
    [InlineData("Shell", "cat <<'E'\n‹ab›\nE\nx '‹y›'")]
    [InlineData("Shell", "a=$#; b=${x#y} \\' c")]
    [InlineData("Shell", "\"‹a ›`b 'c'`‹ d›\"")]
    [InlineData("Ruby", "\"‹a›#{b}‹c›\" #⟦ d⟧")]
    [InlineData("Ruby", "x = <<~T\n‹  ab›\n  T\ny = '‹z›'")]
    [InlineData("Ruby", "a << b\n%w[‹a b›] + '‹c›' if /'/ =~ x")]
    [InlineData("Ruby", "=begin⟦\n'\n⟧=end\nx = '‹y›'")]
    [InlineData("SQL", "select '‹a''b›' --⟦ c⟧")]
    [InlineData("JSON", "{\"‹a›\": \"‹b\\\"›\"}")]
    [InlineData("Lua", "x=[[‹a\nb›]] --⟦ b⟧")]
    [InlineData("Kotlin", "\"‹a›${b}‹c›\" + \"\"\"‹d\"›\"\"\"")]
    [InlineData("Swift", "\"‹a›\\(b)‹c›\"")]
    [InlineData("TOML", "a = '‹b\\›' #⟦ c⟧")]
    [InlineData("Groovy", "\"‹a›${b}\" + '''‹\n›'''")]
    public void Code_comments_and_strings_are_told_apart(string language, string marked)
    {
        string plain = string.Concat(marked.Where(c => !"‹›⟦⟧".Contains(c)));
        Assert.Equal(marked, Mark(plain, language));
    }

    [Fact]
    public void Text_has_no_syntax()
    {
        Assert.Null(SyntaxTable.Find("Markdown"));
        Assert.Null(SyntaxTable.Find(""));
        var contexts = new ContextMap();
        contexts.Load("# a: 'b'"u8, "YAML");
        Assert.Equal(LexicalContext.Comment, contexts.Of(0, 8));
    }

    [Fact]
    public void Segments_are_ordered_and_disjoint_for_any_text()
    {
        string[] languages = ["Python", "C++", "Java", "C#", "JavaScript", "Go", "Rust", "PHP", "Shell", "Ruby", "SQL", "JSON", "Lua", "Kotlin", "Swift", "Perl", "TOML", "Groovy"];
        string[] parts = ["'", "\"", "`", "\\", "\n", "/", "*", "#", "{", "}", "(", ")", "[", "]", "$", "%", "<<A", "A\n", "r#", "R\"(", "f\"", "$\"", "@\"", "=begin", "?>", "<?", "--", "a", " ", ":", "é"];
        Gen.Select(OneOf(languages), OneOf(parts).Array[0, 40]).Sample((language, text) =>
        {
            Mark(string.Concat(text), language);
            return true;
        }, iter: 30_000, threads: 1);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
