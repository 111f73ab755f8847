namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Payment card numbers: the schemes' prefixes and lengths (ISO/IEC 7812 ranges as the schemes publish them), the Luhn check, and
/// digits either without separators or in the groups that cards are printed in, all with the same separator.
/// Lengths that are rare in use (12 to 14 and 17 to 19 digits) count only in groups or after a word that says so.
/// </summary>
internal static class CreditCardRule
{
    private const int Longest = 19;

    private static readonly string[] Words = ["card", "visa", "master", "amex", "credit", "debit", "payment", "maestro", "diners", "discover", "jcb", "unionpay", "pan", "cc"];

    public static Rule Rule { get; } = new("payment-card-number", RedactionKind.CreditCard, "Payment card number", RuleAnchor.Digits, Match)
    {
        FirstRuns = 0x000F_F010, // 4 and 12 to 19
        Specificity = 25,
        Positives =
        [
            "\"«4111111111111111»\"", "4111 is not, «4111 1111 1111 1111» is", "«5500-0000-0000-0004»", "amex «3782 822463 10005»", "«378282246310005»",
            "«6011111111111117»", "diners card «30569309025904»", "«3530111333300000»", "«2223003122003222»",
            "visa card «4222222222222»",
        ],
        Negatives =
        [
            "4111111111111112", "1234567812345670", "0.4111111111111111", "4111111111111111.5", "41111111111111111111", "a4111111111111111",
            "4111-1111 1111-1111", "4111111111111111e5", "30569309025904", "0000000000000000", "4111_1111_1111_1111", "5809 5810 5811 5812 5813", "5810 5811 5812 5813 581E", "-4111-1111-1111-1111-22",
        ],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        Span<byte> digits = stackalloc byte[Longest];
        int first = Shapes.Run(text, at, DigitScan.Digits, Longest + 1);
        int end;
        int count;
        if (first is >= 12 and <= Longest)
        {
            text.Slice(at, first).CopyTo(digits);
            (count, end) = (first, at + first);
        }
        else if (first != 4 || !Grouped(text, at, digits, out count, out end))
            return;
        sink.Count(end - at);
        if (!Bounded(text, at, end) || !IsCard(digits[..count], out bool common) || !Checksums.Luhn(digits[..count]))
            return;
        if (first != count && (IsGroup(text, at - 5, at) || IsGroup(text, end, end + 5)))
            return;
        if (!common && first == count && !Shapes.Mentions(text, at, 32, Words))
            return;
        sink.Add(rule, at, end);
    }

    /// <summary>Reads 4-4-4-4(-1 to 3), 4-6-5 (American Express) or 4-6-4 (Diners).</summary>
    private static bool Grouped(ReadOnlySpan<byte> text, int at, Span<byte> digits, out int count, out int end)
    {
        count = 4;
        end = at + 4;
        byte separator = Shapes.At(text, end);
        text.Slice(at, 4).CopyTo(digits);
        if (separator is not ((byte)' ' or (byte)'-'))
            return false;
        Span<int> groups = stackalloc int[5];
        int n = 0;
        while (n < 4 && Shapes.At(text, end) == separator)
        {
            int run = Shapes.Run(text, end + 1, DigitScan.Digits, 7);
            if (run == 0 || run > 6 || count + run > Longest)
                break;
            text.Slice(end + 1, run).CopyTo(digits[count..]);
            count += run;
            end += run + 1;
            groups[n++] = run;
        }
        return groups[..n] is [4, 4, 4] or [4, 4, 4, <= 3] or [6, 5] or [6, 4];
    }

    // One of four hexadecimal digits before or behind is a table.
    private static bool IsGroup(ReadOnlySpan<byte> text, int from, int to)
    {
        if (from < 0 || to > text.Length || Shapes.IsWord(Shapes.At(text, from - 1)) && Shapes.IsWord(text[from]) || Shapes.IsWord(Shapes.At(text, to)) && Shapes.IsWord(text[to - 1]))
            return false;
        ReadOnlySpan<byte> group = text[from..to].Trim((byte)' ');
        return group.Length == 4 && group.IndexOfAnyExcept(Shapes.Hex) < 0 && group.IndexOfAny(DigitScan.Digits) >= 0;
    }

    private static bool Bounded(ReadOnlySpan<byte> text, int start, int end)
    {
        byte before = Shapes.At(text, start - 1);
        byte after = Shapes.At(text, end);
        if (!Shapes.StartsWord(text, start) || before is (byte)'.' or (byte)'-' or (byte)'+')
            return false;
        // The suffixes of long and unsigned literals.
        if (after is (byte)'L' or (byte)'l' or (byte)'n' or (byte)'u' or (byte)'U')
            return !Shapes.IsWord(Shapes.At(text, end + 1)) || Shapes.At(text, end + 1) is (byte)'L' or (byte)'l';
        return !Shapes.IsWord(after) && after != '-' && !(after == '.' && Shapes.IsDigit(Shapes.At(text, end + 1)));
    }

    private static bool IsCard(ReadOnlySpan<byte> digits, out bool common)
    {
        int length = digits.Length;
        int prefix = 0;
        for (int i = 0; i < 4; i++)
            prefix = (prefix * 10) + digits[i] - '0';
        common = length is 15 or 16;
        return prefix switch
        {
            >= 4000 and <= 4999 => length is 13 or 16 or 19,
            (>= 5100 and <= 5599) or (>= 2221 and <= 2720) => length == 16,
            (>= 3400 and <= 3499) or (>= 3700 and <= 3799) => length == 15,
            6011 or (>= 6440 and <= 6599) => length is 16 or 19,
            >= 3528 and <= 3589 => length is 16 or 19,
            (>= 3000 and <= 3059) or (>= 3600 and <= 3699) or (>= 3800 and <= 3999) => length == 14,
            // Mir, Troy and Hipercard.
            (>= 2200 and <= 2204) => length is >= 16 and <= 19,
            9792 or 6062 => length == 16,
            >= 6200 and <= 6299 => length is >= 16 and <= 19,
            (>= 5000 and <= 5099) or (>= 5600 and <= 5899) or 6304 or 6759 or (>= 6761 and <= 6763) => !(common = false) && length is >= 12 and <= 19,
            _ => false,
        };
    }
}
