using System.Buffers;

namespace Stackmill.Shared.Languages.Traits;

/// <summary>
/// Patterns of paths. <c>dist/</c> is a folder of that name anywhere, <c>/deps/</c> one at the top, <c>a/b/</c> the two in a row,
/// <c>configure</c> a file, and <c>extjs/*.js</c> a file anywhere below a folder. In names, <c>*</c> stands for any text,
/// <c>~</c> for text without a dot, <c>#</c> for digits and dots; <c>{a,b}</c> writes several patterns at once.
/// </summary>
internal sealed class PathRules
{
    // Names are at most 255 bytes on file systems; longer ones, of archives, match no pattern with a star.
    private const int LongestName = 512;

    private static readonly SearchValues<char> Version = SearchValues.Create("0123456789.");

    private readonly Dictionary<string, List<Rule>> _byFolder = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Rule> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Rule>> _byEnding = new(StringComparer.Ordinal);
    private readonly List<Rule> _wildFolders = [];
    private readonly List<Rule> _wildNames = [];

    /// <summary>Makes rules of patterns that are separated by white space.</summary>
    public PathRules(string patterns)
    {
        Patterns = patterns.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var pattern in Patterns.SelectMany(Expand))
            Add(new Rule(pattern));
    }

    /// <summary>The patterns, as they were written.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>The first pattern that a path matches, folders from the top first; <c>null</c> when it matches none.</summary>
    public string? Match(string path)
    {
        var start = path.StartsWith('/') ? 1 : 0;
        for (var at = start; ;)
        {
            var end = path.AsSpan(at).IndexOf('/');
            if (end < 0)
                return MatchName(path, path.AsSpan(at));
            if (MatchFolder(path, at, at + end, isTop: at == start) is { } found)
                return found;
            at += end + 1;
        }
    }

    private string? MatchFolder(string path, int at, int end, bool isTop)
    {
        if (_byFolder.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path.AsSpan(at, end - at), out var rules))
        {
            foreach (var rule in rules)
            {
                if ((isTop || !rule.IsTop) && rule.MatchesFrom(path, end + 1))
                    return rule.Pattern;
            }
        }

        foreach (var rule in _wildFolders)
        {
            if ((isTop || !rule.IsTop) && Glob(rule.Folders[0], path.AsSpan(at, end - at)) && rule.MatchesFrom(path, end + 1))
                return rule.Pattern;
        }

        return null;
    }

    private string? MatchName(string path, ReadOnlySpan<char> name)
    {
        if (_byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var exact) && (!exact.IsTop || path.TrimStart('/').Length == name.Length))
            return exact.Pattern;
        if (_byEnding.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Ending(name), out var rules))
        {
            foreach (var rule in rules)
            {
                if (Glob(rule.Name, name))
                    return rule.Pattern;
            }
        }

        foreach (var rule in _wildNames)
        {
            if (Glob(rule.Name, name))
                return rule.Pattern;
        }

        return null;
    }

    /// <summary>True when a name matches a pattern with wildcards.</summary>
    internal static bool Glob(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (name.Length > LongestName)
            return pattern.SequenceEqual(name);
        // Most names differ in their end from most patterns: no need to try all that a star may stand for.
        if (!name.EndsWith(pattern[(pattern.LastIndexOfAny('*', '~', '#') + 1)..], StringComparison.Ordinal))
            return false;
        return Try(pattern, name);
    }

    private static bool Try(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is not ('*' or '~' or '#'))
            {
                if (i >= name.Length || pattern[i] != name[i])
                    return false;
                continue;
            }

            var rest = pattern[(i + 1)..];
            if (rest.IsEmpty)
                return Takes(pattern[i], name[i..]);
            if (pattern[i] == '*' && !IsWild(rest))
                return name[i..].EndsWith(rest, StringComparison.Ordinal);
            for (var taken = pattern[i] == '#' ? 1 : 0; i + taken <= name.Length && Takes(pattern[i], name.Slice(i, taken)); taken++)
            {
                if (Try(rest, name[(i + taken)..]))
                    return true;
            }

            return false;
        }

        return pattern.Length == name.Length;
    }

    private static bool Takes(char wildcard, ReadOnlySpan<char> text) => wildcard switch
    {
        '*' => true,
        '~' => !text.Contains('.'),
        _ => text.Length > 0 && char.IsAsciiDigit(text[0]) && text.IndexOfAnyExcept(Version) < 0,
    };

    private void Add(Rule rule)
    {
        if (rule.Folders.Length > 0)
        {
            if (IsWild(rule.Folders[0]))
                _wildFolders.Add(rule);
            else if (_byFolder.TryGetValue(rule.Folders[0], out var rules))
                rules.Add(rule);
            else
                _byFolder.Add(rule.Folders[0], [rule]);
            return;
        }

        if (!IsWild(rule.Name))
            _byName.TryAdd(rule.Name, rule);
        else if (Ending(rule.Name) is { Length: > 0 } ending && !IsWild(ending))
            (_byEnding.TryGetValue(ending.ToString(), out var rules) ? rules : _byEnding[ending.ToString()] = []).Add(rule);
        else
            _wildNames.Add(rule);
    }

    private static ReadOnlySpan<char> Ending(ReadOnlySpan<char> name) => name[(name.LastIndexOf('.') + 1)..];

    private static bool IsWild(ReadOnlySpan<char> text) => text.IndexOfAny('*', '~', '#') >= 0;

    /// <summary>The patterns that one with alternatives stands for.</summary>
    internal static IEnumerable<string> Expand(string pattern)
    {
        var open = pattern.IndexOf('{');
        if (open < 0)
            return [pattern];
        var close = pattern.IndexOf('}', open);
        return pattern[(open + 1)..close].Split(',').SelectMany(choice => Expand(pattern[..open] + choice + pattern[(close + 1)..]));
    }

    private sealed class Rule
    {
        public Rule(string pattern)
        {
            Pattern = pattern;
            IsTop = pattern[0] == '/';
            var parts = pattern.TrimStart('/').Split('/');
            Folders = parts[..^1];
            Name = parts[^1];
        }

        public string Pattern { get; }

        public bool IsTop { get; }

        public string[] Folders { get; }

        public string Name { get; }

        /// <summary>True when what follows the first folder matches the rest of the rule.</summary>
        public bool MatchesFrom(string path, int at)
        {
            for (var i = 1; i < Folders.Length; i++)
            {
                var length = path.AsSpan(at).IndexOf('/');
                if (length < 0 || !Glob(Folders[i], path.AsSpan(at, length)))
                    return false;
                at += length + 1;
            }

            return Name.Length == 0 || Glob(Name, LanguageTable.FileName(path));
        }
    }
}
