using Stackmill.Shared.Lexing;
using Stackmill.Shared.Lexing.Structure;

namespace Stackmill.Preprocess.Measure;

/// <summary>Measures of a text as code; docs/measures.md defines them for others.</summary>
/// <param name="Lines">Lines of code, comment and blanks.</param>
/// <param name="Degraded">True when a comment or literal has no end.</param>
/// <param name="Indentation">How its lines are indented.</param>
/// <param name="ByteEntropy">Shannon entropy of the bytes, bits a byte.</param>
/// <param name="LongestEncodedRun">Bytes of the longest stretch of encoded data.</param>
/// <param name="Structure">Functions, types, imports and complexity; null when the language has no rules for them.</param>
internal readonly record struct CodeMeasures(
    LineCounts Lines, bool Degraded, string Indentation, double ByteEntropy, int LongestEncodedRun, CodeStructure? Structure)
{
    /// <summary>Comment lines as a share of the lines that are not blank; 0 without such lines.</summary>
    internal double CommentFraction => Lines.Code + Lines.Comment == 0 ? 0 : (double)Lines.Comment / (Lines.Code + Lines.Comment);

    /// <summary>Measures a text.</summary>
    internal static CodeMeasures Of(ReadOnlySpan<byte> utf8, string language, Lexer lexer)
    {
        lexer.Load(utf8, language);
        return OfLoaded(utf8, language, lexer);
    }

    /// <summary>Measures the text that the lexer has loaded.</summary>
    internal static CodeMeasures OfLoaded(ReadOnlySpan<byte> utf8, string language, Lexer lexer)
    {
        var lines = lexer.CountLoaded(utf8, language);
        return new CodeMeasures(lines, lexer.Degraded, IndentationStyle.Of(utf8), Entropy(utf8), EncodedData.LongestRun(utf8), lexer.MeasureStructure(utf8, language));
    }

    private static double Entropy(ReadOnlySpan<byte> utf8)
    {
        // Two tables in turn: a byte that follows itself need not wait for its own count.
        Span<int> even = stackalloc int[256];
        Span<int> odd = stackalloc int[256];
        even.Clear();
        odd.Clear();
        var i = 0;
        for (; i + 1 < utf8.Length; i += 2)
        {
            even[utf8[i]]++;
            odd[utf8[i + 1]]++;
        }

        if (i < utf8.Length)
            even[utf8[i]]++;
        var sum = 0.0;
        for (var b = 0; b < 256; b++)
        {
            var count = even[b] + odd[b];
            if (count > 0)
                sum += count * Math.Log2((double)utf8.Length / count);
        }

        return utf8.Length == 0 ? 0 : sum / utf8.Length;
    }
}
