using System.Globalization;
using System.Text;
using CsCheck;
using Stackmill.Preprocess.Measure;

namespace Stackmill.Tests.Preprocess.Measure;

public sealed class TextMeasuresTests
{
    private static TextMeasures Naive(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var lines = text.Split('\n').ToList();
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        var lengths = lines.Select(l => l.EnumerateRunes().Count()).ToArray();
        double Share(Func<Rune, bool> holds) => runes.Length == 0 ? 0 : (double)runes.Count(holds) / runes.Length;
        return new TextMeasures(
            Encoding.UTF8.GetByteCount(text),
            runes.Length,
            lines.Count,
            lines.Count(string.IsNullOrWhiteSpace),
            lines.Count == 0 ? 0 : (double)lengths.Sum() / lines.Count,
            lengths.DefaultIfEmpty(0).Max(),
            Share(Rune.IsLetter),
            Share(r => Rune.IsLetter(r) || Rune.IsNumber(r)),
            Share(r => Rune.GetUnicodeCategory(r) == UnicodeCategory.DecimalDigitNumber),
            Share(Rune.IsWhiteSpace));
    }

    [Fact]
    public void Agrees_with_a_naive_count_on_any_text()
    {
        var piece = Gen.OneOf(
            Gen.OneOf("\n", "\n\n", " ", "\t", "    ", "\r\n", "\f", "a", "Zz", "09", "_", "é", "ł", "文", "😀", "\u00A0", "\u3000", "\u0085", "½", "Ⅷ", "٣", "𝟘", "\u200B"),
            Gen.Char['\u0000', '\u007F'].Select(c => c.ToString()),
            Gen.String[Gen.Char['a', 'z'], 0, 90]);
        piece.Array[0, 60].Select(string.Concat).Sample(text => Assert.Equal(Naive(text), TextMeasures.Of(Encoding.UTF8.GetBytes(text))), iter: 20_000);
    }

    [Theory]
    [InlineData("", 0, 0, 0)]
    [InlineData("\n", 1, 1, 0)]
    [InlineData("a", 1, 0, 1)]
    [InlineData("a\n", 1, 0, 1)]
    [InlineData("a\n\n \nżółw", 4, 2, 4)]
    [InlineData(" ", 1, 1, 1)]
    public void Lines_are_counted_as_defined(string text, int lines, int blank, int longest)
    {
        var measures = TextMeasures.Of(Encoding.UTF8.GetBytes(text));
        Assert.Equal((lines, blank, longest), (measures.Lines, measures.BlankLines, measures.LongestLine));
    }

    [Fact]
    public void Fractions_are_of_characters()
    {
        var measures = TextMeasures.Of(Encoding.UTF8.GetBytes("zł 5½\n"));
        Assert.Equal(6, measures.Characters);
        Assert.Equal(2 / 6.0, measures.AlphabeticFraction);
        Assert.Equal(4 / 6.0, measures.AlphanumericFraction);
        Assert.Equal(1 / 6.0, measures.DigitFraction);
        Assert.Equal(2 / 6.0, measures.WhitespaceFraction);
        Assert.Equal(5, measures.MeanLineLength);
    }
}
