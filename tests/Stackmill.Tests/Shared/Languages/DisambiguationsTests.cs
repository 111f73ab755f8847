using System.Text;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Languages.Heuristics;

namespace Stackmill.Tests.Shared.Languages;

/// <summary>Every sign by which content tells a language, with its own samples.</summary>
public sealed class DisambiguationsTests
{
    private const int HostileBytes = 1 << 17;

    // What rules look for over and over, with nothing that ends it.
    private static readonly string[] Hostile = ["@", "#", ":-", " ", "\t", "(", "[", "a", "$", "! x", "std", "template ", "class ", "\n@ ", "a: ", ". ", "=", "\\", "<", "end ", "BEGIN", "A::", "{", "1 "];

    private static readonly (Disambiguation Block, int Number, HeuristicRule Rule)[] Rules =
        [.. Disambiguations.All.SelectMany(d => d.Rules.Select((r, i) => (d, i, r)))];

    [Fact]
    public void Every_rule_takes_its_sample_and_not_the_one_that_is_nearly_one()
    {
        Assert.True(Rules.Length > 200, $"only {Rules.Length} rules were seen");
        foreach (var (block, number, rule) in Rules)
        {
            Assert.True(rule.Test(Bytes(block, rule.Yes)), $"{block.Id(number)} does not take '{rule.Yes}'");
            Assert.False(rule.Test(Bytes(block, rule.No)), $"{block.Id(number)} takes '{rule.No}'");
        }
    }

    [Fact]
    public void Every_sample_has_its_rule_as_the_reason_in_a_file_of_its_extension()
    {
        foreach (var (block, number, rule) in Rules)
        {
            var language = LanguageTable.Get(rule.Language);
            var extension = block.Extensions.Split(' ').First(e => e == "c" || LanguageTable.Candidates($"a.{e}", out _).Contains(language));
            var found = LanguageDetector.Detect($"src/a.{(extension == "c" ? "C" : extension)}", Encoding.UTF8.GetBytes(rule.Yes));
            Assert.Equal((rule.Language, $"heuristic:{block.Id(number)}"), (found.Language?.Name, found.Reason));
        }
    }

    [Fact]
    public void Ids_are_unique_and_usual_languages_are_of_their_extensions()
    {
        var ids = Rules.Select(r => r.Block.Id(r.Number)).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Disambiguations.All.Where(d => d.Usual.Length > 0), d =>
            Assert.All(d.Extensions.Split(' '), e => Assert.Contains(LanguageTable.Get(d.Usual), LanguageTable.Candidates($"a.{e}", out _))));
    }

    [Fact]
    public void Rules_come_to_an_end_on_hostile_text()
    {
        // A rule whose time grew with the square of the text would take hours here.
        foreach (var piece in Hostile)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, HostileBytes / piece.Length)));
            foreach (var (_, _, rule) in Rules)
                rule.Test(text);
        }
    }

    private static byte[] Bytes(Disambiguation block, string text) => Encoding.UTF8.GetBytes(block.AnyCase ? text.ToLowerInvariant() : text);
}
