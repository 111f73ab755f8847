using System.Text;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Quality;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Preprocess.Quality;

/// <summary>Every threshold of every preset, with a file at its edge and one just beyond it.</summary>
public sealed class QualityThresholdTests
{
    // What the text doesn't decide.
    private static readonly string[] BesideText = ["few_stars", "generated_file", "prose_file_name", "few_characters_per_token"];

    private static readonly string[] Languages =
        ["Python", "Java", "JavaScript", "C", "C++", "C#", "Go", "Shell", "SQL", "HTML", "JSON", "YAML", "XML", "CSS", "Text", "Markdown", "Ruby", "Motorola 68K Assembly", "WebAssembly", "Graphviz (DOT)"];

    // Comments of these are known and begin in a way that the texts use.
    private static readonly string[] Commented = ["Python", "Java", "JavaScript", "C", "C++", "C#", "Go", "Shell", "SQL", "CSS", "YAML"];

    public static TheoryData<string> Presets => [.. QualityPresets.Presets.Where(p => p.Checks.Count > 0).Select(p => p.Id)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Files_at_a_threshold_and_just_beyond_it_are_told_apart(string preset)
    {
        var seen = 0;
        foreach (var check in QualityPresets.Get(preset).Checks.Where(c => !BesideText.Contains(c.Rule.Id)))
        {
            var languages = Languages.Where(l => check.Scope.Holds(LanguageTable.Find(l))).ToList();
            if (check.Rule.Id is "few_comments" or "many_comments" or "prompt_comments")
                languages = [.. languages.Intersect(Commented)];
            if (check.Rule.Id is "many_strings" or "long_words" or "long_strings")
                languages = [.. languages.Intersect(["Python", "JavaScript"])];
            if (check.Rule.Id is "few_comments" or "many_comments" or "prompt_comments" or "hexadecimal_words" or "long_words")
                languages = [.. languages.Where(l => SyntaxTable.Find(l) is not null)];
            Assert.NotEmpty(languages);
            foreach (var language in check.Rule.Id == "many_lines" ? languages.Take(1) : languages)
            {
                var (kept, dropped) = Texts(check, language);
                var (inside, outside) = (Measure(check, kept, language), Measure(check, dropped, language));
                var what = $"{preset}, {check.Rule.Id} of {language}: {inside} and {outside} at {check.Threshold}";
                Assert.True(inside is { } i && check.Keeps(i), what);
                Assert.True(outside is { } o && !check.Keeps(o), what);
                Assert.True(Math.Abs(inside.Value - outside.Value) <= Math.Max(0.04, check.Threshold >= 5 || check.Threshold is 0 or 1 ? 1 : 0), what);
                var filter = new QualityFilter(new QualityOptions { Preset = preset }, new TextFacts(null));
                Assert.Contains(filter.All(new QualitySubject("a.c", language, "", null, null), Encoding.UTF8.GetBytes(dropped))!, v => v.Id == check.Rule.Id && v.Decision == "drop" && v.Threshold == check.Threshold);
                seen++;
            }
        }

        Assert.True(seen >= 20, $"only {seen} thresholds were seen");
    }

    [Fact]
    public void What_stands_beside_the_text_is_held_against_its_thresholds()
    {
        static string? Reason(string preset, QualitySubject subject, int tokens = 1) =>
            new QualityFilter(new QualityOptions { Preset = preset }, new TextFacts(_ => tokens)).Check(subject, Encoding.UTF8.GetBytes("# cc\n" + string.Concat(Enumerable.Repeat("ab(d\n", 49)))).Reason;

        var file = new QualitySubject("a.py", "Python", "", 6, false);
        Assert.Equal((null, "few_stars", null), (Reason("starcoder1", file), Reason("starcoder1", file with { Stars = 5 }), Reason("starcoder1", file with { Stars = null })));
        Assert.Equal((null, "generated_file"), (Reason("starcoder2", file), Reason("starcoder2", file with { IsGenerated = true })));
        Assert.Equal((null, "prose_file_name"), (Reason("starcoder2", file with { Language = "Text", Path = "Notes.txt" }), Reason("starcoder2", file with { Language = "Text", Path = "notes/a.txt" })));

        // 250 characters, and the fewest of them that a token may stand for.
        Assert.Equal((null, "few_characters_per_token"), (Reason("starcoder1", file, 100), Reason("starcoder1", file, 101)));
        Assert.Equal((null, "few_characters_per_token"), (Reason("starcoder1", file with { Language = "JavaScript", Path = "a.js" }, 96) is "few_comments" ? null : "?", Of("JavaScript", 97)));
        Assert.Equal("few_characters_per_token", Of("Java", 87));

        static string? Of(string language, int tokens) => new QualityFilter(new QualityOptions { Preset = "starcoder1" }, new TextFacts(_ => tokens)).All(new QualitySubject("a", language, "", null, null), Encoding.UTF8.GetBytes(new string('a', 250)))!.FirstOrDefault(v => v.Id == "few_characters_per_token" && v.Decision == "drop")?.Id;
    }

    [Fact]
    public void Exceptions_by_language_are_those_that_were_published()
    {
        static string Limits(string preset, string rule) => string.Join(' ', Languages.Select(l => (Name: l, Check: QualityPresets.Get(preset).Checks.FirstOrDefault(c => c.Rule.Id == rule && c.Scope.Holds(LanguageTable.Find(l)))))
            .Where(l => l.Check is not null).GroupBy(l => l.Check!.Threshold).OrderBy(g => g.Key).Select(g => FormattableString.Invariant($"{g.Key}:{string.Join(',', g.Select(l => l.Name))}")));

        Assert.Equal("512:JSON,YAML,Text,Graphviz (DOT) 100000:Python,Java,JavaScript,C,C++,C#,Go,Shell,SQL,HTML,XML,CSS,Markdown,Ruby,Motorola 68K Assembly,WebAssembly", Limits("starcoder2", "many_lines"));
        Assert.EndsWith("100000:HTML,JSON,XML,Text,Markdown", Limits("starcoder2", "long_line"), StringComparison.Ordinal);
        Assert.DoesNotContain("Markdown", Limits("starcoder2", "long_lines"), StringComparison.Ordinal);
        Assert.Equal("0.25:Motorola 68K Assembly,WebAssembly", Limits("starcoder2", "few_letters_or_digits"));
        Assert.Equal("100:JSON,YAML", Limits("starcoder1", "few_characters"));
        Assert.Equal("5000:JSON,YAML,XML,CSS,Graphviz (DOT)", Limits("opencoder", "many_characters"));
        Assert.EndsWith("0.3:SQL", Limits("opencoder", "many_digits"), StringComparison.Ordinal);
        Assert.Equal("0.2:Python,Java,JavaScript,C,C++,C#,Go,SQL,Ruby,Motorola 68K Assembly,WebAssembly", Limits("opencoder", "long_strings"));
        Assert.Equal("0.4:Python,Java,JavaScript,C,C++,C#,SQL,Ruby,Motorola 68K Assembly,WebAssembly", Limits("opencoder", "assertions"));
        Assert.StartsWith("0.6:HTML 0.8:", Limits("opencoder", "repeated_5_grams"), StringComparison.Ordinal);
        Assert.DoesNotContain("HTML", Limits("opencoder", "many_comments"), StringComparison.Ordinal);
        Assert.DoesNotContain("Markdown", Limits("opencoder", "few_words"), StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_of_many_files_are_kept_closely_and_always_the_same_files()
    {
        var names = Enumerable.Range(0, 20_000).Select(i => Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(Encoding.UTF8.GetBytes($"file-{i}")))).ToList();
        HashSet<string> Kept(string share)
        {
            var filter = new QualityFilter(new QualityOptions { Sampling = new Dictionary<string, string> { ["Python"] = share } }, new TextFacts(null));
            return [.. names.Where(n => filter.Check(new QualitySubject("a", "Python", n, null, null), "x"u8.ToArray()).IsKept)];
        }

        foreach (var share in (double[])[0, 0.1, 0.25, 0.5, 0.9, 1])
            Assert.InRange(Kept(FormattableString.Invariant($"{share}")).Count / 20_000.0, share - 0.01, share + 0.01);
        Assert.Equal(Kept("0.25").Order(), Kept("0.25").Order());
        Assert.Subset(Kept("0.5"), Kept("0.25"));
    }

    [Theory]
    [InlineData("main(")]
    [InlineData("ab ab cd ")]
    [InlineData("x = 1 # a\n")]
    [InlineData("'''\n")]
    [InlineData("/* */ ")]
    [InlineData("0x41, ")]
    public void Twice_the_text_takes_twice_the_steps_and_no_more_memory(string piece)
    {
        foreach (var language in (string[])["Python", "C"])
        {
            var filter = new QualityFacts(new TextFacts(null));
            var texts = new[] { 40_000, 80_000 }.Select(n => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, n)))).ToList();
            long Steps(byte[] text)
            {
                var before = filter.Steps;
                filter.Load(new QualitySubject("a.c", language, "", null, null), text);
                foreach (var check in QualityPresets.Get("opencoder").Checks)
                    check.Rule.Measure(filter);
                return filter.Steps - before;
            }

            Steps(texts[1]);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var (once, twice) = (Steps(texts[0]), Steps(texts[1]));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 100_000);
            Assert.InRange(twice, 1, (2.2 * once) + 1000);
            Assert.True(twice < 20.0 * texts[1].Length, $"{twice} steps for {texts[1].Length} bytes");
        }
    }

    private static double? Measure(QualityCheck check, string text, string language)
    {
        var facts = new QualityFacts(new TextFacts(null));
        facts.Load(new QualitySubject("a.c", language, "", null, null), Encoding.UTF8.GetBytes(text));
        return check.Rule.Measure(facts);
    }

    private static (string Kept, string Dropped) Texts(QualityCheck check, string language)
    {
        // Where the threshold itself is kept, the value beyond it is the next one; else it is the threshold.
        var strict = check.Limit is QualityLimit.Above or QualityLimit.Below;
        var beyond = ThresholdTexts.Grows(check) ? 1 : -1;
        if (ThresholdTexts.Counts.TryGetValue(check.Rule.Id, out var count))
        {
            var edge = (int)check.Threshold;
            return strict ? (count(edge - beyond), count(edge)) : (count(edge), count(edge + beyond));
        }

        var share = ThresholdTexts.Shares[check.Rule.Id];
        var whole = 200;
        var part = (int)Math.Round(check.Threshold * whole);
        if (check.Rule.Id.StartsWith("top_", StringComparison.Ordinal) || check.Rule.Id.StartsWith("repeated_", StringComparison.Ordinal))
            return (share(part, whole, language), share(part, whole - 2, language));
        return strict ? (share(part - beyond, whole, language), share(part, whole, language)) : (share(part, whole, language), share(part + beyond, whole, language));
    }
}
