namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// International bank account numbers (ISO 13616): a country of SWIFT's registry with the length it has there, remainder 1 by 97,
/// in one piece or in groups of four.
/// </summary>
internal static class IbanRule
{
    private const int Longest = 33;

    private const string Registry =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 " +
        "GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 " +
        "NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private static readonly byte[] Lengths = Read();

    public static Rule Rule { get; } = new("iban", RedactionKind.Iban, "International bank account number", RuleAnchor.UpperDigit, Match)
    {
        Specificity = 25,
        Confidence = 0.99,
        Positives =
        [
            "\"«DE89370400440532013000»\"", "IBAN: «GB82 WEST 1234 5698 7654 32».", "«NO9386011117947»", "«FR14 2004 1010 0505 0001 3M02 606», BIC", "iban=«BE68539007547034»", "(«CH93 0076 2011 6238 5295 7»)",
            "«DE89 3704 0044 0532 0130 00» 1234",
        ],
        Negatives =
        [
            "DE89370400440532013001", "DE8937040044053201300", "DE893704004405320130001", "XX89370400440532013000", "GB82 WEST 1234 5698 7654", "DE89 370400 440532013000", "aDE89370400440532013000",
            "DE89370400440532013000_x", "DE00000000000000000000", "-DE89370400440532013000", "DE89 3704 0044 0532 0130 001",
        ],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at - 2;
        if (start < 0 || Length(text[start], text[start + 1]) is not (> 0 and var length) || !Shapes.StartsWord(text, start)
            || Shapes.At(text, start - 1) is (byte)'-' or (byte)'+' or (byte)'/')
            return;
        Span<byte> value = stackalloc byte[Longest];
        int end = start;
        int count = 0;
        bool grouped = Shapes.At(text, start + 4) == ' ';
        while (count < length)
        {
            byte b = Shapes.At(text, end);
            if (grouped && count % 4 == 0 && count > 0 && b == ' ')
                b = Shapes.At(text, ++end);
            else if (grouped && count % 4 == 0 && count > 0)
                break;
            if (!Shapes.IsDigit(b) && b is not (>= (byte)'A' and <= (byte)'Z'))
                break;
            value[count++] = b;
            end++;
        }
        sink.Count(end - start);
        byte after = Shapes.At(text, end);
        if (count < length || Shapes.IsWord(after) || after is (byte)'/' or (byte)'+' or (byte)'=' || value[4..length].IndexOfAnyExcept((byte)'0') < 0)
            return;
        if (Checksums.Remainder97(value[..4], Checksums.Remainder97(value[4..length])) == 1)
            sink.Add(rule, start, end);
    }

    private static int Length(byte first, byte second) =>
        first is >= (byte)'A' and <= (byte)'Z' && second is >= (byte)'A' and <= (byte)'Z' ? Lengths[((first - 'A') * 26) + second - 'A'] : 0;

    private static byte[] Read()
    {
        var lengths = new byte[26 * 26];
        foreach (string entry in Registry.Split(' '))
            lengths[((entry[0] - 'A') * 26) + entry[1] - 'A'] = byte.Parse(entry.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
        return lengths;
    }
}
