using System.Text;
using System.Text.Unicode;

namespace Stackmill.Preprocess.Redact.UserRules;

/// <summary>Runs a user's rules over a text, and asks the allow-lists. One per worker.</summary>
internal sealed class UserRuleFinder(UserRuleSet set, RedactionOptions options)
{
    private readonly List<UserRule> _rules = [.. set.Rules.Where(r => options.Includes(r.Rule))];
    private int[] _bytes = [];

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => _rules.Count == 0;

    /// <summary>True when finds have to be asked for.</summary>
    public bool HasAllowed => set.Allowed.Count > 0;

    /// <summary>Adds what is found in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Find(ReadOnlySpan<byte> text, int from, int to, string path, CandidateSink sink)
    {
        while (from > 0 && (text[from] & 0xC0) == 0x80)
            from--;
        while (to < text.Length && (text[to] & 0xC0) == 0x80)
            to++;
        var part = text[from..to];
        sink.Count(part.Length);
        // Text that is no UTF-8 is taken as bytes: places must be exact.
        var (wide, isMapped) = Utf8.IsValid(part) ? (Encoding.UTF8.GetString(part), !Ascii.IsValid(part)) : (Encoding.Latin1.GetString(part), false);
        if (isMapped)
            Map(wide);
        foreach (var rule in _rules)
        {
            if (!rule.Looks(wide, path))
                continue;
            for (var match = rule.Pattern.Match(wide); match.Success; match = match.NextMatch())
                Take(rule, match, wide, isMapped, from, to, text.Length, path, sink);
        }
    }

    /// <summary>True when an allow-list for all rules has the find.</summary>
    public bool IsAllowed(string rule, ReadOnlySpan<byte> text, int start, int end, string path)
    {
        var lineStart = text[..start].LastIndexOf((byte)'\n') + 1;
        var lineEnd = text[end..].IndexOf((byte)'\n');
        var secret = Encoding.UTF8.GetString(text[start..end]);
        var line = Encoding.UTF8.GetString(text[lineStart..(lineEnd < 0 ? text.Length : end + lineEnd)]);
        var found = new AllowCase { Path = path, Secret = secret, Match = secret, Line = line };
        return Allows(set.Allowed, rule, found);
    }

    private void Take(UserRule rule, System.Text.RegularExpressions.Match match, string wide, bool isMapped, int from, int to, int length, string path, CandidateSink sink)
    {
        var (start, size) = rule.Secret(match);
        var secret = wide.AsSpan(start, size);
        // At the edge of a part the pattern has not seen all of it.
        if (size == 0 || (match.Index == 0 && from > 0) || (match.Index + match.Length == wide.Length && to < length))
            return;
        if (rule.Entropy > 0 && UserRule.EntropyOf(secret) <= rule.Entropy)
            return;
        var lineStart = wide.AsSpan(0, match.Index).LastIndexOf('\n') + 1;
        var lineEnd = wide.AsSpan(match.Index + match.Length).IndexOf('\n');
        var line = wide.AsSpan()[lineStart..(lineEnd < 0 ? wide.Length : match.Index + match.Length + lineEnd)];
        if (Allows(rule.Allowed, rule.Rule.Id, new AllowCase { Path = path, Secret = secret, Match = match.ValueSpan, Line = line }))
            return;
        var (first, last) = isMapped ? (_bytes[start], _bytes[start + size]) : (start, start + size);
        sink.Add(rule.Rule, from + first, from + last, secret.Contains('\n') ? ReplacementMode.KeepLines : ReplacementMode.Placeholder);
    }

    private static bool Allows(IReadOnlyList<AllowList> lists, string rule, in AllowCase found)
    {
        foreach (var list in lists)
        {
            if (list.Allows(rule, found))
                return true;
        }

        return false;
    }

    private void Map(string wide)
    {
        if (_bytes.Length <= wide.Length)
            _bytes = new int[wide.Length + 1];
        var at = 0;
        for (var i = 0; i < wide.Length; i++)
        {
            _bytes[i] = at;
            // Half of a pair counts with its first half.
            at += char.IsHighSurrogate(wide[i]) ? 4 : char.IsLowSurrogate(wide[i]) ? 0 : wide[i] < 0x80 ? 1 : wide[i] < 0x800 ? 2 : 3;
        }

        _bytes[wide.Length] = at;
    }
}
