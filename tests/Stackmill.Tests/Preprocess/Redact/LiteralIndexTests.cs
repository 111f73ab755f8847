using System.Text;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Tests.Preprocess.Redact;

public sealed class LiteralIndexTests
{
    // As many literals as the catalogue has, of all lengths from three bytes on, so that every bucket is used.
    private static readonly string[] Literals = [.. RuleCatalog.Rules.SelectMany(r => r.Literals).Distinct()];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_literal_is_found_where_it_stands_whatever_its_place_in_a_vector(bool anyCase)
    {
        Assert.True(Literals.Length > 400, $"saw {Literals.Length} literals");
        var found = new List<(string, int)>();
        var index = new LiteralIndex(Literals.Select(l => Recording(l, anyCase, found)));
        var sink = new CandidateSink(new RedactionOptions());
        for (int i = 0; i < Literals.Length; i++)
        {
            int at = i % 90;
            byte[] text = Encoding.UTF8.GetBytes(new string(' ', at) + (anyCase ? Literals[i].ToUpperInvariant() : Literals[i]) + new string(' ', i * 7 % 90));
            found.Clear();
            index.Find(text, 0, text.Length, sink);
            Assert.Contains((Literals[i], at), found);
            Assert.Equal(Naive(text, anyCase), found.Order());
        }
    }

    [Fact]
    public void Only_literals_that_begin_in_the_given_stretch_are_told()
    {
        var found = new List<(string, int)>();
        var index = new LiteralIndex([Recording("heroku_zq", true, found)]);
        var sink = new CandidateSink(new RedactionOptions());
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("heroku_zq ", 30)));
        for (int from = 0; from < 40; from++)
        {
            found.Clear();
            index.Find(text, from, from + 95, sink);
            Assert.Equal(Enumerable.Range(0, 30).Select(i => i * 10).Where(at => at >= from && at < from + 95), found.Select(f => f.Item2));
        }
    }

    private static IEnumerable<(string, int)> Naive(byte[] text, bool anyCase)
    {
        string s = Encoding.Latin1.GetString(text);
        return Literals.SelectMany(l => Enumerable.Range(0, s.Length).Where(i => string.Compare(s, i, l, 0, l.Length, anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal) == 0).Select(i => (l, i))).Order();
    }

    private static Rule Recording(string literal, bool anyCase, List<(string, int)> found) =>
        new("recording", RedactionKind.Key, "Tells where it was asked", anyCase ? RuleAnchor.LiteralAnyCase : RuleAnchor.Literal, (_, _, at, _) => found.Add((literal, at)))
        {
            Specificity = 1,
            Literals = [literal],
            Positives = [],
            Negatives = [],
        };
}
