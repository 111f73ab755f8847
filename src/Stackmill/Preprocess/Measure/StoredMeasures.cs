using Stackmill.Core.Model;

namespace Stackmill.Preprocess.Measure;

/// <summary>The measures of a text as they are stored with its record, wherever the text was made.</summary>
internal static class StoredMeasures
{
    /// <summary>The measures of one text.</summary>
    /// <param name="text">Its measures as text.</param>
    /// <param name="code">Its measures as code.</param>
    /// <param name="tokens">Its tokens; <c>null</c> when none are counted.</param>
    public static RecordMeasures Of(in TextMeasures text, in CodeMeasures code, long? tokens) => new(
        text.Bytes,
        text.Characters,
        text.Lines,
        text.BlankLines,
        text.MeanLineLength,
        text.LongestLine,
        text.AlphabeticFraction,
        text.AlphanumericFraction,
        text.DigitFraction,
        text.WhitespaceFraction,
        tokens)
    {
        CodeLines = code.Lines.Code,
        CommentLines = code.Lines.Comment,
        CommentFraction = code.CommentFraction,
        LexDegraded = code.Degraded,
        Indentation = code.Indentation,
        ByteEntropy = code.ByteEntropy,
        LongestEncodedRun = code.LongestEncodedRun,
        Functions = code.Structure?.Functions,
        Classes = code.Structure?.Classes,
        Imports = code.Structure?.Imports,
        MeanComplexity = code.Structure?.MeanComplexity,
        MaxComplexity = code.Structure is { Functions: > 0 } structure ? structure.MaxComplexity : null,
    };
}
