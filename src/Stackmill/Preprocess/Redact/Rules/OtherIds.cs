using static Stackmill.Preprocess.Redact.Rules.Checksums;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>National identity and tax numbers of persons in the Americas, Asia, Africa and Australia, with the check that each country publishes.</summary>
internal static class OtherIds
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        NationalIdRule.Of("canadian-sin", "Canadian social insurance number", [], ["999999999", "999 999 999", "999-999-999"], ["sin", "social insurance", "canada", "canadian", "nas"], static v => v[0] != '8' && Luhn(v),
            ["SIN: «130692544»", "social insurance number «046 454 286»", "customer_sin='«046-454-286»'"], ["130692544", "SIN 130692545", "using 130692544", "SIN: 000000000"]),
        NationalIdRule.Of("brazilian-cpf", "Brazilian CPF", ["999.999.999-99"], ["99999999999"], ["cpf"], static v => LastOf(Sum(v, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == v[9] && LastOf(Sum(v, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == v[10],
            ["«111.444.777-35»", "cpf = '«11144477735»'"], ["111.444.777-36", "111.111.111-11", "11144477735"]),
        NationalIdRule.Of("brazilian-cnpj", "Brazilian CNPJ", ["99.999.999/9999-99"], ["99999999999999"], ["cnpj"], static v => LastOf(Sum(v, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == v[12] && LastOf(Sum(v, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == v[13],
            ["«11.222.333/0001-81»", "cnpj: «11222333000181»"], ["11.222.333/0001-80", "11222333000181"]),
        NationalIdRule.Of("mexican-curp", "Mexican CURP", ["AAAA999999AAAAAA*9"], [], [], IsCurp,
            ["\"«BEML920313HMCLNS09»\""], ["BEML920313HMCLNS08", "BEML920313XMCLNS09", "BEML921313HMCLNS09"]),
        NationalIdRule.Of("argentine-cuit", "Argentine CUIT or CUIL", ["99-99999999-9"], ["99999999999"], ["cuit", "cuil"], static v => Number(v[..2]) is 20 or 23 or 24 or 25 or 26 or 27 or 30 or 33 or 34 && Sum(v, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0,
            ["«20-12345678-6»", "CUIT «20123456786»"], ["20-12345678-5", "21-12345678-6", "20123456786"]),
        NationalIdRule.Of("chilean-rut", "Chilean RUT", ["99.999.999-*", "9.999.999-*"], ["99999999-*", "9999999-*"], ["rut", "run"], IsRut,
            ["«12.345.678-5»", "RUT «12345678-5»"], ["12.345.678-4", "12345678-5"]),
        NationalIdRule.Of("indian-aadhaar", "Indian Aadhaar number", [], ["9999 9999 9999", "999999999999", "9999-9999-9999"], ["aadhaar", "aadhar", "adhaar", "uidai", "आधार"], static v => v[0] >= '2' && Verhoeff(v),
            ["Aadhaar «2345 6789 0124»", "aadhaar_no=«234567890124»"], ["2345 6789 0124", "Aadhaar 2345 6789 0123", "Aadhaar 0345 6789 0124"]),
        NationalIdRule.Of("indian-pan", "Indian permanent account number", [], ["AAAAA9999A"], ["pan", "permanent account", "income tax", "pan card", "pan number", "pan no"], static v => "ABCFGHJLPT"u8.Contains(v[3]),
            ["PAN: «ABCPD1234E»", "pan_number = '«BNZAA2318J»'"], ["ABCPD1234E", "PAN: ABCDE1234F", "company ABCPD1234E"]),
        NationalIdRule.Of("chinese-resident-id", "Chinese resident identity number", ["99999999999999999*"], [], [], IsChinese,
            ["«11010519491231002X»", "id: «440524188001010014»"], ["110105194912310021", "11010519491331002X", "91010519491231002X"]),
        NationalIdRule.Of("korean-rrn", "South Korean resident registration number", ["999999-9999999"], ["9999999999999"], ["rrn", "주민등록번호", "주민번호", "resident registration", "jumin"], static v => IsDay(Number(v[2..4]), Number(v[4..6])) && v[6] is >= (byte)'0' and <= (byte)'9' && (11 - (Sum(v, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 == v[12] - '0',
            ["«850101-1234566»", "주민등록번호 «8501011234566»"], ["850101-1234567", "851301-1234566", "8501011234566"]),
        NationalIdRule.Of("japanese-my-number", "Japanese individual number", [], ["999999999999", "9999 9999 9999", "9999-9999-9999"], ["my number", "マイナンバー", "個人番号", "individual number", "kojin bango"], static v => (Sum(v, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 is var r && (r <= 1 ? 0 : 11 - r) == v[11] - '0'),
            ["My Number «1234 5678 9018»", "マイナンバー：«123456789018»"], ["1234 5678 9018", "My Number 1234 5678 9019"]),
        NationalIdRule.Of("singapore-nric", "Singapore identity number", ["A9999999A"], [], [], IsNric, ["NRIC «S1234567D»"], ["S1234567A", "A1234567D"]),
        NationalIdRule.Of("hong-kong-id", "Hong Kong identity number", ["A999999(*)", "AA999999(*)"], [], [], IsHongKong, ["HKID «A123456(3)»"], ["A123456(4)", "A123456[3]"]),
        NationalIdRule.Of("taiwanese-id", "Taiwanese identity number", [], ["A999999999"], ["taiwan", "身分證", "身份證", "arc", "national id", "nid"], IsTaiwanese, ["身分證字號 «A123456789»"], ["A123456789", "national id A123456788"]),
        NationalIdRule.Of("thai-id", "Thai identity number", ["9-9999-99999-99-9"], ["9999999999999"], ["thai", "thailand", "บัตรประชาชน", "citizen id", "เลขประจำตัวประชาชน"], static v => v[0] is >= (byte)'1' and <= (byte)'8' && (11 - (Sum(v, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 == v[12] - '0',
            ["«1-1018-01234-56-3»"], ["1-1018-01234-56-8", "1101801234563"]),
        NationalIdRule.Of("australian-tfn", "Australian tax file number", [], ["999999999", "999 999 999"], ["tfn", "tax file"], static v => Sum(v, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0,
            ["TFN «123456782»", "tax file number: «123 456 782»"], ["123456782", "TFN 123456783"]),
        NationalIdRule.Of("australian-medicare", "Australian Medicare number", [], ["9999999999", "9999 99999 9"], ["medicare"], static v => v[0] is >= (byte)'2' and <= (byte)'6' && Sum(v, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == v[8] - '0' && v[9] != '0',
            ["Medicare «2123 45670 1»", "medicare_no='«2123456701»'"], ["2123456701", "Medicare 2123 45671 1"]),
        NationalIdRule.Of("south-african-id", "South African identity number", [], ["9999999999999", "999999 9999 999", "999999 9999 99 9"], ["south african", "south africa", "sa id", "rsa id", "said", "id number", "id no", "za id"], static v => IsDay(Number(v[2..4]), Number(v[4..6])) && v[10] is (byte)'0' or (byte)'1' or (byte)'2' && Luhn(v),
            ["SA ID number «8001015009087»"], ["8001015009087", "SA ID 8001015009088"]),
        NationalIdRule.Of("israeli-id", "Israeli identity number", [], ["999999999", "99999999-9"], ["teudat zehut", "teudat", "israel", "israeli", "zehut", "תעודת זהות", "ת.ז", "tz"], static v => Luhn(v),
            ["teudat zehut «123456782»"], ["123456782", "teudat zehut 123456783"]),
    ];

    private static int LastOf(int sum) => sum % 11 < 2 ? '0' : '0' + 11 - (sum % 11);

    private static bool IsCurp(ReadOnlySpan<byte> v)
    {
        if (v[10] is not ((byte)'H' or (byte)'M' or (byte)'X') || !IsDay(Number(v[6..8]), Number(v[8..10])))
            return false;
        // Ñ stands between N and O in the table of values, so letters behind it count one more.
        int sum = 0;
        for (int i = 0; i < 17; i++)
            sum += (Shapes.IsDigit(v[i]) ? v[i] - '0' : v[i] - 'A' + (v[i] > 'N' ? 11 : 10)) * (18 - i);
        return (10 - (sum % 10)) % 10 == v[17] - '0';
    }

    private static bool IsRut(ReadOnlySpan<byte> v)
    {
        int sum = 0;
        for (int i = v.Length - 2, weight = 2; i >= 0; i--, weight = weight == 7 ? 2 : weight + 1)
            sum += (v[i] - '0') * weight;
        return (11 - (sum % 11)) switch { 11 => '0', 10 => 'K', var digit => '0' + digit } == v[^1];
    }

    // GB 11643: province, date of birth, and ISO 7064 MOD 11-2.
    private static bool IsChinese(ReadOnlySpan<byte> v) =>
        v[0] is >= (byte)'1' and <= (byte)'8' && v[6..8] is [(byte)'1', (byte)'8' or (byte)'9'] or [(byte)'2', (byte)'0'] && IsDay(Number(v[10..12]), Number(v[12..14]))
        && "10X98765432"u8[Sum(v, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] == v[17];

    private static bool IsNric(ReadOnlySpan<byte> v)
    {
        int sum = Sum(v[1..8], [2, 7, 6, 5, 4, 3, 2]);
        return v[0] switch
        {
            (byte)'S' => "JZIHGFEDCBA"u8[sum % 11] == v[8],
            (byte)'T' => "JZIHGFEDCBA"u8[(sum + 4) % 11] == v[8],
            (byte)'F' => "XWUTRQPNMLK"u8[sum % 11] == v[8],
            (byte)'G' => "XWUTRQPNMLK"u8[(sum + 4) % 11] == v[8],
            _ => false,
        };
    }

    private static bool IsHongKong(ReadOnlySpan<byte> v)
    {
        int letters = v.Length - 7;
        int sum = letters == 1 ? 36 * 9 : (v[0] - 'A' + 10) * 9;
        sum += (v[letters - 1] - 'A' + 10) * 8;
        sum += Sum(v[letters..], [7, 6, 5, 4, 3, 2]);
        return (11 - (sum % 11)) switch { 11 => '0', 10 => 'A', var digit => '0' + digit } == v[^1];
    }

    private static bool IsTaiwanese(ReadOnlySpan<byte> v)
    {
        // Letters in the order of their numbers, from 10 on.
        int region = "ABCDEFGHJKLMNPQRSTUVXYWZIO"u8.IndexOf(v[0]) + 10;
        return v[1] is (byte)'1' or (byte)'2' or (byte)'8' or (byte)'9' && ((region / 10) + (region % 10 * 9) + Sum(v[1..], [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 == 0;
    }
}
