using static Stackmill.Preprocess.Redact.Rules.Checksums;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>National identity and tax numbers of persons in Europe, with the check that each country publishes.</summary>
internal static class EuropeanIds
{
    private static ReadOnlySpan<byte> SpanishLetters => "TRWAGMYFPDXBNJZSQVHLCKE"u8;

    // Agenzia delle Entrate: values of characters in odd places; digits first, then letters.
    private static ReadOnlySpan<byte> ItalianOdd => [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    private static readonly string[] NinoWords = ["nino", "national insurance", "ni number", "ni no", "nin", "insurance number"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        NationalIdRule.Of("uk-national-insurance", "UK national insurance number", [], ["AA999999A"], NinoWords, IsNino,
            ["NINO: «AB123456C»", "National Insurance number «JG103759A»"], ["AB123456C", "NINO: QQ123456C", "NINO: BG123456A", "NINO AB123456E"]),
        NationalIdRule.Of("uk-national-insurance-spaced", "UK national insurance number in pairs", [], ["AA 99 99 99 A"], NinoWords, IsNino,
            ["ni_number = «AB 12 34 56 C»"], ["AB 12 34 56 C", "NINO: DE AD 12 34 56 C"]),
        NationalIdRule.Of("spanish-dni", "Spanish DNI", [], ["99999999A", "99999999-A"], ["dni", "nif", "nie", "documento", "cif"], static v => SpanishLetters[Remainder(v[..8], 23)] == v[8],
            ["DNI «12345678Z»", "nif: «12345678-Z»"], ["12345678Z", "DNI 12345678A", "DNI 00000000T"]),
        NationalIdRule.Of("spanish-nie", "Spanish foreigner's number", ["A9999999A", "A-9999999-A"], [], [], static v => v[0] is >= (byte)'X' and <= (byte)'Z' && SpanishLetters[(((v[0] - 'X') * 10_000_000) + Number(v[1..8])) % 23] == v[8],
            ["\"«X1234567L»\"", "NIE «Y1234567X»"], ["X1234567A", "W1234567L", "X0000000T"]),
        NationalIdRule.Of("french-nir", "French social security number", ["9 99 99 99 999 999 99"], ["999999999999999", "9999999999999 99"], ["nir", "insee", "sécurité sociale", "securite sociale", "sécu", "numéro de sécu", "carte vitale", "social security"], IsNir,
            ["«1 85 05 78 006 084 91»", "NIR «185057800608491»"], ["185057800608491", "1 85 05 78 006 084 92", "3 85 05 78 006 084 91"]),
        NationalIdRule.Of("italian-codice-fiscale", "Italian tax code", ["AAAAAA**A**A***A"], [], [], IsCodiceFiscale,
            ["«RSSMRA85T10A562S»", "cf='«RSSMRA85T10A562S»'"], ["RSSMRA85T10A562T", "RSSMRA85X10A562S", "DEADBE12F34A567B"]),
        NationalIdRule.Of("german-tax-id", "German tax identification number", [], ["99999999999", "99 999 999 999"], ["steuer id", "steueridentifikationsnummer", "identifikationsnummer", "idnr", "steuer identifikationsnummer", "steuernummer", "tin", "tax id"], static v => v[0] != '0' && HasGermanDigits(v) && Mod11And10(v),
            ["Steuer-ID «86095742719»", "IdNr. «86 095 742 719»"], ["86095742719", "Steuer-ID 86095742718", "Steuer-ID 11111111111"]),
        NationalIdRule.Of("polish-pesel", "Polish PESEL", [], ["99999999999"], ["pesel"], static v => IsDay(((v[2] - '0') % 2 * 10) + v[3] - '0', Number(v[4..6])) && Sum(v, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0,
            ["PESEL «44051401359»"], ["44051401359", "PESEL 44051401358", "pesel 44151401359"]),
        NationalIdRule.Of("dutch-bsn", "Dutch citizen service number", [], ["999999999", "9999.99.999", "999 999 999"], ["bsn", "burgerservicenummer", "sofinummer", "sofi"], static v => Sum(v, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 == v[8] - '0',
            ["BSN «111222333»", "bsn: «1234.56.782»"], ["111222333", "bsn 111222334", "absnx 111222333"]),
        NationalIdRule.Of("belgian-national-number", "Belgian national number", ["99.99.99-999.99"], ["99999999999", "999999-999-99"], ["rijksregisternummer", "registre national", "rrn", "nrn", "niss", "insz", "numéro national", "national number", "rijksregister"], IsBelgian,
            ["«93.05.18-223.61»", "rijksregisternummer «93051822361»"], ["93.05.18-223.62", "93051822361"]),
        NationalIdRule.Of("swedish-personal-number", "Swedish personal number", [], ["999999-9999", "99999999-9999", "9999999999", "999999999999", "999999+9999"], ["personnummer", "pnr", "personal number", "personal identity", "swedish", "samordningsnummer", "ssn"], static v => IsDay(Number(v[^8..^6]), Number(v[^6..^4]) % 60) && Luhn(v[^10..]),
            ["personnummer «811218-9876»", "pnr: «19811218-9876»"], ["811218-9876", "personnummer 811218-9875", "personnummer 811318-9876"]),
        NationalIdRule.Of("finnish-personal-code", "Finnish personal identity code", ["999999-999A", "999999A999A", "999999+999A"], ["999999-9999", "999999A9999"], ["hetu", "henkilötunnus", "henkilotunnus", "personal identity code", "sotu"], IsHetu,
            ["«131052-308T»", "hetu «131052A308T»"], ["131052-308X", "321352-308T", "131052-0018"]),
        NationalIdRule.Of("danish-cpr", "Danish CPR number", [], ["999999-9999", "9999999999"], ["cpr", "personnummer", "cprnr"], static v => IsDay(Number(v[2..4]), Number(v[..2])),
            ["CPR «070761-4285»"], ["070761-4285", "CPR 071361-4285"]),
        NationalIdRule.Of("norwegian-birth-number", "Norwegian birth number", [], ["99999999999", "999999 99999"], ["fødselsnummer", "fodselsnummer", "fnr", "personnummer", "fødselsnr", "norwegian"], static v => IsDay(Number(v[2..4]), Number(v[..2]) % 40) && Sum(v, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0 && Sum(v, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0,
            ["fødselsnummer «01010750160»", "fnr: «010107 50160»"], ["01010750160", "fnr 01010750161"]),
        NationalIdRule.Of("portuguese-nif", "Portuguese tax number", [], ["999999999", "999 999 999"], ["nif", "contribuinte", "número fiscal"], static v => v[0] is (byte)'1' or (byte)'2' or (byte)'3' && LastOf(Sum(v, [9, 8, 7, 6, 5, 4, 3, 2])) == v[8],
            ["NIF «123456789»"], ["NIF 123456788", "123456789x"]),
        NationalIdRule.Of("swiss-ahv", "Swiss AHV number", ["999.9999.9999.99"], ["9999999999999"], ["ahv", "avs", "sozialversicherungsnummer", "navs"], static v => v.StartsWith("756"u8) && Sum(v, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0,
            ["«756.9217.0769.85»", "AHV «7569217076985»"], ["756.9217.0769.84", "755.9217.0769.85", "7569217076985"]),
        NationalIdRule.Of("austrian-svnr", "Austrian social insurance number", [], ["9999999999", "9999 999999"], ["svnr", "sozialversicherungsnummer", "sv nummer", "sv nr", "versicherungsnummer"], static v => v[0] != '0' && IsDay(Number(v[6..8]) % 12, Number(v[4..6])) && (Sum(v, [3, 7, 9]) + Sum(v[4..], [5, 8, 4, 2, 1, 6])) % 11 == v[3] - '0',
            ["SVNR «1237 010180»"], ["1237 010180", "SVNR 1238 010180"]),
        NationalIdRule.Of("czech-birth-number", "Czech or Slovak birth number", [], ["999999/9999", "9999999999"], ["rodné číslo", "rodne cislo", "rodné čislo", "birth number", "rč"], static v => IsDay(Number(v[2..4]) % 50 % 20, Number(v[4..6])) && Remainder(v, 11) == 0,
            ["rodné číslo «780123/3539»"], ["780123/3539", "rodné číslo 780123/3541"]),
        NationalIdRule.Of("romanian-cnp", "Romanian CNP", [], ["9999999999999"], ["cnp", "cod numeric personal"], static v => v[0] != '0' && IsDay(Number(v[3..5]), Number(v[5..7])) && Sum(v, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 % 10 is var r && (r == v[12] - '0' || (Sum(v, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 == 10 && v[12] == '1')),
            ["CNP «1800101221144»"], ["1800101221144", "CNP 1801301221144"]),
        NationalIdRule.Of("bulgarian-egn", "Bulgarian EGN", [], ["9999999999"], ["egn", "егн"], static v => IsDay(Number(v[2..4]) % 20, Number(v[4..6])) && Sum(v, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == v[9] - '0',
            ["ЕГН «7523169263»"], ["7523169263", "EGN 7523169264"]),
        NationalIdRule.Of("croatian-oib", "Croatian OIB", [], ["99999999999"], ["oib"], static v => Mod11And10(v), ["OIB «33392005961»"], ["33392005961", "OIB 33392005962"]),
        NationalIdRule.Of("irish-pps", "Irish PPS number", [], ["9999999A", "9999999AA"], ["pps", "ppsn", "pps number", "pps no"], IsPps, ["PPSN «1234567T»", "pps: «1234567FA»"], ["1234567T", "PPSN 1234567A"]),
        NationalIdRule.Of("turkish-id", "Turkish identity number", [], ["99999999999"], ["tckn", "tc kimlik", "kimlik no", "kimlik", "t.c.", "tc no", "tc"], IsTurkish, ["TCKN «10000000146»"], ["10000000146", "TCKN 10000000145", "TCKN 00000000000"]),
    ];

    private static bool IsNino(ReadOnlySpan<byte> v)
    {
        // HMRC, NIM39110: letters that are never used, and prefixes kept for other ends.
        if ("DFIQUV"u8.Contains(v[0]) || "DFIOQUV"u8.Contains(v[1]) || v[8] > 'D')
            return false;
        return (v[0], v[1]) is not (((byte)'B', (byte)'G') or ((byte)'G', (byte)'B') or ((byte)'K', (byte)'N') or ((byte)'N', (byte)'K') or ((byte)'N', (byte)'T') or ((byte)'T', (byte)'N') or ((byte)'Z', (byte)'Z'));
    }

    // Months above 12 are of people whose month of birth is not known.
    private static bool IsNir(ReadOnlySpan<byte> v) =>
        v[0] is (byte)'1' or (byte)'2' && Number(v[3..5]) is (>= 1 and <= 12) or (>= 20 and <= 42) or (>= 50 and <= 99) && 97 - Remainder(v[..13], 97) == Number(v[13..]);

    private static bool IsCodiceFiscale(ReadOnlySpan<byte> v)
    {
        if (!"ABCDEHLMPRST"u8.Contains(v[8]) || !Shapes.IsLetter(v[11]))
            return false;
        // Letters stand for digits where two persons would have the same code.
        foreach (int i in (ReadOnlySpan<int>)[6, 7, 9, 10, 12, 13, 14])
        {
            if (!Shapes.IsDigit(v[i]) && !"LMNPQRSTUV"u8.Contains(v[i]))
                return false;
        }
        if (Shapes.IsDigit(v[9]) && Shapes.IsDigit(v[10]) && Number(v[9..11]) % 40 is < 1 or > 31)
            return false;
        int sum = 0;
        for (int i = 0; i < 15; i++)
        {
            int value = Shapes.IsDigit(v[i]) ? v[i] - '0' : v[i] - 'A' + 10;
            sum += i % 2 == 0 ? ItalianOdd[value] : Shapes.IsDigit(v[i]) ? value : value - 10;
        }
        return 'A' + (sum % 26) == v[15];
    }

    // One digit of the first ten occurs two or three times.
    private static bool HasGermanDigits(ReadOnlySpan<byte> v) => Shapes.Distinct(v[..10]) is 8 or 9;

    private static bool IsBelgian(ReadOnlySpan<byte> v)
    {
        if (!IsDay(Number(v[2..4]) % 20, Math.Max(1, Number(v[4..6]))))
            return false;
        int check = Number(v[9..]);
        int rest = Remainder(v[..9], 97);
        // Of those born since 2000 a 2 is thought in front.
        return 97 - rest == check || 97 - ((rest + (2_000_000_000 % 97)) % 97) == check;
    }

    private static bool IsHetu(ReadOnlySpan<byte> v)
    {
        // Eleven characters with the sign of the century; a dash or plus has fallen out already.
        ReadOnlySpan<byte> own = v.Length == 11 ? v[7..] : v[6..];
        return (v.Length == 10 || v[6] is >= (byte)'A' and <= (byte)'F') && IsDay(Number(v[2..4]), Number(v[..2])) && Number(own[..3]) >= 2
            && "0123456789ABCDEFHJKLMNPRSTUVWXY"u8[((Number(v[..6]) * 1000) + Number(own[..3])) % 31] == own[3];
    }

    private static bool IsPps(ReadOnlySpan<byte> v)
    {
        int sum = Sum(v, [8, 7, 6, 5, 4, 3, 2]) + (v.Length == 9 ? (v[8] - 'A' + 1) % 23 * 9 : 0);
        return "WABCDEFGHIJKLMNOPQRSTUV"u8[sum % 23] == v[7];
    }

    private static bool IsTurkish(ReadOnlySpan<byte> v)
    {
        int tenth = ((Sum(v, [7, 0, 7, 0, 7, 0, 7, 0, 7]) - Sum(v, [0, 1, 0, 1, 0, 1, 0, 1])) % 10 + 10) % 10;
        return v[0] != '0' && tenth == v[9] - '0' && Sum(v, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 == v[10] - '0';
    }

    private static int LastOf(int sum) => sum % 11 < 2 ? '0' : '0' + 11 - (sum % 11);
}
