using System.Text.RegularExpressions;

namespace Stackmill.Preprocess.Redact.UserRules;

/// <summary>What part of a find an allow-list's patterns are held against.</summary>
internal enum AllowTarget : byte
{
    /// <summary>The secret alone.</summary>
    Secret,

    /// <summary>All that the rule's pattern matched.</summary>
    Match,

    /// <summary>The lines of it.</summary>
    Line,
}

/// <summary>One find, as allow-lists look at it.</summary>
internal readonly ref struct AllowCase
{
    /// <summary>Path of the file; empty when it has none.</summary>
    public required string Path { get; init; }

    /// <summary>The secret.</summary>
    public required ReadOnlySpan<char> Secret { get; init; }

    /// <summary>All that was matched.</summary>
    public required ReadOnlySpan<char> Match { get; init; }

    /// <summary>The lines of it.</summary>
    public required ReadOnlySpan<char> Line { get; init; }
}

/// <summary>Finds that are none, in the form of gitleaks: by path, by pattern, by words within the secret.</summary>
/// <param name="Paths">Patterns of paths.</param>
/// <param name="Patterns">Patterns of the target.</param>
/// <param name="StopWords">Words, lower case; each is enough.</param>
/// <param name="Target">What the patterns are held against.</param>
/// <param name="NeedsAll">True when of paths, patterns and words all that are there must agree; otherwise one is enough.</param>
/// <param name="Rules">Ids of the rules it is for; empty for all.</param>
internal sealed record AllowList(IReadOnlyList<Regex> Paths, IReadOnlyList<Regex> Patterns, IReadOnlyList<string> StopWords, AllowTarget Target, bool NeedsAll, IReadOnlySet<string> Rules)
{
    /// <summary>True when the find is allowed.</summary>
    public bool Allows(string rule, in AllowCase found)
    {
        if (Rules.Count > 0 && !Rules.Contains(rule))
            return false;
        var (checks, agreed) = (0, 0);
        if (Paths.Count > 0)
            (checks, agreed) = (checks + 1, agreed + (found.Path.Length > 0 && Any(Paths, found.Path) ? 1 : 0));
        if (Patterns.Count > 0)
        {
            var target = Target switch { AllowTarget.Match => found.Match, AllowTarget.Line => found.Line, _ => found.Secret };
            (checks, agreed) = (checks + 1, agreed + (Any(Patterns, target) ? 1 : 0));
        }

        if (StopWords.Count > 0)
            (checks, agreed) = (checks + 1, agreed + (HasStopWord(found.Secret) ? 1 : 0));
        return NeedsAll ? checks > 0 && agreed == checks : agreed > 0;
    }

    private static bool Any(IReadOnlyList<Regex> patterns, ReadOnlySpan<char> text)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(text))
                return true;
        }

        return false;
    }

    private bool HasStopWord(ReadOnlySpan<char> secret)
    {
        foreach (var word in StopWords)
        {
            if (secret.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
