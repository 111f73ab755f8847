namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>
/// Makes rules of providers' formats, one line each: prefix, alphabets and lengths as the provider documents them or as its tokens show.
/// A body of few different characters (<c>xxxx…</c>) or with a word of documentation in it is an example, and stays.
/// </summary>
internal static class TokenFormat
{
    private static readonly string[] ExampleWords = ["EXAMPLE", "example", "xxxxxx", "XXXXXX", "000000", "your", "YOUR"];

    /// <summary>Looks at what stands behind the prefix.</summary>
    public delegate bool BodyCheck(ReadOnlySpan<byte> body);

    /// <summary>Tokens that begin with a prefix.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="description">Whose token it is.</param>
    /// <param name="prefixes">What they begin with; case counts.</param>
    /// <param name="shape">What follows (<see cref="TokenShape"/>).</param>
    /// <param name="bodyOnly">True when the prefix is the place of the token rather than a part of it, as the address of a hook is.</param>
    /// <param name="inBase64">True for a prefix that base64 of something else gives often, so that nothing of base64 may stand before it.</param>
    /// <param name="check">A checksum, or what else a body must have.</param>
    /// <param name="body">A sample that passes the check.</param>
    /// <param name="confidence">Where it is not that of a provider's own format.</param>
    public static Rule Token(string id, string description, string[] prefixes, string shape, bool bodyOnly = false, bool inBase64 = false,
        BodyCheck? check = null, string? body = null, double confidence = 0.95)
    {
        TokenShape form = TokenShape.Parse(shape);
        string prefix = prefixes[0];
        string value = body ?? form.Sample(1);
        string marked = bodyOnly ? $"{prefix}«{value}»" : $"«{prefix}{value}»";
        return new Rule(id, RedactionKind.Key, description, RuleAnchor.Literal, Match)
        {
            Specificity = 30,
            Confidence = confidence,
            Literals = prefixes,
            Positives = [$"x = \"{marked}\"", $"({marked})", $"\\n{marked}\\n"],
            Negatives = [$"{prefix}{value[..Math.Min(8, value.Length - 2)]} ", $"{prefix}{new string('x', value.Length)}", $"{prefix}{new string('0', value.Length)}"],
        };

        void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
        {
            if (!bodyOnly && (!Shapes.StartsWord(text, at) || Shapes.At(text, at - 1) == '-'))
                return;
            if (inBase64 && Shapes.At(text, at - 1) is (byte)'/' or (byte)'+')
                return;
            int start = at;
            foreach (string literal in prefixes)
            {
                if (literal.Length > start - at && literal.Length <= text.Length - at && System.Text.Ascii.Equals(text.Slice(at, literal.Length), literal))
                    start = at + literal.Length;
            }
            int length = form.Match(text, start, out int looked);
            sink.Count(looked);
            if (length <= 0 || IsExample(text.Slice(start, length)) || (check is not null && !check(text.Slice(start, length))))
                return;
            sink.Add(rule, bodyOnly ? start : at, start + length);
        }
    }

    /// <summary>Tokens that have their mark inside: so many bytes of one alphabet before it, and what follows.</summary>
    public static Rule Marked(string id, string description, string before, string[] marks, string shape)
    {
        TokenShape head = TokenShape.Parse(before);
        TokenShape form = TokenShape.Parse(shape);
        string value = head.Sample(3) + marks[0] + form.Sample(5);
        return new Rule(id, RedactionKind.Key, description, RuleAnchor.Literal, Match)
        {
            Specificity = 30,
            Literals = marks,
            Positives = [$"x = \"«{value}»\"", $"<«{value}»>", $"a=«{value}»;"],
            Negatives = [$"x = \"{value[2..]}\"", $"x = \"a{value}\"", $"x = \"{new string('x', head.Shortest)}{marks[0]}{form.Sample(5)}0000000000000\""],
        };

        void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
        {
            int start = at - head.Shortest;
            if (start < 0 || !Shapes.StartsWord(text, start) || Shapes.At(text, start - 1) is (byte)'-' or (byte)'+' or (byte)'/')
                return;
            int mark = 0;
            foreach (string literal in marks)
            {
                if (literal.Length <= text.Length - at && System.Text.Ascii.Equals(text.Slice(at, literal.Length), literal))
                    mark = literal.Length;
            }
            int lead = head.Match(text[..at], start, out int looked);
            int length = form.Match(text, at + mark, out int more);
            sink.Count(looked + more);
            if (lead == head.Shortest && length >= 0 && !IsExample(text[start..(at + mark + length)]))
                sink.Add(rule, start, at + mark + length);
        }
    }

    /// <summary>True for what stands in documentation.</summary>
    public static bool IsExample(ReadOnlySpan<byte> body)
    {
        if (Shapes.Distinct(body) < Math.Min(7, (body.Length / 2) + 1) || (body.IndexOfAny(DigitScan.Digits) < 0 && !IsRandomLetters(body)) || IsWords(body))
            return true;
        Span<char> wide = stackalloc char[Math.Min(body.Length, 2048)];
        System.Text.Encoding.Latin1.GetChars(body[..wide.Length], wide);
        foreach (string word in ExampleWords)
        {
            if (((ReadOnlySpan<char>)wide).Contains(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    // Names in kebab or snake case that begin like a token.
    private static bool IsWords(ReadOnlySpan<byte> body)
    {
        int parts = 0;
        foreach (Range range in body.SplitAny("-_."u8))
        {
            ReadOnlySpan<byte> part = body[range];
            parts++;
            int digits = part.Length - part.TrimEnd("0123456789"u8).Length;
            if (digits > 4 || (part[..^digits].IndexOfAnyExceptInRange((byte)'a', (byte)'z') >= 0 && part[..^digits].IndexOfAnyExceptInRange((byte)'A', (byte)'Z') >= 0))
                return false;
        }
        return parts > 2;
    }

    // One AWS key id in thirty has no digit.
    private static bool IsRandomLetters(ReadOnlySpan<byte> body)
    {
        int upper = 0;
        foreach (byte b in body)
        {
            if (b is (byte)'_' or (byte)'-' or (byte)'+' or (byte)'/')
                continue;
            if (!Shapes.IsLetter(b))
                return false;
            upper += b <= (byte)'Z' ? 1 : 0;
        }
        return Shapes.Distinct(body) > 7 && (upper == body.Length || (upper >= body.Length / 5 && body.Length - upper >= body.Length / 5));
    }
}
