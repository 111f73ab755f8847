using Stackmill.Core.Model;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Shared.Lexing;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Boilerplate;

public sealed class CutContextTests
{
    // Lines that open, close and mention comments and strings in every order.
    private static readonly Dictionary<string, string[]> Fragments = new()
    {
        ["C"] = ["/*", "*/", " * words of a comment", "// more words here", "call_one(\"text /* here\");", "*/ after_end(); /*", "x = 'c'; // tail words", "/* whole comment line */", "#define LONG \\", "  second_part_of_it", "\"open ended", ""],
        ["JavaScript"] = ["/*", "*/", " * words of a comment", "// more words here", "let s = `start of it", "end of it`;", "v = `a ${ value_of(", ") } b`;", "/* whole comment line */", "r = /[/*]/;", ""],
        ["Python"] = ["'''", "\"\"\"", "# words of a comment", "x = 'text # here'", "y = \"\"\"start of it", "end of it\"\"\"", "# more words here", "    # indented words here", "call_something()", ""],
        ["Shell"] = ["cat <<EOF", "EOF", "# words of a comment", "echo 'start of it", "end of it'", "# more words here", "run_program \"text # here\"", "cat <<'END' && done_it", "END", ""],
        ["HTML"] = ["<!--", "-->", "words of a comment", "<p>some text here</p>", "<script>", "// words of a script", "</script>", "<!-- whole comment line -->", ""],
        ["YAML"] = ["key: |", "  # words in a block", "  text in a block", "# words of a comment", "other: value_here", "# more words here", ""],
    };

    [Fact]
    public void Code_and_strings_are_the_same_before_and_after_comments_were_cut()
    {
        var (changed, open) = (0, 0L);
        foreach (var (language, fragments) in Fragments)
        {
            using var folder = new TempFolder();
            var random = new Random(language.Length);
            var records = Enumerable.Range(0, 400).Select(i => TestDatasets.Record($"{i:D3}.x", string.Concat(Enumerable.Range(0, random.Next(4, 24)).Select(_ => fragments[random.Next(fragments.Length)] + "\n")), language)).ToList();
            var before = records.ToDictionary(r => r.Path, r => r.Text());
            var run = BoilerplateRun.Of(folder.Path, records, new BoilerplateOptions { Mode = BoilerplateOptions.Remove, MinFiles = 2, MinLines = 2 }, rowsPerShard: 400);
            open += (long)run.Report["summary"]!["lines_kept"]!["open"]!;
            foreach (var record in run.Kept.Where(r => r.Text() != before[r.Path]))
            {
                changed++;
                Assert.Equal(Meant(System.Text.Encoding.UTF8.GetBytes(before[record.Path]), language), Meant(record.Content.ToArray(), language));
            }

            Assert.All(run.Ledger.Where(r => r.Action == LedgerAction.Dropped), r => Assert.DoesNotContain(Meant(System.Text.Encoding.UTF8.GetBytes(before[r.Path]), language), m => m[m.IndexOf(' ')..].Any(char.IsLetterOrDigit)));
        }

        Assert.True(changed > 200, $"only {changed} files were changed");
        Assert.True(open > 100, $"only {open} lines stayed for what is open");
    }

    private static List<string> Meant(byte[] text, string language) =>
        [.. new Lexer().Lex(text, language).Where(s => s.Kind is SpanKind.Code or SpanKind.String).Select(s => $"{s.Kind} {System.Text.Encoding.UTF8.GetString(text, s.Start, s.End - s.Start)}")];
}
