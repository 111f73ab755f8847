using System.Globalization;

namespace Stackmill.Preprocess.Redact;

/// <summary>The finds of a file as the ledger tells them, one after another: <c>email email-address 8+9 0.85</c> is kind, rule, place, length and confidence.</summary>
internal static class RedactionText
{
    // A file of nothing but addresses must not make a row of megabytes; the column redactions has them all.
    private const int Most = 100;

    /// <summary>The finds; <c>null</c> for none.</summary>
    /// <param name="text">The file.</param>
    /// <param name="inOutput">Places are of the placeholders in the new text, or of the values in the text before redaction; in code points.</param>
    public static string? Of(in ProcessedText text, bool inOutput)
    {
        if (text.Matches.Count == 0)
            return null;
        var finds = CodePoints.Describe(inOutput ? text.Content.Span : text.Cleaned.Span, [.. text.Matches], inOutput);
        var told = finds.Take(Most).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Kind} {f.Rule} {f.Start}+{f.Length} {f.Confidence:0.##}{(f.Hash is null ? "" : " " + f.Hash)}"));
        return string.Join(", ", told) + (finds.Count > Most ? $", and {finds.Count - Most} more" : "");
    }
}
