using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Public IP addresses. Left as they are, since they name nobody: private (10/8, 172.16/12, 192.168/16), loopback, link-local, shared (100.64/10),
/// documentation and benchmark ranges, multicast and reserved space, masks, and networks x.0.0.0. (BigCode leaves private addresses too.)
/// Of IPv6 only global unicast 2000::/3 counts, without 2001:db8::/32, 3fff::/20, and 2001::/23 but for Teredo. Ranges: IANA's special-purpose registries (RFC 6890, RFC 9637).
/// Four numbers that are rather a version, an OID or a section are left: after a word or sign that says so, with more than four parts, or
/// all below 64 or beginning with 1 or 2, unless they belong to a public resolver or a word speaks of an address.
/// </summary>
internal static class IpAddressRules
{
    private const int Reach = 32;

    private static readonly string[] VersionWords =
        ["version", " ver.", " ver ", " ver=", "release", "revision", "build", "firmware", " oid", "\"oid", "'oid", "assembly", "section", "chapter", "clause", "appendix", "rfc", "driver", "chrome/", "safari/", "mozilla/", "opr/", "edg/", "webkit/", "browser", "object", "workflow", "step", " spec ", " spec:", "§"];

    private static readonly string[] AddressWords =
        [" ip", "\"ip", "'ip", "(ip", "_ip", "-ip", "ip_", "ip=", "ipv4", "ipaddr", "addr", "host", "dns", "server", "ping ", "peer", "gateway", "proxy", "router", "listen", "resolver", "from "];

    public static Rule V4 { get; } = new("ipv4-address", RedactionKind.IpAddress, "Public IPv4 address", RuleAnchor.Digits, MatchV4)
    {
        FirstRuns = 0b1110,
        Specificity = 20,
        Positives =
        [
            "host «52.95.110.1»", "\"http://«93.184.216.34»:8080/x\"", "«8.8.8.8»", "nameserver «1.1.1.1»", "from «203.0.114.7»/24", "(«172.32.0.5»)", "ip «5.6.7.8».", "::ffff:«93.184.216.34»",
            "\\n«52.95.110.1»", "\"root@«52.95.110.1»\"", "version = 3; u = \"http://«52.95.110.1»:80/\"",
        ],
        Negatives =
        [
            "127.0.0.1", "0.0.0.0", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "255.255.255.0", "224.0.0.1", "ObjectIdentifier(\"2.5.29.14\")", "ED448 = 1.3.101.113", "sections `3.1.3.6`_, `3.12.2.10`_", "script 12.1.1.3", "203.0.113.9", "198.51.100.1", "192.0.2.1",
            "100.64.1.1", "1.2.3.4", "v52.95.110.1", "pkg@1.2.3.4", "npm i @52.95.110.1", "version 52.95.110.1", "pkg==52.95.110.1", "1.3.6.1.4.1", "256.1.1.1", "52.95.110.01", "52.95.110.1.5", "lib-52.95.110.1.tar.gz",
            "Chrome/91.0.4472.124", "52.95.110.1rc1", "Version=4.0.0.0", "^52.95.110.1", "a52.95.110.1", "section 52.95.110.1", "52.95.110", "4.0.0.0", "-52.95.110.1",
        ],
    };

    public static Rule V6 { get; } = new("ipv6-address", RedactionKind.IpAddress, "Public IPv6 address", RuleAnchor.Digits, MatchV6)
    {
        FirstRuns = 0b1_1110,
        Specificity = 20,
        Positives = ["«2607:f8b0:4005:805::200e»", "http://[«2a00:1450:4001:81b::200e»]:80/", "\"«2001:4860:4860::8888»\"", "ip «2620:0:2d0:200:0:0:0:7»/64", "«2606:4700:4700::1111»."],
        Negatives =
        [
            "::1", "::", "fe80::1", "fc00::1234", "2001:db8::1", "x[1::2]", "x[2000::2]", "std::2abc", "12:30:45", "2020:01:02 12:30:45", "22:1a:2b:3c:4d:5e", "2607:f8b0:4005",
            "2001:1:2:3:4:5:6:7:8", "2607::f8b0::1", "ff02::1", "2001:1::1", "2001:4:112::", "a2607:f8b0:4005:805::200e", "2607:f8b0:4005:805::200eg",
        ],
    };

