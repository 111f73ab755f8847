using System.Text;
using System.Text.RegularExpressions;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Quality;

namespace Stackmill.Tests.Preprocess.Quality;

public sealed partial class QualityRuleTests
{
    // What a record beside its text decides has no sample text.
    private static readonly string[] BesideText = ["not_sampled", "few_stars", "generated_file", "prose_file_name", "few_characters_per_token"];

    [Fact]
    public void Every_rule_that_a_text_decides_has_a_sample_that_it_keeps_and_one_that_it_drops()
    {
        Assert.True(QualityCatalog.Rules.Count >= 50);
        Assert.Equal(QualityCatalog.Rules.Select(r => r.Id).Except(BesideText).Order(StringComparer.Ordinal), RuleSamples.All.Select(s => s.Id).Order(StringComparer.Ordinal));
        foreach (var sample in RuleSamples.All)
        {
            var rule = QualityCatalog.Get(sample.Id);
            var kept = rule.Measure(RuleSamples.FactsOf(sample.Kept.Text, sample.Path, sample.Language));
            var dropped = rule.Measure(RuleSamples.FactsOf(sample.Dropped.Text, sample.Path, sample.Language));
            Assert.True(kept is { } k && Math.Abs(k - sample.Kept.Value) < 1e-12 && new QualityCheck(rule, sample.Threshold, QualityScope.All).Keeps(k), $"{sample.Id}: {kept} for '{sample.Kept.Text}', expected {sample.Kept.Value}");
            Assert.True(dropped is { } d && Math.Abs(d - sample.Dropped.Value) < 1e-12 && !new QualityCheck(rule, sample.Threshold, QualityScope.All).Keeps(d), $"{sample.Id}: {dropped} for '{sample.Dropped.Text}', expected {sample.Dropped.Value}");
        }
    }

    [Fact]
    public void What_is_known_beside_the_text_decides_and_what_is_unknown_does_not()
    {
        static double? Measure(string id, QualitySubject subject, Func<ReadOnlyMemory<byte>, int>? tokens = null)
        {
            var facts = new QualityFacts(new TextFacts(tokens));
            facts.Load(subject, "abcd"u8.ToArray());
            return QualityCatalog.Get(id).Measure(facts);
        }

        var file = new QualitySubject("docs/ReadMe.md", "Text", "80000000", 5, true);
        Assert.Equal(0.5, Measure("not_sampled", file));
        Assert.Null(Measure("not_sampled", file with { BlobId = "" }));
        Assert.Equal((5.0, null), (Measure("few_stars", file), Measure("few_stars", file with { Stars = null })));
        Assert.Equal((1.0, 0.0, null), (Measure("generated_file", file), Measure("generated_file", file with { IsGenerated = false }), Measure("generated_file", file with { IsGenerated = null })));
        Assert.Equal((1.0, 1.0, 0.0), (Measure("prose_file_name", file), Measure("prose_file_name", file with { Path = "my-requirements.txt" }), Measure("prose_file_name", file with { Path = "readme/data.txt" })));
        Assert.Equal((2.0, null), (Measure("few_characters_per_token", file, _ => 2), Measure("few_characters_per_token", file)));
    }

    [Fact]
    public void Rules_and_presets_are_unique_and_each_rule_is_used()
    {
        Assert.Equal(QualityCatalog.Rules.Count, QualityCatalog.Rules.Select(r => r.Id).Distinct().Count());
        Assert.Equal(["seed", "starcoder1", "starcoder2", "opencoder", "stackmill"], QualityPresets.Presets.Select(p => p.Id));
        Assert.Empty(QualityPresets.Get("seed").Checks);
        var used = QualityPresets.Presets.SelectMany(p => p.Checks).Select(c => c.Rule.Id).Append("not_sampled").ToHashSet();
        Assert.Equal([], QualityCatalog.Rules.Select(r => r.Id).Except(used));
    }

    [Fact]
    public void Encoded_data_is_what_the_published_patterns_match()
    {
        string[] pieces = ["ab", "0x12", ",", " ", "\\x4f", "\\u00aF", "\\u12", "f", "_", "\n", "AbC+/=", "=", "zz", "0", "9f,", "'"];
        var random = new Random(7);
        var matched = 0;
        for (var round = 0; round < 4000; round++)
        {
            var text = new StringBuilder();
            var few = random.Next(1, pieces.Length);
            for (var i = random.Next(300); i > 0; i--)
                text.Append(pieces[random.Next(2) == 0 ? random.Next(pieces.Length) : few]);
            var lengths = new[] { Base64(), Hexadecimal(), Units() }.SelectMany(p => p.Matches(text.ToString())).Select(m => m.Length).ToList();
            matched += lengths.Count;
            Assert.Equal((lengths.DefaultIfEmpty().Max(), lengths.Sum(l => (long)l), text.ToString()), (EncodedData.Of(Encoding.ASCII.GetBytes(text.ToString())).Longest, EncodedData.Of(Encoding.ASCII.GetBytes(text.ToString())).Total, text.ToString()));
        }

        Assert.True(matched > 300, $"only {matched} matches were seen");
    }

