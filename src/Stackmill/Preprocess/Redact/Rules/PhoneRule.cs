using PhoneNumbers;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Phone numbers in a written form: international with a plus sign, North American with separators, and the national form of
/// the configured region after a word that says so. libphonenumber decides whether the number is one; area code 555,
/// which it rejects as unassigned, is accepted because people write invented numbers that way.
/// Digits without separators are never a phone number.
/// </summary>
internal static class PhoneRule
{
    // ITU-T E.164: at most 15 digits; 8 leaves out the shortest national ones, which are too like other numbers.
    private const int FewestDigits = 8;
    private const int MostDigits = 15;
    private const int Reach = 28;

    private static readonly string[] Words = ["phone", "tel", "fax", "mobile", "cell", "call ", "call:", "whatsapp", "sms", "handy"];
    private static readonly PhoneNumberUtil Util = PhoneNumberUtil.GetInstance();
    private static readonly HashSet<int> CallingCodes = Util.GetSupportedCallingCodes();

    public static Rule Rule { get; } = new("phone-number", RedactionKind.Phone, "Phone number", RuleAnchor.Digits, Match)
    {
        Specificity = 15,
        Positives =
        [
            "«+14155552671»", "«+1 (415) 555-2671»", "call «(415) 555-2671» now", "\"«415-555-2671»\"", "«+44 20 7946 0958»", "«+44 7700 900123»", "«+49 30 901820»,", "«415.555.2671»",
            "«1-800-555-0199»", "«(555) 123-4567»", "phone: «415 555 2671»", "tel:«+33 1 42 68 53 00»", "«+1-202-456-1414» ext", "\\n«415-555-2671»", "«+44 20 7992 5420» 2.5.4.12",
        ],
        Negatives =
        [
            "4155552671", "tel 4155552671", "1234567890", "1620000000", "2020-01-01 10:00:00", "123-456-7890", "+12", "+0123456789", "415-555-26711", "x415-555-2671",
            "1415-555-2671", "415-555-2671-1", "0x4155552671", "+999 123 456 789", "1e+14155552671", "3.415.555.2671", "415 555 2671", "192.168.100.200", "800-555-019",
            "[415-555-2671-", "a+14155552671", "Decimal('+35236450.6')", "2+14155552671",
        ],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        byte before = Shapes.At(text, at - 1);
        if (before == '+')
            International(rule, text, at, sink);
        else if (before == '(')
            Parenthesised(rule, text, at - 1, sink);
        else if (before is not ((byte)'.' or (byte)'-' or (byte)')' or (byte)'/' or (byte)'=' or (byte)'*') || (before == '=' && at > 1))
            National(rule, text, at, sink);
    }

    private static void International(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at - 1;
        byte before = Shapes.At(text, start - 1);
        if ((Shapes.IsWord(before) && !Shapes.StartsWord(text, start)) || before is (byte)')' or (byte)']' or (byte)'+' or (byte)'.' or (byte)'-' || Shapes.At(text, at) == '0')
            return;
        Span<char> digits = stackalloc char[MostDigits + 1];
        digits[0] = '+';
        int end = Read(text, at, digits[1..], out int count, sink);
        if (count < FewestDigits || IsDecimal(text[at..end]) || !KnownCallingCode(digits[1..]))
            return;
        // Another number may follow after a blank: without the last group, or the last two, it may be one.
        for (int tries = 0; tries < 3 && count >= FewestDigits; tries++)
        {
            if (EndsNumber(text, end) && IsValid(digits[..(count + 1)], "ZZ"))
            {
                sink.Add(rule, start, end);
                return;
            }
            while (end > at && text[end - 1] != ' ')
                count -= Shapes.IsDigit(text[--end]) ? 1 : 0;
            while (end > at && text[end - 1] == ' ')
                end--;
        }
    }

    private static bool IsDecimal(ReadOnlySpan<byte> number) =>
        number.Count((byte)'.') == 1 && number.IndexOfAny((byte)' ', (byte)'-', (byte)'(') < 0;

    private static void Parenthesised(Rule rule, ReadOnlySpan<byte> text, int start, CandidateSink sink)
    {
        int i = start + 1;
        if (Shapes.Run(text, i, DigitScan.Digits, 4) != 3 || Shapes.At(text, i + 3) != ')')
            return;
        int exchange = Shapes.At(text, i + 4) is (byte)' ' or (byte)'-' ? i + 5 : i + 4;
        byte separator = Shapes.At(text, exchange + 3);
        if (Shapes.IsWord(Shapes.At(text, start - 1)) || separator is not ((byte)'-' or (byte)'.' or (byte)' '))
            return;
        if (Shapes.At(text, start - 1) == ' ' && Shapes.At(text, start - 2) == '1' && !Shapes.IsWord(Shapes.At(text, start - 3)) && Shapes.At(text, start - 3) != '+')
            start -= 2;
        else if (Shapes.At(text, start - 1) == ' ' && Shapes.At(text, start - 2) == '1' && Shapes.At(text, start - 3) == '+')
            return;
        NorthAmerican(rule, text, start, i, exchange, sink);
    }

