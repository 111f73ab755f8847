using System.Globalization;
using System.Text;
using Stackmill.Preprocess.Quality;

namespace Stackmill.Catalog;

/// <summary>The part of docs/stages.md that tells of quality rules.</summary>
internal static class QualityDocs
{
    /// <summary>A rule's limit in words, before its meaning.</summary>
    public static string Limit(QualityRule rule) => rule.Limit == QualityLimit.AtMost ? "too large:" : rule.Limit == QualityLimit.AtLeast ? "too small:" : "not below the share:";

    /// <summary>The part.</summary>
    public static string Write()
    {
        var text = new StringBuilder("""

            ## Quality rules of preprocess

            `filters.preset` chooses the rules, and `filters.mode` what they do: `drop` drops a file by the first rule, in the order below, that rejects
            it, with value and threshold in the ledger; `annotate` drops nothing and writes all verdicts into the column `filters`, so that thresholds can be
            changed later without reading the files. `filters.sampling` keeps a share of a language's files, with any preset.

            Rules see the decoded and cleaned text before redaction, since placeholders are longer or shorter than what they stand for. Characters are
            code points. Words are runs of letters, marks and digits, without regard to ASCII's case. Comments are counted with their marks, and Python's
            docstrings are comments. Repetition is looked for in the first 262,144 words or lines. A rule says nothing where there is nothing to measure:
            unknown stars, a language whose comments are not known, no words. Files of nothing but white space are no matter of these rules: they are dropped
            as `empty` before.

            """);
        foreach (var preset in QualityPresets.Presets)
        {
            text.Append($"\n### Preset {preset.Id}\n\nSource: {preset.Source}. {preset.Remarks}\n");
            if (preset.Checks.Count > 0)
                text.Append("\n| rule | languages | keeps | value |\n|---|---|---|---|\n");
            foreach (var check in preset.Checks)
                text.Append($"| `{check.Rule.Id}` | {check.Scope.Text} | {Sign(check.Limit)} {check.Threshold.ToString(CultureInfo.InvariantCulture)} | {check.Rule.Meaning} |\n");
        }

        return text.ToString();
    }

    private static string Sign(QualityLimit limit) => limit switch
    {
        QualityLimit.AtMost => "≤",
        QualityLimit.AtLeast => "≥",
        QualityLimit.Below => "<",
        _ => ">",
    };
}
