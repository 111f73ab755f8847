using System.Text;
using CsCheck;
using Stackmill.Shared.Lexing;
using Stackmill.Shared.Lexing.Structure;

namespace Stackmill.Tests.Shared.Lexing.Structure;

public sealed class StructureScannerTests
{
    private static readonly string[] Languages = [.. StructureTable.Languages];

    private static readonly string[] Parts =
    [
        "if ", "for ", "while ", "case ", "def ", "function ", "func ", "fn ", "fun ", "sub ", "end ", "do ", "class ", "struct ", "enum ", "type ", "new ", "match ", "when ", "import ",
        "operator ", "get ", "init", "f", "x ", "1", "(", ")", "[", "]", "{", "}", "<", ">", "=", "=>", "->", ":", "::", ";", ";;", ",", "?", "??", "?:", "&&", "||", "&", "|", "-", "+", "#", "#if\n", "#else\n",
        "#endif\n", "#define a \\\n", "\\", "\\(", "$", "@", ".", "\n", "\r\n", "  ", "\t", "\n    ", "'", "\"", "`", "${", "/", "//", "/*", "*/", "<<A\n", "é", "\0",
    ];

    private static CodeStructure Measure(Lexer lexer, byte[] text, string language)
    {
        lexer.Count(text, language);
        var found = lexer.MeasureStructure(text, language)!.Value;
        Assert.True(found.Functions >= 0 && found.Functions <= text.Length && found.Classes <= text.Length && found.Imports <= text.Length);
        Assert.True(found.TotalComplexity >= found.Functions && found.TotalComplexity <= found.Functions + text.Length);
        Assert.True(found.Functions == 0 ? found.MaxComplexity == 0 : found.MaxComplexity >= 1 && found.MaxComplexity <= found.TotalComplexity);
        return found;
    }

    [Fact]
    public void Any_splice_of_words_and_signs_is_measured()
    {
        var lexer = new Lexer();
        Gen.Select(Gen.Int[0, Languages.Length - 1], Gen.Int[0, Parts.Length - 1].Array[0, 60]).Sample((language, parts) =>
        {
            Measure(lexer, Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => Parts[p]))), Languages[language]);
        }, iter: 30_000, threads: 1);
    }

    [Fact]
    public void Any_bytes_are_measured()
    {
        var lexer = new Lexer();
        Gen.Select(Gen.Int[0, Languages.Length - 1], Gen.Byte.Array[0, 200]).Sample((language, text) => { Measure(lexer, text, Languages[language]); }, iter: 10_000, threads: 1);
    }

    [Fact]
    public void A_scanner_that_is_used_again_measures_the_same()
    {
        var used = new Lexer();
        Gen.Select(Gen.Int[0, Languages.Length - 1], Gen.Int[0, Parts.Length - 1].Array[0, 40]).Sample((language, parts) =>
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => Parts[p])));
            Assert.Equal(Measure(new Lexer(), text, Languages[language]), Measure(used, text, Languages[language]));
        }, iter: 5_000, threads: 1);
    }

    [Fact]
    public void Files_of_this_project_and_of_the_machine_truncated_and_spliced_are_measured()
    {
        var files = Conventions.Repository.Sources().Take(60).Select(f => Encoding.UTF8.GetBytes(f.Text)).ToList();
        Assert.Equal(60, files.Count);
        foreach (var folder in new[] { "/usr/lib/python3", "/usr/share", "/usr/include" }.Where(Directory.Exists))
        {
            files.AddRange(Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 6 })
                .Where(f => Path.GetExtension(f) is ".py" or ".pm" or ".pl" or ".h" or ".sh" or ".js" or ".rb" && new FileInfo(f) is { Length: < 100_000, LinkTarget: null })
                .Take(40).Select(File.ReadAllBytes));
        }

        var lexer = new Lexer();
        Gen.Select(Gen.Int[0, files.Count - 1], Gen.Int[0, files.Count - 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, Languages.Length - 1]).Sample((a, b, cutA, cutB, language) =>
        {
            Measure(lexer, [.. files[a][..(int)(files[a].Length * cutA)], .. files[b][(int)(files[b].Length * cutB)..]], Languages[language]);
        }, iter: 1_000, threads: 1);
    }

    [Fact]
    public void Steps_stay_linear_for_any_repeated_pair_of_parts()
    {
        foreach (var language in Languages)
        {
            foreach (var part in Parts)
            {
                foreach (var other in new[] { "", "(", "}", "x=>", "\n" })
                {
                    var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part + other, 200)));
                    var lexer = new Lexer();
                    Measure(lexer, text, language);
                    Assert.True(lexer.Steps <= 4L * text.Length + 4, $"{language}, {part}{other}: {lexer.Steps} steps for {text.Length} bytes");
                }
            }
        }
    }

    [Fact]
    public void Deep_nesting_takes_memory_by_the_byte_and_ends()
    {
        foreach (var language in Languages)
        {
            foreach (var open in new[] { "(", "{", "[", "x=>", "def f\n ", "if (x) {", "function f() {", "do " })
            {
                var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, 5_000)));
                Measure(new Lexer(), text, language);
            }
        }
    }

    [Theory]
    [InlineData("C", "int f() { if (a) { int g() {", 1, 2)]
    [InlineData("JavaScript", "function f() { g(() => { if (a) ", 2, 3)]
    [InlineData("Python", "def f(x:\n  if (a\ndef g():\n  if b: pass", 2, 4)]
    [InlineData("Ruby", "def f\n if a\n  def g\n", 2, 3)]
    [InlineData("Go", "}}}) func f() { if a {", 1, 2)]
    public void Broken_code_is_measured_up_to_its_end(string language, string text, int functions, long total)
    {
        var found = Measure(new Lexer(), Encoding.UTF8.GetBytes(text), language);
        Assert.Equal((functions, total), (found.Functions, found.TotalComplexity));
    }
}