    private static void National(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (!Shapes.StartsWord(text, at))
            return;
        byte separator = Shapes.At(text, at + 1);
        int area = text[at] == '1' && separator is (byte)'-' or (byte)'.' or (byte)' ' && Shapes.At(text, at + 5) == separator ? at + 2 : at;
        separator = Shapes.At(text, area + 3);
        if (Shapes.Run(text, area, DigitScan.Digits, 4) == 3 && separator is (byte)'-' or (byte)'.' or (byte)' ' && Shapes.At(text, area + 7) == separator
            && (separator != ' ' || Shapes.Mentions(text, at, Reach, Words)))
            NorthAmerican(rule, text, at, area, area + 4, sink);
        else
            Regional(rule, text, at, sink);
    }

    private static void NorthAmerican(Rule rule, ReadOnlySpan<byte> text, int start, int area, int exchange, CandidateSink sink)
    {
        if (Shapes.Run(text, exchange, DigitScan.Digits, 4) != 3 || Shapes.Run(text, exchange + 4, DigitScan.Digits, 5) != 4)
            return;
        int end = exchange + 8;
        sink.Count(end - start);
        if (!EndsNumber(text, end) || text[area] < '2')
            return;
        Span<char> digits = stackalloc char[12];
        "+1".CopyTo(digits);
        Widen(text.Slice(area, 3), digits[2..]);
        Widen(text.Slice(exchange, 3), digits[5..]);
        Widen(text.Slice(exchange + 4, 4), digits[8..]);
        // 0 begins no exchange, not even an invented one.
        if ((text.Slice(area, 3).SequenceEqual("555"u8) && text[exchange] != '0') || IsValid(digits, "US"))
            sink.Add(rule, start, end);
    }

    private static void Regional(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int run = Shapes.Run(text, at, DigitScan.Digits, 7);
        if (run is < 2 or > 6 || Shapes.At(text, at + run) is not ((byte)' ' or (byte)'-' or (byte)'/') || !Shapes.IsDigit(Shapes.At(text, at + run + 1))
            || !Shapes.Mentions(text, at, Reach, Words))
            return;
        Span<char> digits = stackalloc char[MostDigits];
        int end = Read(text, at, digits, out int count, sink);
        if (count >= FewestDigits && EndsNumber(text, end) && text[at..end].IndexOfAny(" -/"u8) > 0 && IsValid(digits[..count], sink.Options.DefaultPhoneRegion))
            sink.Add(rule, at, end);
    }

    /// <summary>Reads digits with single separators between them; returns the end of the last digit taken.</summary>
    private static int Read(ReadOnlySpan<byte> text, int at, Span<char> digits, out int count, CandidateSink sink)
    {
        count = 0;
        int i = at;
        int end = at;
        while (i < text.Length)
        {
            byte b = text[i];
            if (Shapes.IsDigit(b))
            {
                if (count == digits.Length)
                    break;
                digits[count++] = (char)b;
                end = ++i;
            }
            else if (b is (byte)' ' or (byte)'-' or (byte)'.' or (byte)'/' or (byte)'(' or (byte)')' && i - end < 2)
                i++;
            else
                break;
        }
        sink.Count(i - at);
        return end;
    }

    private static bool EndsNumber(ReadOnlySpan<byte> text, int end)
    {
        byte after = Shapes.At(text, end);
        return !Shapes.IsWord(after) && !(after is (byte)'-' or (byte)'.' or (byte)':' or (byte)'/' && (after == '-' || Shapes.IsAlphanumeric(Shapes.At(text, end + 1))));
    }

    private static void Widen(ReadOnlySpan<byte> source, Span<char> target)
    {
        for (int i = 0; i < source.Length; i++)
            target[i] = (char)source[i];
    }

    private static bool KnownCallingCode(ReadOnlySpan<char> digits)
    {
        int code = 0;
        for (int i = 0; i < 3; i++)
        {
            code = (code * 10) + digits[i] - '0';
            if (CallingCodes.Contains(code))
                return true;
        }
        return false;
    }

    private static bool IsValid(ReadOnlySpan<char> digits, string region)
    {
        // Ofcom keeps these for films; the library calls them unassigned.
        if (digits.StartsWith("+447700900") && digits.Length == 13)
            return true;
        try
        {
            return Util.IsValidNumber(Util.Parse(digits.ToString(), region));
        }
        catch (NumberParseException)
        {
            return false;
        }
    }
}
