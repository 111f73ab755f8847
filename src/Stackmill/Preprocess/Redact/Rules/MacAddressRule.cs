namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// MAC addresses of real devices: six pairs of hexadecimal digits by colons or dashes, or three groups of four by dots. Left are group addresses
/// (broadcast and multicast: lowest bit of the first byte), locally administered ones (the bit above; nobody sold them with a device),
/// zeros, and the documentation range 00-00-5E-00-53 (RFC 7042). More than six pairs are a fingerprint or a dump.
/// </summary>
internal static class MacAddressRule
{
    private static readonly string[] Words = ["mac", "hwaddr", "ether", "ethernet", "hw", "lladdr", "bssid", "bluetooth", "arp", "arpa", "address", "macaddress", "macaddr", "wol", "wake"];

    public static Rule Rule { get; } = new("mac-address", RedactionKind.MacAddress, "MAC address of a device", RuleAnchor.Separators, Match)
    {
        Specificity = 20,
        Confidence = 0.9,
        Positives =
        [
            "ether «00:1b:44:11:3a:b7» txqueuelen", "\"«A4-5E-60-C2-19-0F»\"", "mac = '«001b.4411.3ab7»'", "\\n«3c:22:fb:9d:04:7e»", "(«f0:18:98:aa:01:02»)", "hwaddr «08-00-27-13-69-10»", "«00:11:22:33:44:55»", "mac=«ac:de:48:00:11:22».",
        ],
        Negatives =
        [
            "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "02:42:ac:11:00:02", "00:00:5e:00:53:af", "00:1b:44:11:3a:b7:01", "aa:00:1b:44:11:3a:b7", "00:1b:44:11:3a", "00:1b-44:11:3a:b7", "00:1b:44:11:3a:b7c",
            "20-01-02-03-04-05", "1234.5678.9012", "0000.5e00.5301", "001b.4411.3ab7.0001", "001a.001b.4411.3ab7", "00:1b:44:11:3a:zz", "x00:1b:44:11:3a:b7", "[.20C5.0020.0008]", "[.0000.00a3.0002]",
        ],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        byte separator = text[at];
        int group = separator == '.' ? 4 : 2;
        int start = at - group;
        int end = start + (separator == '.' ? 14 : 17);
        sink.Count(1);
        if (start < 0 || end > text.Length || !Shapes.StartsWord(text, start) || FollowsPair(text, start - 1, separator)
            || (Shapes.At(text, end) == separator && char.IsAsciiHexDigit((char)Shapes.At(text, end + 1))) || Shapes.IsWord(Shapes.At(text, end)))
            return;
        Span<byte> bytes = stackalloc byte[6];
        bytes.Clear();
        bool letters = false;
        int nibble = 0;
        for (int i = start; i < end; i++)
        {
            if ((i - start) % (group + 1) == group)
            {
                if (text[i] != separator)
                    return;
                continue;
            }
            if (!char.IsAsciiHexDigit((char)text[i]))
                return;
            letters |= Shapes.IsLetter(text[i]);
            bytes[nibble / 2] = (byte)((bytes[nibble / 2] << 4) | HexValue(text[i]));
            nibble++;
        }
        sink.Count(end - start);
        if ((bytes[0] & 3) != 0 || bytes.IndexOfAnyExcept((byte)0) < 0 || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0x5E, 0, 0x53]) || bytes[1..].IndexOfAnyExcept(bytes[0]) < 0)
            return;
        // Six numbers of two digits with dashes are rather a date and time; three groups with dots are anything, though routers print them in lower case.
        bool doubtful = separator == '.' ? !letters || bytes[..2].IndexOfAnyExcept((byte)0) < 0 || HasUpper(text[start..end]) || Shapes.At(text, start - 1) is (byte)'.' or (byte)'*' : !letters && separator == '-';
        if (doubtful && !ContextWords.Near(text, start, Words, 32))
            return;
        sink.Add(rule, start, end);
    }

    private static bool HasUpper(ReadOnlySpan<byte> text) => text.IndexOfAnyInRange((byte)'A', (byte)'F') >= 0;

    private static int HexValue(byte b) => Shapes.IsDigit(b) ? b - '0' : (b | 0x20) - 'a' + 10;

    // "mac:00:1b:…" is a label and an address; "aa:00:1b:…" are seven pairs.
    private static bool FollowsPair(ReadOnlySpan<byte> text, int at, byte separator) =>
        Shapes.At(text, at) == separator && char.IsAsciiHexDigit((char)Shapes.At(text, at - 1))
        && (separator == '.' || (char.IsAsciiHexDigit((char)Shapes.At(text, at - 2)) && !Shapes.IsWord(Shapes.At(text, at - 3))));
}
