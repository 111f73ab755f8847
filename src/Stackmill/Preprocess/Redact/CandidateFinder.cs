using Stackmill.Preprocess.Redact.UserRules;

namespace Stackmill.Preprocess.Redact;

/// <summary>Runs the rules at their anchors. Every anchor is found by a vectorised search; rules look at bounded windows around it.</summary>
internal sealed class CandidateFinder
{
    private readonly LiteralIndex _literals;
    private readonly Rule[] _atSign;
    private readonly Rule[][] _digits;
    private readonly Rule[] _upperDigits;
    private readonly Rule[] _separators;
    private readonly UserRuleFinder _users;
    private readonly int[] _starts = new int[1024];

    private delegate int AnchorSearch(ReadOnlySpan<byte> text, int from, int to, Span<int> starts, out int count);

    public CandidateFinder(RedactionOptions options)
    {
        Rule[] rules = [.. RuleCatalog.Rules.Where(r => options.Includes(r) && !options.UserRules.Disabled.Contains(r.Id))];
        _literals = new LiteralIndex(rules);
        _atSign = [.. rules.Where(r => r.Anchor == RuleAnchor.AtSign)];
        _users = new UserRuleFinder(options.UserRules, options);
        _digits = [.. Enumerable.Range(0, DigitScan.LongestRun + 1).Select(n => rules.Where(r => r.Anchor == RuleAnchor.Digits && (r.FirstRuns >> n & 1) != 0).ToArray())];
        _upperDigits = [.. rules.Where(r => r.Anchor == RuleAnchor.UpperDigit)];
        _separators = [.. rules.Where(r => r.Anchor == RuleAnchor.Separators)];
    }

    /// <summary>Adds to <paramref name="sink"/> what has its anchor in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Find(ReadOnlySpan<byte> text, int from, int to, CandidateSink sink)
    {
        _literals.Find(text, from, to, sink);
        if (_atSign.Length > 0)
            AtSigns(text, from, to, sink);
        if (_digits.Any(static rules => rules.Length > 0))
            Starts(text, from, to, DigitScan.Next, _digits, sink);
        if (_upperDigits.Length > 0)
            Starts(text, from, to, AnchorScan.UpperDigits, [_upperDigits], sink);
        if (_separators.Length > 0)
            Starts(text, from, to, AnchorScan.Separators, [_separators], sink);
        if (!_users.IsEmpty)
            _users.Find(text, from, to, Path, sink);
    }

    /// <summary>Path of the file that is looked at; empty when it has none.</summary>
    public string Path { get; set; } = "";

    /// <summary>True when a user's allow-list has the find.</summary>
    public bool IsAllowed(in Candidate candidate, ReadOnlySpan<byte> text) =>
        _users.HasAllowed && _users.IsAllowed(candidate.Rule.Id, text, candidate.Start, candidate.End, Path);

    private void AtSigns(ReadOnlySpan<byte> text, int from, int to, CandidateSink sink)
    {
        int at = from;
        while (at < to)
        {
            int step = text[at..to].IndexOf((byte)'@');
            if (step < 0)
                return;
            at += step;
            sink.Count(1);
            foreach (Rule rule in _atSign)
                rule.Match(rule, text, at, sink);
            at++;
        }
    }

    // Some starts at a time. Rules of digits ask for the length of the first run of them; of others there is one list.
    private void Starts(ReadOnlySpan<byte> text, int from, int to, AnchorSearch search, ReadOnlySpan<Rule[]> byRun, CandidateSink sink)
    {
        int at = from;
        while (at < to)
        {
            at = search(text, at, to, _starts, out int count);
            sink.Count(count);
            foreach (int start in _starts.AsSpan(0, count))
            {
                foreach (Rule rule in byRun[byRun.Length == 1 ? 0 : Shapes.Run(text, start, DigitScan.Digits, DigitScan.LongestRun)])
                    rule.Match(rule, text, start, sink);
            }
        }
    }
}
