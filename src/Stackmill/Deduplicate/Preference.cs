namespace Stackmill.Deduplicate;

/// <summary>The order in which documents are preferred; total, so that it depends on nothing but the documents.</summary>
/// <param name="rules">Names of <see cref="DedupOptions.Prefer"/>, the first that tells two documents apart decides.</param>
internal sealed class Preference(IEnumerable<string> rules) : IComparer<Candidate>
{
    private readonly Comparison<Candidate>[] _rules = [.. rules.Select(Rule)];

    /// <summary>Negative when <paramref name="x"/> is preferred.</summary>
    public int Compare(Candidate x, Candidate y)
    {
        foreach (var rule in _rules)
        {
            if (rule(x, y) is var order and not 0)
                return order;
        }

        return x.CompareTo(y);
    }

    private static Comparison<Candidate> Rule(string name) => name switch
    {
        "license" => static (a, b) => a.LicenseRank.CompareTo(b.LicenseRank),
        "stars" => static (a, b) => b.Stars.CompareTo(a.Stars),
        "forks" => static (a, b) => b.Forks.CompareTo(a.Forks),
        "newest" => static (a, b) => b.Date.CompareTo(a.Date),
        "longest" => static (a, b) => b.Bytes.CompareTo(a.Bytes),
        "path" => static (a, b) => string.CompareOrdinal(a.Path, b.Path),
        _ => throw new ArgumentException($"'{name}' is no rule of preference.", nameof(name)),
    };
}
