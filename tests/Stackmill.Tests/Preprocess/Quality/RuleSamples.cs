using System.Text;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Quality;

namespace Stackmill.Tests.Preprocess.Quality;

/// <summary>For one rule, a file that it keeps and one that it drops, with the value of each.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Threshold">A threshold between the two.</param>
/// <param name="Kept">A text that the rule keeps, and its value.</param>
/// <param name="Dropped">A text that it drops, and its value.</param>
/// <param name="Path">Path of both.</param>
/// <param name="Language">Language of both.</param>
internal sealed record RuleSample(string Id, double Threshold, (string Text, double Value) Kept, (string Text, double Value) Dropped, string Path = "a.py", string Language = "Python");

/// <summary>Samples of all quality rules that a text decides.</summary>
internal static class RuleSamples
{
    // Four letters a word, ten words: 40 characters of words.
    private const string TenWords = "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj";

    public static readonly IReadOnlyList<RuleSample> All =
    [
        new("many_bytes", 4, ("é=1", 4), ("é=12", 5)),
        new("few_characters", 4, ("é=12", 4), ("é=1", 3)),
        new("many_characters", 4, ("é=12", 4), ("é=123", 5)),
        new("few_lines", 2, ("a\nb", 2), ("a\n", 1)),
        new("many_lines", 2, ("a\nb\n", 2), ("a\nb\nc", 3)),
        new("long_line", 3, ("éab\nx", 3), ("éabc\nx", 4)),
        new("short_lines", 2, ("abc\nd\n", 2), ("a\nbc\n", 1.5)),
        new("long_lines", 2, ("abc\nd\n", 2), ("abcd\nd\n", 2.5)),
        new("few_letters", 0.5, ("ab12", 0.5), ("a123", 0.25)),
        new("few_letters_or_digits", 0.5, ("a1--", 0.5), ("a---", 0.25)),
        new("few_visible_letters", 0.5, ("a  1", 0.5), ("a  123", 0.25)),
        new("many_digits", 0.5, ("a  1", 0.5), ("a 111", 0.75)),
        new("much_white_space", 0.5, ("a b\n", 0.5), ("a  \n", 0.75)),
        new("replacement_characters", 0.25, ("abc\uFFFD", 0.25), ("ab\uFFFD\uFFFD", 0.5)),
        new("generated_notice", 0, ("1\n2\n3\n4\n5\n# Auto-generated\n", 0), ("1\n2\n3\n4\n# Auto-Generated\n", 1)),
        new("generated_words", 0, (new string('é', 200) + "generate", 0), (new string('é', 185) + " Do Not Edit", 1)),
        new("xml_declaration", 0, ("<xml/>", 0), ("\n<?xml version='1.0'?>", 1)),
        new("little_html_text", 5, ("<p>a &amp; b</p>", 5), ("<style>p { }</style><!-- x --><script>f()</SCRIPT ><p>ab", 2), "a.html", "HTML"),
        new("low_html_text_share", 0.25, ("<p>a", 0.25), ("<br  />a", 1 / 8.0), "a.html", "HTML"),
        new("encoded_run", 64, (new string('A', 64) + "!", 64), (new string('A', 65) + "!", 65)),
        new("encoded_share", 0.8, (new string('A', 64) + new string('!', 16), 0.8), (new string('A', 75) + new string('!', 5), 75 / 80.0)),
        new("few_comments", 0.25, ("xxx\n# ab", 0.5), ("xxxxxxxxxxxxx\n#a", 0.125)),
        new("many_comments", 0.5, ("xxx\n# ab", 0.5), ("x\n# abcd", 0.75)),
        new("long_strings", 0.5, ("a = 1\nb = '" + string.Join(' ', Enumerable.Repeat("w", 21)) + "'\n", 0.5), ("b = '" + string.Join(' ', Enumerable.Repeat("w", 21)) + "'\n", 1)),
        new("many_strings", 0.5, ("'abc' 1", 3 / 7.0), ("'abcdef'", 0.75)),
        new("long_words", 0.5, ("'https://example.com/abcdefgh'", 0), ("'" + new string('w', 22) + "'", 22 / 24.0)),
        new("hexadecimal_words", 0.5, ("0xffg 0xf", 3 / 9.0), ("0XFF 0xff", 8 / 9.0)),
        new("assertions", 0.5, ("assert x\ny", 0.5), ("self.assertTrue(x)\n# a\n", 1)),
        new("prompt_comments", 0.25, ("x = 'fixme'\n# fixme\ny\nz", 0.25), ("# Your code here\nx", 0.5)),
        new("repeated_lines", 0.5, ("x = 1\nx=1\ny = 2\nz = 3\n", 0.5), ("x = 1\nx=1\n}\n}\n x = 1", 0.6)),
        new("many_functions", 0.5, ("def f():\n    return 1\n", 0.5), ("async def f(): pass\n", 1)),
        new("many_passes", 0.5, ("pass\nx\n", 0.5), ("pass\n", 1)),
        new("many_imports", 0.5, ("import a\nx\n", 0.5), ("from a import b\n", 1)),
        new("many_prints", 0.5, ("print(1)\nx = 1\n", 0.5), ("print(1)\n", 1)),
        new("several_mains", 1, ("/* main() { */ int main(void) { }\nint domain() { }", 1), ("int main() {}\nint main (int a)\n{ }", 2), "a.c", "C"),
        new("many_directives", 0.5, ("#include <a>\nint x;\n", 0.5), ("#  define A\nstruct a;\n", 1), "a.c", "C"),
        new("few_words", 3, ("a_b é", 3), ("a-b", 2)),
        new("short_mean_word", 2, ("ab cd", 2), ("ab c", 1.5)),
        new("long_mean_word", 2, ("ab cd", 2), ("abc de", 2.5)),
        new("few_unique_words", 0.5, ("a A b B", 0.5), ("a a a a", 0.25)),
        new("top_2_gram", 0.5, (TenWords, 0), ("aa bb aa bb cc", 0.8)),
        new("top_3_gram", 0.5, (TenWords, 0), ("aa bb cc aa bb cc dd", 6 / 7.0)),
        new("top_4_gram", 0.5, (TenWords, 0), ("aa bb cc dd aa bb cc dd ee ff", 0.8)),
        .. Enumerable.Range(5, 6).Select(n => new RuleSample($"repeated_{n}_grams", 0.5, (Twice(n - 1), 0), (Twice(n), 2.0 * n / (2 * n + 1)))),
    ];

    /// <summary>The facts of a sample's text.</summary>
    public static QualityFacts FactsOf(string text, string path, string language)
    {
        var facts = new QualityFacts(new TextFacts(null));
        facts.Load(new QualitySubject(path, language, "80000000" + new string('0', 32), null, null), Encoding.UTF8.GetBytes(text));
        return facts;
    }

    // So many words, another one, and the same words again.
    private static string Twice(int words)
    {
        var once = string.Join(' ', Enumerable.Range(0, words).Select(i => $"w{i}"));
        return once + " xx " + once;
    }
}
