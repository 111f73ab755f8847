using System.Buffers;
using System.Text.RegularExpressions;

namespace Stackmill.Preprocess.Redact.UserRules;

/// <summary>A rule of a user, in the form of gitleaks.</summary>
/// <param name="Rule">What finds are reported as.</param>
/// <param name="Pattern">The pattern, linear in time.</param>
/// <param name="Keywords">Of which a file must hold one, in any case, before it is looked at; <c>null</c> when it has none.</param>
/// <param name="SecretGroup">Group that is the secret; 0 for the first group with anything in it, or all.</param>
/// <param name="Entropy">Shannon's entropy of the secret must be above this, in bits a character; 0 for no matter.</param>
/// <param name="Path">Pattern of the paths of files in which it looks; <c>null</c> for all.</param>
/// <param name="Allowed">Finds that are none.</param>
internal sealed record UserRule(Rule Rule, Regex Pattern, SearchValues<string>? Keywords, int SecretGroup, double Entropy, Regex? Path, IReadOnlyList<AllowList> Allowed)
{
    /// <summary>True when the rule has to look into a text of a file.</summary>
    public bool Looks(ReadOnlySpan<char> text, string path) => (Path is null || Path.IsMatch(path)) && (Keywords is null || text.IndexOfAny(Keywords) >= 0);

    /// <summary>Start and length of the secret in a match.</summary>
    public (int Start, int Length) Secret(System.Text.RegularExpressions.Match match)
    {
        ArgumentNullException.ThrowIfNull(match);
        if (SecretGroup > 0)
            return (match.Groups[SecretGroup].Index, match.Groups[SecretGroup].Length);
        foreach (var group in match.Groups.Cast<Group>().Skip(1))
        {
            if (group.Length > 0)
                return (group.Index, group.Length);
        }

        return (match.Index, match.Length);
    }

    /// <summary>Shannon's entropy of characters, in bits a character.</summary>
    public static double EntropyOf(ReadOnlySpan<char> secret)
    {
        var counts = new Dictionary<char, int>();
        foreach (var c in secret)
            counts[c] = counts.GetValueOrDefault(c) + 1;
        var sum = 0.0;
        foreach (var count in counts.Values)
            sum -= (double)count / secret.Length * Math.Log2((double)count / secret.Length);
        return sum;
    }
}
