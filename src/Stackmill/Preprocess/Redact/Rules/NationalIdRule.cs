namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>True when a number's letters and digits, without what separates them, can be one.</summary>
internal delegate bool NumberCheck(ReadOnlySpan<byte> value);

/// <summary>
/// Makes the rules of national numbers: forms in which a number is written, a check of its letters and digits, and words that tell what it is.
/// In forms 9 is a digit, A an upper-case letter, * either, all else itself. The forms of <c>free</c> are unmistakable; those of
/// <c>told</c> count only behind a word. Numbers of one digit throughout are nobody's.
/// </summary>
internal static class NationalIdRule
{
    private const int Longest = 24;

    public static Rule Of(string id, string description, string[] free, string[] told, string[] words, NumberCheck check, string[] positives, string[] negatives, RedactionKind kind = RedactionKind.NationalId)
    {
        string[] forms = [.. free, .. told];
        // Longer ones first: a shorter one may be its beginning.
        var ordered = forms.Select((form, i) => (Form: form, IsFree: i < free.Length, Lead: form.AsSpan().IndexOfAny('9', '*'))).OrderByDescending(f => f.Form.Length).ToArray();
        bool byDigits = ordered.All(f => f.Lead == 0 || f.Form[f.Lead - 1] == ' ');
        uint runs = 0;
        foreach (var (form, _, lead) in ordered)
        {
            int run = form.AsSpan(lead).IndexOfAnyExcept('9') is >= 0 and var length ? length : form.Length - lead;
            runs |= 1u << run;
            // What may be a letter may be one more digit.
            if (form.AsSpan(lead + run).StartsWith("*"))
                runs |= 2u << run;
        }
        return new Rule(id, kind, description, byDigits ? RuleAnchor.Digits : RuleAnchor.UpperDigit, Match)
        {
            Specificity = free.Length > 0 ? 24 : 22,
            Confidence = free.Length > 0 ? 0.95 : 0.9,
            FirstRuns = byDigits ? runs : uint.MaxValue,
            Positives = positives,
            Negatives = negatives,
        };

        void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
        {
            foreach (var (form, isFree, lead) in ordered)
            {
                int start = at - lead;
                if (!Fits(text, start, form))
                    continue;
                int end = start + form.Length;
                sink.Count(form.Length);
                if (!IsBounded(text, start, end))
                    continue;
                Span<byte> value = stackalloc byte[Longest];
                int length = 0;
                foreach (byte b in text[start..end])
                {
                    if (Shapes.IsAlphanumeric(b))
                        value[length++] = b;
                }
                value = value[..length];
                if (HasOneDigit(value) || !check(value) || (!isFree && !ContextWords.Near(text, start, words)))
                    continue;
                sink.Add(rule, start, end);
                return;
            }
        }
    }

    private static bool Fits(ReadOnlySpan<byte> text, int start, string form)
    {
        if (start < 0 || form.Length > text.Length - start)
            return false;
        for (int i = 0; i < form.Length; i++)
        {
            byte b = text[start + i];
            bool fits = form[i] switch
            {
                '9' => Shapes.IsDigit(b),
                'A' => b is >= (byte)'A' and <= (byte)'Z',
                '*' => Shapes.IsDigit(b) || b is >= (byte)'A' and <= (byte)'Z',
                var c => b == c,
            };
            if (!fits)
                return false;
        }
        return true;
    }

    private static bool IsBounded(ReadOnlySpan<byte> text, int start, int end)
    {
        byte before = Shapes.At(text, start - 1);
        if (!Shapes.StartsWord(text, start) || before is (byte)'.' or (byte)'-' or (byte)'+' or (byte)'$' or (byte)'%' or (byte)'&' or (byte)'*' or (byte)'/' or (byte)'^' or (byte)'~')
            return false;
        byte after = Shapes.At(text, end);
        // The suffixes of long and unsigned literals.
        if (after is (byte)'L' or (byte)'l' or (byte)'n' or (byte)'u' or (byte)'U' && Shapes.IsDigit(text[end - 1]))
            return !Shapes.IsWord(Shapes.At(text, end + 1)) || Shapes.At(text, end + 1) is (byte)'L' or (byte)'l';
        return !Shapes.IsWord(after) && !(after is (byte)'-' or (byte)'.' or (byte)':' or (byte)'/' or (byte)'+' && Shapes.IsAlphanumeric(Shapes.At(text, end + 1)))
            && after is not ((byte)'(' or (byte)'%' or (byte)'*');
    }

    private static bool HasOneDigit(ReadOnlySpan<byte> value)
    {
        int first = value.IndexOfAny(DigitScan.Digits);
        foreach (byte b in value[first..])
        {
            if (Shapes.IsDigit(b) && b != value[first])
                return false;
        }
        return true;
    }
}
