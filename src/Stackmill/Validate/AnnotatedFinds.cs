using Stackmill.Core.Model;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Validate;

/// <summary>Finds that were left on purpose: what a configuration leaves, and tells, is no fault.</summary>
internal static class AnnotatedFinds
{
    /// <summary>Removes the matches that the configuration at hand leaves, and those that the record's own column tells were left, whatever the configuration at hand.</summary>
    public static void Remove(CodeRecord record, List<Match> matches)
    {
        matches.RemoveAll(static m => m.Action == RedactionAction.Annotate);
        if (matches.Count == 0 || record.Redactions is not { } told || told.All(static r => r.IsReplaced))
            return;
        var left = told.Where(static r => !r.IsReplaced).Select(static r => (r.Kind, r.Start, r.Length)).ToHashSet();
        var places = CodePoints.Describe(record.Content.Span, matches, inOutput: false);
        for (var i = matches.Count - 1; i >= 0; i--)
        {
            if (left.Contains((places[i].Kind, places[i].Start, places[i].Length)))
                matches.RemoveAt(i);
        }
    }
}
