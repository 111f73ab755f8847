namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// US social security numbers AAA-GG-SSSS by the Social Security Administration's rules: no area 000, 666 or 900–999, no group 00,
/// no serial 0000, and not the numbers it declared void because advertisements had printed them. And individual taxpayer numbers of the Internal
/// Revenue Service: area 900–999 and a group that it gives out; 987-65-4320 to 4329 are kept for advertisements. Without dashes only after a word that says so.
/// </summary>
internal static class SsnRule
{
    private static readonly string[] Words = ["ssn", "social security", "social sec", "socialsec", "tax id", "taxpayer", "itin"];

    public static Rule Rule { get; } = new("us-social-security-number", RedactionKind.Ssn, "US social security number", RuleAnchor.Digits, static (rule, text, at, sink) => Match(rule, text, at, sink, IsValid))
    {
        Specificity = 20,
        FirstRuns = (1u << 3) | (1u << 9),
        Positives = ["ssn: «536-90-4399»", "\"«123-45-6789»\"", "SSN «536 90 4399»", "ssn = '«536904399»'"],
        Negatives =
        [
            "000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "078-05-1120", "219-09-9999", "1123-45-6789", "123-45-67890",
            "123-45-6789-1", "2-123-45-6789", "a123-45-6789", "order 536904399", "536 90 4399", "123-45-678a", "123-45-6789/x",
        ],
    };

    public static Rule Taxpayer { get; } = new("us-taxpayer-number", RedactionKind.Ssn, "US individual taxpayer identification number", RuleAnchor.Digits, static (rule, text, at, sink) => Match(rule, text, at, sink, IsTaxpayer))
    {
        Specificity = 20,
        FirstRuns = (1u << 3) | (1u << 9),
        Positives = ["«912-70-1234»", "itin = '«900784321»'", "ITIN: «987 99 1234»"],
        Negatives = ["987-65-4320", "987-65-4329", "912-69-1234", "912-89-1234", "912-93-1234", "999-99-9999", "912 70 1234"],
    };

    private delegate bool Check(ReadOnlySpan<byte> digits);

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink, Check isValid)
    {
        int run = Shapes.Run(text, at, DigitScan.Digits, 10);
        byte separator = Shapes.At(text, at + 3);
        Span<byte> digits = stackalloc byte[9];
        int end;
        if (run == 9)
        {
            text.Slice(at, 9).CopyTo(digits);
            end = at + 9;
        }
        else if (run == 3 && separator is (byte)'-' or (byte)' ' && Shapes.Run(text, at + 4, DigitScan.Digits, 3) == 2
            && Shapes.At(text, at + 6) == separator && Shapes.Run(text, at + 7, DigitScan.Digits, 5) == 4)
        {
            text.Slice(at, 3).CopyTo(digits);
            text.Slice(at + 4, 2).CopyTo(digits[3..]);
            text.Slice(at + 7, 4).CopyTo(digits[5..]);
            end = at + 11;
        }
        else
            return;
        sink.Count(16);
        byte before = Shapes.At(text, at - 1);
        byte after = Shapes.At(text, end);
        if (!Shapes.StartsWord(text, at) || before is (byte)'-' or (byte)'.' or (byte)'+' || Shapes.IsWord(after) || after == '-'
            || (after is (byte)'.' or (byte)'/' && Shapes.IsAlphanumeric(Shapes.At(text, end + 1))))
            return;
        if (!isValid(digits) || (separator != '-' && !ContextWords.Near(text, at, Words, 32)))
            return;
        sink.Add(rule, at, end);
    }

    private static bool IsValid(ReadOnlySpan<byte> digits)
    {
        ReadOnlySpan<byte> area = digits[..3];
        return !area.SequenceEqual("000"u8) && !area.SequenceEqual("666"u8) && area[0] != '9'
            && !digits[3..5].SequenceEqual("00"u8) && !digits[5..].SequenceEqual("0000"u8)
            && !digits.SequenceEqual("078051120"u8) && !digits.SequenceEqual("219099999"u8);
    }

    private static bool IsTaxpayer(ReadOnlySpan<byte> digits) =>
        digits[0] == '9' && digits.IndexOfAnyExcept((byte)'9') >= 0 && Checksums.Number(digits[3..5]) is (>= 50 and <= 65) or (>= 70 and <= 88) or (>= 90 and <= 92) or (>= 94 and <= 99)
        && !digits[5..].SequenceEqual("0000"u8) && !digits[..8].SequenceEqual("98765432"u8);
}