    private static void MatchV4(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        Span<byte> octets = stackalloc byte[4];
        int i = at;
        for (int part = 0; part < 4; part++)
        {
            int run = Shapes.Run(text, i, DigitScan.Digits, 4);
            if (run is 0 or > 3 || (run > 1 && text[i] == '0'))
                return;
            int value = 0;
            foreach (byte b in text.Slice(i, run))
                value = (value * 10) + b - '0';
            if (value > 255)
                return;
            octets[part] = (byte)value;
            i += run;
            if (part < 3 && Shapes.At(text, i++) != '.')
                return;
        }
        sink.Count(i - at + Reach);
        byte before = Shapes.At(text, at - 1);
        byte after = Shapes.At(text, i);
        if (!Shapes.StartsWord(text, at) || before is (byte)'.' or (byte)'-' or (byte)'^' or (byte)'~' or (byte)'+' or (byte)'$' or (byte)'%'
            || Shapes.IsWord(after) || after is (byte)'-' or (byte)'+' || (after == '.' && Shapes.IsWord(Shapes.At(text, i + 1))))
            return;
        bool inUrl = text[..at].EndsWith("//"u8) || (before == '@' && Shapes.Mentions(text, at, Reach, ["://"]));
        // user@address, but not package@version.
        if (before == '@' && !inUrl && !Shapes.Mentions(text, at, Reach, ["ssh", "scp"]) && (LooksNumbered(octets) || !Shapes.IsWord(Shapes.At(text, at - 2))))
            return;
        if ((before == '=' && Shapes.At(text, at - 2) is (byte)'=' or (byte)'>' or (byte)'<' or (byte)'~' or (byte)'!') || (before == '>' && Shapes.At(text, at - 2) == '='))
            return;
        if (!IsPublic(octets) || (!inUrl && Shapes.Mentions(text, at, Reach, VersionWords)))
            return;
        if (LooksNumbered(octets) && !IsResolver(octets) && !inUrl && !Shapes.Mentions(text, at, Reach, AddressWords))
            return;
        sink.Add(rule, at, i);
    }

    // Sections, releases and X.500 object identifiers: small parts throughout, or an arc of 1 or 2 in front. One random address in fifty is so.
    private static bool LooksNumbered(ReadOnlySpan<byte> o) => o[0] <= 2 || o.IndexOfAnyExceptInRange((byte)0, (byte)63) < 0;

    private static bool IsPublic(ReadOnlySpan<byte> o) => o switch
    {
        [0 or 10 or 127 or >= 224, ..] => false,
        [100, >= 64 and <= 127, ..] => false,
        [169, 254, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..] => false,
        [192, 0, 0 or 2, _] or [198, 51, 100, _] or [203, 0, 113, _] or [198, 18 or 19, ..] or [192, 88, 99, _] => false,
        [_, 0, 0, 0] => false,
        _ => true,
    };

    // Cloudflare, Google and Quad9.
    private static bool IsResolver(ReadOnlySpan<byte> o) => o is [1, 1, 1, 1] or [1, 0, 0, 1] or [8, 8, 8, 8] or [8, 8, 4, 4] or [9, 9, 9, 9];

    private static void MatchV6(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (text[at] is not ((byte)'2' or (byte)'3') || Shapes.Run(text, at, Shapes.Hex, 5) != 4 || Shapes.At(text, at + 4) != ':')
            return;
        int end = at;
        int groups = 0;
        bool letters = false;
        // 39 characters are the longest form without an embedded IPv4 address.
        while (end < text.Length && end - at <= 39 && (text[end] == ':' || char.IsAsciiHexDigit((char)text[end])))
        {
            letters |= Shapes.IsLetter(text[end]);
            groups += text[end] != ':' && (end == at || text[end - 1] == ':') ? 1 : 0;
            end++;
        }
        sink.Count(end - at);
        byte before = Shapes.At(text, at - 1);
        if (end - at > 39 || !Shapes.StartsWord(text, at) || before is (byte)':' or (byte)'.' or (byte)'-' || Shapes.IsWord(Shapes.At(text, end)))
            return;
        if (text[end - 1] == ':' && !text[..end].EndsWith("::"u8))
            end--;
        if (groups < 3 || (groups < 4 && !letters && text[at..end].IndexOf("::"u8) < 0))
            return;
        Span<char> form = stackalloc char[end - at];
        Encoding.ASCII.GetChars(text[at..end], form);
        if (!IPAddress.TryParse(form, out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if ((bytes[0] & 0xE0) != 0x20 || bytes.StartsWith((ReadOnlySpan<byte>)[0x20, 0x01, 0x0D, 0xB8]) || (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] <= 1 && (bytes[2] != 0 || bytes[3] != 0)) || (bytes[0] == 0x3F && bytes[1] == 0xFF && bytes[2] < 0x10))
            return;
        sink.Add(rule, at, end);
    }
}
