using System.Collections.Frozen;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Addresses that people write so that machines don't read them: <c>name at host dot com</c>, <c>name [at] host.com</c>, <c>name(at)host(dot)com</c>,
/// and the sign as a reference of HTML. With a bare <c> at </c> the dots must be words too, unless it all stands between &lt; and &gt;.
/// </summary>
internal static class ObfuscatedEmailRule
{
    private const int LongestLocal = 64;
    private const int LongestLabel = 40;
    private const int MostLabels = 6;

    private static readonly string[] Marks = ["[dot]", "(dot)", "{dot}", "<dot>"];

    // Country codes that are English words; "stop at a dot in the name" is no address.
    private static readonly FrozenSet<string> Words = "in is it at to so as be by do no am an my us me".Split(' ').ToFrozenSet();

    // Words before "at", where a name would stand.
    private static readonly FrozenSet<string> NoNames =
        ("available look looking looks hosted found see visit located is are was be site us page website online live here and or the docs documentation more run start end stop point points value values index aimed arrive meet " +
        "element error sleep ask read reads check stay stays code download out up down go work works working used use at that it them me released published").Split(' ').ToFrozenSet();

    public static Rule Rule { get; } = new("obfuscated-email-address", RedactionKind.Email, "E-mail address with words for its signs", RuleAnchor.LiteralAnyCase, Match)
    {
        Specificity = 19,
        Confidence = 0.8,
        IsWanted = static o => o.ObfuscatedEmail,
        Literals = [" at ", "[at]", "(at)", "{at}", "&#64;", "&#064;", "&#x40;", "&commat;"],
        Positives =
        [
            "mail «jane at example dot com» now", "<«amir.noam at example dot com»>,", "«jane [at] example [dot] com»", "«jane(at)example.com».", "«info&#64;example.de»", "<«python at example.com»>", "«j dot doe at cs dot example dot edu»",
            "«K.LEE AT EXAMPLE DOT ORG»", "«jane.doe[at]example[dot]co[dot]uk»", "«anna&#x40;example.org»,", "«abc (at) example (dot) com»",
        ],
        Negatives =
        [
            "look at example.com", "the array at index dot product", "'[Last] dddd [at] LT'", "stop at a dot in the name", "available at example dot com", "element (at) position", "at least one dot com", "UNDEF(addchstr)(chtype *at)", "$name at example dot com", "&#64;media print",
            "expected atom at end of dot-atom-text", "jane at example dot", "<x at y>",
        ],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        bool bare = text[at] == ' ';
        int after = bare ? at + 4 : text[at..].IndexOfAny("])};"u8) + at + 1;
        int before = at;
        if (!bare && text[at] != '&')
        {
            after += Shapes.At(text, after) == ' ' ? 1 : 0;
            before -= Shapes.At(text, before - 1) == ' ' ? 1 : 0;
        }
        int start = LocalStart(text, before, text[at] != '&', sink);
        if (start == before || before - start > LongestLocal || Shapes.At(text, start - 1) is (byte)'%' or (byte)'$' or (byte)'{' or (byte)'}' or (byte)'*' or (byte)'@' or (byte)'\\')
            return;
        int end = DomainEnd(text, after, bare, Shapes.At(text, start - 1) == '<', out bool hasWords, sink);
        if (end < 0 || Shapes.IsWord(Shapes.At(text, end)) || Shapes.At(text, end) is (byte)'(' or (byte)'=')
            return;
        if (bare && !hasWords && !(Shapes.At(text, start - 1) == '<' && Shapes.At(text, end) == '>'))
            return;
        if (bare && NoNames.Contains(Lower(text[start..before])))
            return;
        sink.Add(rule, start, end);
    }

    // A dot-atom, in which dots may be words.
    private static int LocalStart(ReadOnlySpan<byte> text, int end, bool hasWords, CandidateSink sink)
    {
        int start = end;
        for (int parts = 0; parts < 3; parts++)
        {
            int part = start;
            while (part > 0 && end - part <= LongestLocal && (Shapes.IsWord(text[part - 1]) || text[part - 1] is (byte)'.' or (byte)'-' or (byte)'+'))
                part--;
            part += Shapes.EscapeTail(text, part);
            while (part < start && !Shapes.IsWord(text[part]))
                part++;
            if (part >= start)
                break;
            start = part;
            if (!hasWords || DotBefore(text, start) is not (> 0 and var length))
                break;
            if (!Shapes.IsAlphanumeric(Shapes.At(text, start - length - 1)))
                break;
            start -= length;
        }
        sink.Count(end - start + 1);
        // A dot-word at the front belongs to nothing.
        return start;
    }

    private static int DotBefore(ReadOnlySpan<byte> text, int at)
    {
        if (at >= 5 && System.Text.Ascii.EqualsIgnoreCase(text.Slice(at - 5, 5), " dot "))
            return 5;
        foreach (string mark in Marks)
        {
            if (at >= mark.Length && System.Text.Ascii.EqualsIgnoreCase(text.Slice(at - mark.Length, mark.Length), mark))
                return mark.Length;
        }
        return 0;
    }

    private static int DomainEnd(ReadOnlySpan<byte> text, int start, bool bare, bool inBrackets, out bool hasWords, CandidateSink sink)
    {
        hasWords = false;
        bool words = false;
        int best = -1;
        int i = start;
        for (int labels = 0; labels < MostLabels; labels++)
        {
            int label = i;
            while (i < text.Length && i - label < LongestLabel && (Shapes.IsAlphanumeric(text[i]) || (text[i] == '-' && i > label)))
                i++;
            if (i == label || text[i - 1] == '-')
                break;
            if (labels > 0 && IsTop(text[label..i], bare))
                (best, hasWords) = (i, words);
            int dot = DotAfter(text, i);
            if (dot == 1 && (!bare || inBrackets))
                i++;
            else if (dot > 1)
                (i, words) = (i + dot, true);
            else
                break;
            if (bare && labels == 0 && i - dot - label < 2)
                break;
        }
        sink.Count(i - start + 1);
        return best;
    }

    private static bool IsTop(ReadOnlySpan<byte> label, bool bare) => TopLevelDomains.Contains(label) && !(bare && Words.Contains(Lower(label)));

    // Length of a dot, or of a word for one with at most one blank on each side.
    private static int DotAfter(ReadOnlySpan<byte> text, int at)
    {
        if (Shapes.At(text, at) == '.')
            return 1;
        int i = at + (Shapes.At(text, at) == ' ' ? 1 : 0);
        if (i > at && i + 4 <= text.Length && System.Text.Ascii.EqualsIgnoreCase(text.Slice(i, 4), "dot "))
            return 5;
        foreach (string mark in Marks)
        {
            if (i + mark.Length <= text.Length && System.Text.Ascii.EqualsIgnoreCase(text.Slice(i, mark.Length), mark))
                return i + mark.Length - at + (Shapes.At(text, i + mark.Length) == ' ' ? 1 : 0);
        }
        return 0;
    }

    private static string Lower(ReadOnlySpan<byte> word) => string.Create(word.Length, word, static (span, from) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = char.ToLowerInvariant((char)from[i]);
    });
}
