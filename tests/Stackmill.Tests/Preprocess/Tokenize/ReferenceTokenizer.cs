using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Stackmill.Preprocess.Tokenize;

namespace Stackmill.Tests.Preprocess.Tokenize;

/// <summary>
/// The published patterns run by a regular expression engine, and merges done the obvious way. .NET's engine sees UTF-16
/// units, so each scalar value beyond U+FFFF is replaced by one below of the same general category, and each byte that
/// isn't valid UTF-8 by a symbol; offsets are translated back.
/// </summary>
internal sealed class ReferenceTokenizer(BpeVocabulary vocabulary)
{
    // As in tiktoken's openai_public.py, with the long s that Rust's case folding adds to (?i:s) and .NET's doesn't.
    private static readonly Dictionary<string, Regex> _patterns = new()
    {
        ["o200k_base"] = new(
            @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'\u017F|'t|'re|'ve|'m|'ll|'d)?" +
            @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'\u017F|'t|'re|'ve|'m|'ll|'d)?" +
            @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            RegexOptions.CultureInvariant),
        ["cl100k_base"] = new(
            @"'(?i:[sdmt\u017F]|ll|ve|re)|(?>[^\r\n\p{L}\p{N}]?)\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+\z|\s*[\r\n]|\s+(?!\S)|\s",
            RegexOptions.CultureInvariant),
    };

    private readonly Regex _pattern = _patterns[vocabulary.Name];

    private readonly Dictionary<string, int> _ranks =
        Enumerable.Range(0, vocabulary.Count).ToDictionary(id => Encoding.Latin1.GetString(vocabulary.Token(id)));

    /// <summary>The pieces, in bytes.</summary>
    public List<byte[]> Split(byte[] utf8)
    {
        var (text, offsets) = Translate(utf8);
        var pieces = new List<byte[]>();
        foreach (Match match in _pattern.Matches(text))
            pieces.Add(utf8[offsets[match.Index]..offsets[match.Index + match.Length]]);
        return pieces;
    }

    /// <summary>A piece that is a token as a whole is that token; the others are merged.</summary>
    public int[] Encode(byte[] utf8) =>
        [.. Split(utf8).SelectMany(piece => _ranks.TryGetValue(Encoding.Latin1.GetString(piece), out var whole) ? [whole] : Merge(piece))];

    /// <summary>Joins the leftmost pair of lowest rank until there is none.</summary>
    public int[] Merge(byte[] piece)
    {
        var parts = piece.Select(b => ((char)b).ToString()).ToList();
        while (true)
        {
            var best = int.MaxValue;
            var at = -1;
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                if (_ranks.TryGetValue(parts[i] + parts[i + 1], out var rank) && rank < best) (best, at) = (rank, i);
            }

            if (at < 0) return [.. parts.Select(part => _ranks[part])];
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }

    private static (string Text, List<int> Offsets) Translate(byte[] utf8)
    {
        var text = new StringBuilder();
        var offsets = new List<int>();
        for (var at = 0; at < utf8.Length;)
        {
            offsets.Add(at);
            if (Rune.DecodeFromUtf8(utf8.AsSpan(at), out var rune, out var width) == OperationStatus.Done)
            {
                text.Append(rune.IsBmp ? (char)rune.Value : StandIn(rune));
                at += width;
            }
            else
            {
                text.Append('\u2603');
                at++;
            }
        }

        offsets.Add(utf8.Length);
        return (text.ToString(), offsets);
    }

    private static char StandIn(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => '\u0100',
        UnicodeCategory.LowercaseLetter => '\u0101',
        UnicodeCategory.TitlecaseLetter => '\u01C5',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u4E2D',
        UnicodeCategory.NonSpacingMark => '\u0301',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u20DD',
        UnicodeCategory.DecimalDigitNumber => '\u0663',
        UnicodeCategory.LetterNumber => '\u2167',
        UnicodeCategory.OtherNumber => '\u00BD',
        _ => '\u2603',
    };
}
