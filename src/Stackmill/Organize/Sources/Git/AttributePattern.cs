namespace Stackmill.Organize.Sources.Git;

/// <summary>
/// A pattern of a <c>.gitattributes</c> file (gitattributes(5), with the rules of gitignore(5)). Matching follows all ways through the
/// pattern at once, so its time is the product of the two lengths for every pattern.
/// </summary>
internal sealed class AttributePattern
{
    private readonly List<Token> _tokens = [];
    private readonly bool _nameOnly;
    private readonly bool[] _now;
    private readonly bool[] _next;

    private AttributePattern(string pattern)
    {
        _nameOnly = !pattern.Contains('/');
        Compile(pattern.StartsWith('/') ? pattern[1..] : pattern);
        (_now, _next) = (new bool[_tokens.Count + 1], new bool[_tokens.Count + 1]);
    }

    private enum Kind
    {
        Letter,
        AnyLetter,
        Set,
        Star,
        Folders,
        Rest,
    }

    /// <summary>The pattern; <c>null</c> for one that Git lets match no file (it ends with a slash, or begins with <c>!</c>).</summary>
    public static AttributePattern? Of(string pattern) =>
        pattern.Length == 0 || pattern[0] == '!' || pattern.EndsWith('/') ? null : new AttributePattern(pattern);

    /// <summary>True when it matches a path, given from the folder of its file.</summary>
    public bool Matches(ReadOnlySpan<char> path)
    {
        var text = _nameOnly ? path[(path.LastIndexOf('/') + 1)..] : path;
        Array.Clear(_now);
        Enter(_now, 0);
        foreach (var letter in text)
        {
            Array.Clear(_next);
            for (var i = 0; i < _tokens.Count; i++)
            {
                if (_now[i])
                    Step(i, letter);
            }

            _next.CopyTo(_now, 0);
        }

        return _now[^1];
    }

    private void Step(int i, char letter)
    {
        var token = _tokens[i];
        switch (token.Kind)
        {
            case Kind.Letter when token.Letter == letter:
            case Kind.AnyLetter when letter != '/':
            case Kind.Set when letter != '/' && token.Set!(letter):
                Enter(_next, i + 1);
                break;
            case Kind.Star when letter != '/':
            case Kind.Rest:
                Enter(_next, i);
                break;
            case Kind.Folders:
                // It ends only behind a slash, so staying in it does not enter what follows.
                _next[i] = true;
                if (letter == '/')
                    Enter(_next, i + 1);
                break;
            default:
                break;
        }
    }

    private void Enter(bool[] states, int i)
    {
        states[i] = true;
        while (i < _tokens.Count && _tokens[i].Kind is Kind.Star or Kind.Rest or Kind.Folders)
            states[++i] = true;
    }

    private void Compile(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length:
                    _tokens.Add(new Token(Kind.Letter, pattern[++i]));
                    break;
                case '?':
                    _tokens.Add(new Token(Kind.AnyLetter));
                    break;
                case '[' when SetEnd(pattern, i) is var end and > 0:
                    var body = pattern[(i + 1)..end];
                    _tokens.Add(new Token(Kind.Set, Set: SetOf(body)));
                    i = end;
                    break;
                case '*':
                    var stars = i;
                    while (i + 1 < pattern.Length && pattern[i + 1] == '*')
                        i++;
                    i = AddStars(pattern, stars, i);
                    break;
                default:
                    _tokens.Add(new Token(Kind.Letter, pattern[i]));
                    break;
            }
        }
    }

    // Two stars or more between slashes stand for folders, two at the end for all that is below; elsewhere they are one.
    private int AddStars(string pattern, int first, int last)
    {
        // Git compares what comes before the first wildcard by itself, so stars right behind it count as the start too.
        var startsPart = first == 0 || pattern[first - 1] == '/' || pattern.AsSpan(0, first).IndexOfAny("*?[\\") < 0;
        if (last > first && startsPart && !_nameOnly && last + 1 == pattern.Length)
        {
            _tokens.Add(new Token(Kind.Rest));
            return last;
        }

        if (last > first && startsPart && last + 1 < pattern.Length && pattern[last + 1] == '/')
        {
            _tokens.Add(new Token(Kind.Folders));
            return last + 1;
        }

        _tokens.Add(new Token(Kind.Star));
        return last;
    }

    private static int SetEnd(string pattern, int open)
    {
        var i = open + 1;
        if (i < pattern.Length && pattern[i] is '!' or '^')
            i++;
        // A bracket right at the start is a member of the set.
        for (i += i < pattern.Length && pattern[i] == ']' ? 1 : 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':' && pattern.IndexOf(":]", i + 2, StringComparison.Ordinal) is var end and > 0)
                i = end + 1;
            else if (pattern[i] == ']')
                return i;
        }

        return -1;
    }

    private static Func<char, bool> SetOf(string body)
    {
        var isNegated = body[0] is '!' or '^';
        var (ranges, classes) = (new List<(char From, char To)>(), new List<string>());
        for (var i = isNegated ? 1 : 0; i < body.Length; i++)
        {
            if (body[i] == '[' && body.AsSpan(i + 1).StartsWith(":") && body.IndexOf(":]", i + 2, StringComparison.Ordinal) is var end and > 0)
            {
                classes.Add(body[(i + 2)..end]);
                i = end + 1;
                continue;
            }

            if (body[i] == '\\' && i + 1 < body.Length)
                i++;
            var from = body[i];
            var isRange = i + 2 < body.Length && body[i + 1] == '-';
            ranges.Add((from, isRange ? body[i + 2] : from));
            i += isRange ? 2 : 0;
        }

        return letter => (ranges.Exists(r => letter >= r.From && letter <= r.To) || classes.Exists(c => IsOf(c, letter))) != isNegated;
    }

    private static bool IsOf(string name, char letter) => name switch
    {
        "alpha" => char.IsAsciiLetter(letter),
        "digit" => char.IsAsciiDigit(letter),
        "alnum" => char.IsAsciiLetterOrDigit(letter),
        "upper" => char.IsAsciiLetterUpper(letter),
        "lower" => char.IsAsciiLetterLower(letter),
        "xdigit" => char.IsAsciiHexDigit(letter),
        "space" => letter is ' ' or (>= '\t' and <= '\r'),
        "punct" => letter < 128 && (char.IsPunctuation(letter) || char.IsSymbol(letter)),
        _ => false,
    };

    private readonly record struct Token(Kind Kind, char Letter = '\0', Func<char, bool>? Set = null);
}
