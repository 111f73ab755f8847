namespace Stackmill.Preprocess.Redact;

internal sealed partial class Redactor
{
    /// <summary>
    /// Removes finds of users' patterns that lie within a longer find of another rule: a word of an address must not uncover the rest of it.
    /// </summary>
    private void RemoveContained(ReadOnlySpan<byte> text, List<Candidate> candidates)
    {
        if (!candidates.Exists(static c => c.Rule.Anchor == RuleAnchor.Pattern))
            return;
        var others = new List<(int Start, int End)>();
        foreach (Candidate candidate in candidates)
        {
            if (candidate.Rule.Anchor != RuleAnchor.Pattern && TryPlace(text, candidate, out _))
                others.Add((candidate.Start, candidate.End));
        }
        others.Sort();
        // The farthest end of all that begin up to each place.
        for (int i = 1; i < others.Count; i++)
            others[i] = (others[i].Start, Math.Max(others[i].End, others[i - 1].End));
        candidates.RemoveAll(c => c.Rule.Anchor == RuleAnchor.Pattern && IsWithin(others, c));
    }

    private static bool IsWithin(List<(int Start, int End)> others, in Candidate candidate)
    {
        // Those that begin before the find and end with it or behind, or begin with it and end behind.
        int before = Count(others, candidate.Start);
        int upTo = Count(others, candidate.Start + 1);
        return (before > 0 && others[before - 1].End >= candidate.End) || (upTo > before && others[upTo - 1].End > candidate.End);
    }

    // How many begin before a place.
    private static int Count(List<(int Start, int End)> others, int place)
    {
        int at = others.BinarySearch((place, int.MinValue));
        return at < 0 ? ~at : at;
    }
}
