using System.Text;
using System.Text.Json;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Shared.Licenses;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Decontamination;

/// <summary>What is planted is found, however it is laid out; what everybody writes is not.</summary>
public sealed class ContaminationScannerTests : IDisposable
{
    private static readonly Lazy<ContaminationIndex> HumanEval = new(() => TestBenchmarks.Index(TestBenchmarks.Options(TestBenchmarks.Sample("humaneval"))));

    private readonly TempFolder _folder = new();

    private static string Solution(int problem) => (string)TestBenchmarks.Rows("humaneval")[problem]["canonical_solution"]!;

    private static string Prompt(int problem) => (string)TestBenchmarks.Rows("humaneval")[problem]["prompt"]!;

    public static TheoryData<string, Func<string, string>> Layouts => new()
    {
        { "as it is", code => code },
        { "other indentation and line ends", code => code.Replace("    ", "\t").Replace("\n", "\r\n") },
        { "upper case", code => code.ToUpperInvariant() },
        { "without spaces around operators", code => code.Replace(" = ", "=").Replace(" == ", "==").Replace(", ", ",") },
        { "in a comment", code => string.Concat(code.Split('\n').Select(l => $"    // * {l}\n")) },
        { "in a JSON string", code => JsonSerializer.Serialize(code) },
        { "in a JSON string within a JSON string", code => JsonSerializer.Serialize(JsonSerializer.Serialize(code)) },
        { "in a string with quotes of the other kind", code => $"'''{code.Replace('"', '\'')}'''" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_solution_and_a_prompt_are_found_within_a_longer_file_whatever_their_layout(string layout, Func<string, string> change)
    {
        Assert.NotEmpty(layout);
        for (var problem = 0; problem < 2; problem++)
        {
            var id = $"Synthetic/{problem}";
            Assert.Equal([$"{id}: solution"], TestBenchmarks.Found(HumanEval.Value, Source.Python(1) + "\n" + change(Solution(problem)) + "\n" + Source.Python(2)));
            Assert.Equal([$"{id}: prompt"], TestBenchmarks.Found(HumanEval.Value, Source.Python(3) + "\n" + change(Prompt(problem)) + "\n" + Source.Python(4)));
        }
    }

    [Fact]
    public void Idioms_and_licences_are_found_in_no_file_also_when_a_benchmark_holds_them()
    {
        const string Main = "if __name__ == \"__main__\":\n    main()\n";
        const string Imports = "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nimport seaborn as sns\n";
        var licenses = LicenseText.Load().Where(l => l.Ids[0] is "MIT" or "Apache-2.0" or "BSD-3-Clause" or "GPL-3.0-only").Select(l => l.Text).ToList();
        Assert.True(licenses.Count >= 4, $"only {licenses.Count} texts were seen");
        var apache = string.Concat(licenses.First(l => l.Contains("Apache", StringComparison.Ordinal)).Split('\n').SkipWhile(l => !l.Contains("Licensed under the Apache License", StringComparison.Ordinal)).Select(l => $"# {l}\n"));
        string[] common = [Main, Imports, .. licenses, apache];
        var file = _folder.Write("b.jsonl", string.Concat(common.Select((text, i) => TestBenchmarks.Line($"c/{i}", text, text + Main))) + File.ReadAllText(TestBenchmarks.Sample("humaneval")));
        var index = TestBenchmarks.Index(TestBenchmarks.Options(file));

        foreach (var text in common)
            Assert.Equal([], TestBenchmarks.Found(index, text + Source.Python(1) + Main));
        Assert.Equal(["Synthetic/1: solution"], TestBenchmarks.Found(index, string.Concat(common) + Solution(1)));
        Assert.Equal(PartSearch.TooShort, index.Parts[0].Search);
        Assert.Equal(PartSearch.TooCommon, index.Parts.First(p => index.Problems[p.Problem].Id == "c/2" && p.Kind == "prompt").Search);
    }

    [Fact]
    public void What_more_than_ten_problems_of_a_benchmark_share_is_its_frame_and_no_evidence()
    {
        const string Frame = "Read the tide table that follows, answer every question below with one whole number, and write nothing else at all.\n";
        string Own(int problem) => string.Join(' ', Enumerable.Range(0, 40).Select(i => $"own_{problem}_{i}"));
        string File(int problems) => _folder.Write($"frame{problems}.jsonl", string.Concat(Enumerable.Range(0, problems).Select(i => TestBenchmarks.Line($"f/{i}", Frame + Own(i), ""))));
        var (few, many) = (TestBenchmarks.Index(new() { Benchmarks = [File(10)], Threshold = 0.05 }), TestBenchmarks.Index(new() { Benchmarks = [File(11)], Threshold = 0.05 }));

        Assert.Equal(10, TestBenchmarks.Found(few, Frame).Count);
        Assert.Equal([], TestBenchmarks.Found(many, Frame));
        Assert.Equal(["f/10: prompt"], TestBenchmarks.Found(many, Own(10)));
    }

    [Fact]
    public void Short_parts_are_matched_whole_when_they_have_enough_different_words_and_listed_otherwise()
    {
        const string Short = "gauge harbour sluice lantern ferry mooring pilot current";
        var file = _folder.Write("b.jsonl", TestBenchmarks.Line("s/0", Short, "return gauge + 1") + TestBenchmarks.Line("s/1", Short + " wind barge canal", "x = 1"));
        var index = TestBenchmarks.Index(TestBenchmarks.Options(file));

        Assert.Equal([PartSearch.Whole, PartSearch.TooShort, PartSearch.Whole, PartSearch.TooShort], index.Parts.Select(p => p.Search));
        Assert.Equal(["s/0: prompt"], TestBenchmarks.Found(index, $"# {Short.ToUpperInvariant()}!\nreturn gauge + 1"));
        Assert.Equal([], TestBenchmarks.Found(index, "# " + Short.Replace("ferry", "barge") + " wind barge canal"));
        Assert.Equal(["s/1: prompt", "s/0: prompt"], TestBenchmarks.Found(index, Short + " wind barge canal"));
    }

    [Fact]
    public void A_file_needs_its_share_of_n_grams_and_several_of_them()
    {
        string Words(int from, int to) => string.Join(' ', Enumerable.Range(from, to - from).Select(i => $"word{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}"));
        // 109 words are 100 n-grams of ten.
        var file = _folder.Write("b.jsonl", TestBenchmarks.Line("w/0", Words(0, 109), ""));
        var index = TestBenchmarks.Index(TestBenchmarks.Options(file));
        IReadOnlyList<PartHit> Scan(string text) => new ContaminationScanner(index).Scan(Encoding.UTF8.GetBytes(text));

        Assert.Equal((100, 50), (index.Parts[0].Ngrams, index.Parts[0].Needed));
        Assert.Equal((50, 0.5), (Scan(Words(0, 59))[0].Hits, Scan(Words(0, 59))[0].Score));
        Assert.Empty(Scan(Words(0, 58)));
        Assert.Equal(50, Scan(Words(0, 34) + " other " + Words(50, 84) + " " + Words(0, 34))[0].Hits);
        Assert.Equal(1.0, Scan(Words(0, 109) + " " + Words(0, 109))[0].Score);
        var strict = TestBenchmarks.Index(new() { Benchmarks = [file], Threshold = 0.01, MinHits = 7 });
        Assert.Equal(7, strict.Parts[0].Needed);
    }

    [Fact]
    public void Words_are_compared_themselves_so_that_equal_hashes_of_letters_outside_ASCII_are_no_hit()
    {
        // In UTF-8, А to П and а to п differ only in the bit that hashes set for ASCII's lower case.
        string Text(IEnumerable<char> letters) => string.Join(' ', letters.Select(c => $"{c}{c}"));
        var (capitals, small) = (Enumerable.Range('А', 16).Select(c => (char)c), Enumerable.Range('а', 16).Select(c => (char)c));
        var index = TestBenchmarks.Index(TestBenchmarks.Options(_folder.Write("b.jsonl", TestBenchmarks.Line("ru/0", Text(capitals), ""))));
        ulong[] Hashes(string text)
        {
            var words = new FoldedWords(keep: 0);
            words.Begin();
            words.Next(Encoding.UTF8.GetBytes(text));
            return words.Hashes.ToArray();
        }

        Assert.Equal(Hashes(Text(capitals)), Hashes(Text(small)));
        Assert.Equal(["ru/0: prompt"], TestBenchmarks.Found(index, Text(capitals)));
        Assert.Equal([], TestBenchmarks.Found(index, Text(small)));
    }

    [Fact]
    public void A_planted_solution_is_always_found_and_a_file_without_it_never()
    {
        // Words of which ten in a row always have five different ones.
        var word = Gen.Int[0, 4000].Select(i => $"name_{(char)('a' + (i % 26))}{i}");
        string[] separators = [" ", "\n    ", " = ", "(", "):\n\t", ", ", "\r\n", ".", " // ", "\\n", "\""];
        var separator = Gen.Int[0, separators.Length - 1].Select(i => separators[i]);
        var code = Gen.Select(word, separator).Array[0, 3000].Select(pairs => string.Concat(pairs.Select(p => p.Item1 + p.Item2)));
        Gen.Select(word.Array[12, 60], code, code, separator.Array[60]).Sample((words, before, after, between) =>
        {
            var solution = string.Join(' ', words.Select((w, i) => $"{w}_{i}"));
            var index = Of(solution);
            var planted = string.Concat(words.Select((w, i) => $"{w.ToUpperInvariant()}_{i}{between[i]}"));
            Assert.Equal(["p: solution"], TestBenchmarks.Found(index, $"{before} {planted} {after}"));
            Assert.Equal([], TestBenchmarks.Found(index, before + " " + after));
            Assert.Equal([], TestBenchmarks.Found(index, string.Join(' ', solution.Split(' ').Reverse())));
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void Hits_are_those_of_a_naive_search_at_any_place_of_a_batch()
    {
        var solution = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"step{(char)('a' + (i % 26))}{i}"));
        var index = Of(solution);
        var scanner = new ContaminationScanner(index);
        // A batch is 4096 words: the solution is planted across its end, and across ends of blocks of 64 bytes.
        for (var shift = 4040; shift < 4110; shift++)
        {
            var text = string.Concat(Enumerable.Repeat("x ", shift)) + new string('y', shift % 64) + " " + solution + " z";
            Assert.Equal(31, Assert.Single(scanner.Scan(Encoding.UTF8.GetBytes(text))).Hits);
        }

        Assert.Empty(scanner.Scan(""u8));
        Assert.Empty(scanner.Scan(Encoding.UTF8.GetBytes(new string('x', 1 << 20))));
        Assert.Empty(scanner.Scan(Encoding.UTF8.GetBytes(new string('\\', 1 << 20))));
    }

    [Fact]
    public void Benchmarks_with_more_text_than_memory_allows_are_refused()
    {
        var file = _folder.Write("b.jsonl", TestBenchmarks.Line("w/0", string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"word{i}")), ""));
        var message = Assert.Throws<UsageException>(() => TestBenchmarks.Index(TestBenchmarks.Options(file), maxBytes: 100_000)).Message;
        Assert.All(["'b.jsonl'", "500 different n-grams", "--memory", "decontamination.columns"], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private ContaminationIndex Of(string solution) => TestBenchmarks.Index(TestBenchmarks.Options(_folder.Write("one.jsonl", TestBenchmarks.Line("p", "", solution))));
}