    [Fact]
    public void Repetition_of_words_is_what_counting_all_of_them_gives()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var words = Enumerable.Range(0, random.Next(2, 80)).Select(_ => new string('w', 1 + random.Next(2)) + random.Next(1 + round % 7)).ToList();
            var facts = new WordFacts();
            facts.Load(Encoding.UTF8.GetBytes(string.Join(" - ", words).ToUpperInvariant()));
            var total = words.Sum(w => w.Length);
            Assert.Equal((words.Count, total, (double)words.Distinct().Count() / words.Count), (facts.Words, facts.Characters, facts.Grams.UniqueShare()));
            for (var size = 2; size <= 10; size++)
            {
                var grams = Enumerable.Range(0, Math.Max(0, words.Count - size + 1)).Select(i => string.Join(' ', words.Skip(i).Take(size))).ToList();
                var counts = grams.CountBy(g => g).ToDictionary();
                var repeated = Enumerable.Range(0, words.Count).Where(w => Enumerable.Range(Math.Max(0, w - size + 1), size).Any(i => i <= w && i < grams.Count && counts[grams[i]] > 1)).Sum(w => words[w].Length);
                var most = counts.Values.DefaultIfEmpty().Max();
                var top = most <= 1 ? 0 : grams.First(g => counts[g] == most).Replace(" ", "", StringComparison.Ordinal).Length * most;
                if (size >= WordGrams.Shortest)
                {
                    Assert.Equal((double)repeated / total, facts.Grams.RepeatedShare(size));
                    Assert.True(facts.Grams.Bounds.RepeatedShare(size) >= facts.Grams.RepeatedShare(size));
                }

                if (size <= WordGrams.LongestTop)
                {
                    Assert.Equal((double)top / total, facts.Grams.TopShare(size));
                    Assert.True(facts.Grams.Bounds.TopShare(size) >= facts.Grams.TopShare(size));
                }
            }
        }
    }

    [Fact]
    public void Any_bytes_are_judged_by_every_preset_and_a_filter_remembers_nothing()
    {
        var random = new Random(3);
        var alphabet = "\n\n  \t'\"\"\"#/**/<!--<script>&amp;(){}main(x0\\x41,\\u0041a1_é\uFFFD中*"u8.ToArray();
        foreach (var preset in QualityPresets.Presets)
        {
            var used = new QualityFilter(new QualityOptions { Preset = preset.Id }, new TextFacts(t => 1 + t.Length / 3));
            for (var round = 0; round < 400; round++)
            {
                var text = new byte[random.Next(1, 700)];
                if (round % 2 == 0)
                    random.NextBytes(text);
                else
                    random.GetItems(alphabet, text);
                string[] languages = ["Python", "C", "HTML", "JSON", "JavaScript", "PHP", "Text", "", "Ruby"];
                var subject = new QualitySubject("a.c", languages[random.Next(languages.Length)], new string('a', 40), 3, false);
                var fresh = new QualityFilter(new QualityOptions { Preset = preset.Id }, new TextFacts(t => 1 + t.Length / 3));
                var verdicts = used.All(subject, text);
                Assert.Equal(fresh.All(subject, text) ?? [], verdicts ?? []);
                Assert.All(verdicts ?? [], v => Assert.True(double.IsFinite(v.Value) && v.Value >= 0, $"{v}"));
                Assert.Equal(verdicts?.FirstOrDefault(v => v.Decision == "drop")?.Id, used.Check(subject, text).Reason);
            }
        }
    }

    // Each would take hours in quadratic time.
    [Theory]
    [InlineData("main(", "C")]
    [InlineData("<!--", "HTML")]
    [InlineData("<script>", "HTML")]
    [InlineData("<", "HTML")]
    [InlineData("\\x4", "Python")]
    [InlineData("ab ", "Python")]
    [InlineData("#  ", "C")]
    [InlineData("\"\"\"", "Python")]
    [InlineData("a\n", "JavaScript")]
    [InlineData("&", "HTML")]
    public void Hostile_texts_take_linear_time(string piece, string language)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, 1_500_000)));
        var filter = new QualityFilter(new QualityOptions { Preset = "opencoder" }, new TextFacts(null));
        Assert.NotEmpty(filter.All(new QualitySubject("a", language, "", null, null), text)!);
    }

    [GeneratedRegex(@"[a-zA-Z0-9+/\n=]{64,}")]
    private static partial Regex Base64();

    [GeneratedRegex(@"(?:\b(?:0x|\\x)?[0-9a-fA-F]{2}(?:,|\b\s*)){8,}")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"(?:\\u[0-9a-fA-F]{4}){8,}")]
    private static partial Regex Units();
}
