using System.Buffers;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// E-mail addresses: the dot-atom of RFC 5322 without the punctuation that means something in code, a host name with at
/// least one dot, and a top-level domain that exists (<see cref="TopLevelDomains"/>). Lengths as in RFC 5321 §4.5.3.1.
/// Addresses at example.com and the reserved domains of RFC 2606 are replaced too: a corpus gains nothing from them.
/// Left are <c>git@host</c> and its like (a service, no person), user names in URLs, templates (<c>%s@…</c>, <c>${x}@…</c>),
/// versions (<c>pkg@1.2.3</c>), file names (<c>icon@2x.png</c>) and calls (<c>x@w.to(…)</c>).
/// </summary>
internal static class EmailRule
{
    private const int LongestLocal = 64;
    private const int LongestDomain = 253;
    private const int UrlReach = 160;

    private static readonly SearchValues<byte> EndsUrl = SearchValues.Create(" \t\n\"'<>()?,;`"u8);

    public static Rule Rule { get; } = new("email-address", RedactionKind.Email, "E-mail address", RuleAnchor.AtSign, Match)
    {
        Specificity = 20,
        Positives =
        [
            "From: Jane Doe <«jane.doe@example.com»>",
            "mailto:«x+tag@mail.example.co.uk»?subject=hi",
            "contact «j_smith-1@sub.domain.org».",
            "\"name\\n«user@host.io»\\n\"",
            "请联系«foo@bar.com»谢谢",
            "«info@bücher.de» and",
            "(«a@b.co»)", "<td>«jane@example.com»</td>",
            "see «someone@example.net».Then go",
            "«UPPER.CASE@EXAMPLE.ORG»",
            "an «jöhn.döe@example.de» heute", "«иван@example.ru»",
        ],
        Negatives =
        [
            "@property", "icon@2x.png", "npm i left-pad@1.3.0", "foo@v1.2.3", "git@github.com:org/repo.git", "user@localhost",
            "\"%s@example.com\"", "${name}@example.com", "https://jane@host.com/x", "x@y.shape", "h = q@k.to(device)", "a..b@example.com", "curve25519-sha256@libssh.org", "aes128-gcm@openssh.com",
            "setup@install.py", "@angular/core@12.0.0", "{first}.last@example.com", "user@-bad-.com", "//u:password@host.com/",
        ],
    };

    /// <summary>The same with its sign as addresses of the web write it: <c>?mail=jane%40host.com</c>.</summary>
    public static Rule Encoded { get; } = new("email-address-percent", RedactionKind.Email, "E-mail address whose at sign is percent-encoded", RuleAnchor.Literal, MatchEncoded)
    {
        Specificity = 20,
        Literals = ["%40"],
        Positives = ["mailto:«jane.doe%40corp.example.org»?subject=x", "GET /join?mail=«jane%40host.io»&x=1", "next=%2Fa%3Fmail%3D«jane%40host.io»%26x", "\"«x+y%40mail.host.de»\""],
        Negatives = ["%s%40host.io", "${name}%40host.io", "https://jane%40host.io:x@h/", "@scope%40host.io", "/%40angular/core", "pkg%401.2.3", "git%40github.com", "a%40b"],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink) => Match(rule, text, at, 1, sink);

    private static void MatchEncoded(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink) => Match(rule, text, at, 3, sink);

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, int sign, CandidateSink sink)
    {
        int start = at;
        while (start > 0 && at - start <= LongestLocal && LocalWidth(text, start) is > 0 and var width)
            start -= width;
        sink.Count(at - start + 1);
        if (at == start || at - start > LongestLocal)
            return;
        // Of "%3Djane%40…" the digits belong to the sign before.
        if (sign > 1 && Shapes.At(text, start - 1) == '%' && Shapes.Run(text, start, Shapes.Hex, 2) == 2 && at - start > 2)
            start += 2;
        if (IsTemplate(text, start))
            return;
        start += Shapes.EscapeTail(text, start);
        while (start < at && !Shapes.IsWord(text[start]) && text[start] < 0x80)
            start++;
        if (start >= at || text[at - 1] == '.' || text[start..at].IndexOf(".."u8) >= 0 || IsTemplate(text, start) || IsService(text[start..at]))
            return;
        int end = DomainEnd(text, at + sign, sink);
        if (end < 0 || InUrl(text, start, at))
            return;
        sink.Add(rule, start, end);
    }

    // Bytes of the character that ends at 'end' if it can be in a local part. Of RFC 6531's letters those of two bytes from
    // U+00C0 on: Latin, Greek, Cyrillic and their neighbours. Scripts without spaces would swallow the words before.
    private static int LocalWidth(ReadOnlySpan<byte> text, int end)
    {
        if (IsLocal(text[end - 1]))
            return 1;
        return end >= 2 && text[end - 1] is >= 0x80 and <= 0xBF && text[end - 2] is >= 0xC3 and <= 0xDF ? 2 : 0;
    }

    private static bool IsLocal(byte b) => Shapes.IsWord(b) || b is (byte)'.' or (byte)'-' or (byte)'+';

    private static bool IsTemplate(ReadOnlySpan<byte> text, int start) =>
        Shapes.At(text, start - 1) is (byte)'%' or (byte)'$' or (byte)'}' or (byte)'@' or (byte)'#' || EndsTemplate(text, start) || (Shapes.At(text, start - 1) == ')' && Shapes.At(text, start) == 's');

    // A template's end (%>, ?>, }}>), or a tag in the name's place; behind an element's tag stands text.
    private static bool EndsTemplate(ReadOnlySpan<byte> text, int start) =>
        Shapes.At(text, start - 1) == '>' && (Shapes.At(text, start - 2) is (byte)'%' or (byte)'?' or (byte)'}' or (byte)'-' or (byte)'=' || !Shapes.IsWord(Shapes.At(text, start)));

    private static bool IsService(ReadOnlySpan<byte> local) =>
        local.SequenceEqual("git"u8) || local.SequenceEqual("hg"u8) || local.SequenceEqual("svn"u8);

    // SSH names its algorithms like addresses (RFC 4251 §6): chacha20-poly1305@openssh.com.
    private static bool IsAlgorithm(ReadOnlySpan<byte> domain) => domain.SequenceEqual("openssh.com"u8) || domain.SequenceEqual("libssh.org"u8);

    private static bool InUrl(ReadOnlySpan<byte> text, int start, int at)
    {
        ReadOnlySpan<byte> before = text[Math.Max(0, start - UrlReach)..start];
        int scheme = before.LastIndexOf("//"u8);
        return scheme >= 0 && before[scheme..].IndexOfAny(EndsUrl) < 0 && before[(scheme + 2)..].IndexOf((byte)'/') < 0 && at > start;
    }

    /// <summary>End of the longest host name at <paramref name="start"/> with a known top-level domain; -1 when there is none.</summary>
    private static int DomainEnd(ReadOnlySpan<byte> text, int start, CandidateSink sink)
    {
        int best = -1;
        int label = start;
        int limit = Math.Min(text.Length, start + LongestDomain);
        int i = start;
        while (label < limit)
        {
            i = label;
            bool ascii = true;
            int asciiEnd = label;
            while (i < limit && (Shapes.IsAlphanumeric(text[i]) || text[i] == '-' || text[i] >= 0x80))
            {
                if (text[i] >= 0x80)
                    ascii = false;
                else if (ascii)
                    asciiEnd = i + 1;
                i++;
            }
            if (ascii)
                asciiEnd = i;
            if (i == label || text[label] == '-' || text[i - 1] == '-')
                break;
            bool dotFollows = i < limit - 1 && text[i] == '.' && (Shapes.IsAlphanumeric(text[i + 1]) || text[i + 1] >= 0x80);
            if (label > start && asciiEnd > label && TopLevelDomains.Contains(text[label..asciiEnd])
                && (!ascii || !dotFollows || char.IsAsciiLetterUpper((char)text[i + 1]) || NextIsDomain(text, i + 1)))
                best = ascii || asciiEnd < i ? asciiEnd : best;
            if (!dotFollows)
                break;
            label = i + 1;
        }
        sink.Count(i - start + 1);
        if (best < 0 || Shapes.At(text, best) is (byte)'(' or (byte)'[' or (byte)'{' or (byte)'=' or (byte)'_')
            return -1;
        return IsPythonFile(text[start..best]) || IsAlgorithm(text[start..best]) ? -1 : best;
    }

    // Kept only as a step towards a longer one: host.com.au.
    private static bool NextIsDomain(ReadOnlySpan<byte> text, int at)
    {
        int length = Shapes.Run(text, at, Shapes.Alphanumeric, 24);
        return TopLevelDomains.Contains(text.Slice(at, length));
    }

    // .py is Paraguay, whose registrations all sit under a second level.
    private static bool IsPythonFile(ReadOnlySpan<byte> domain) =>
        domain.EndsWith(".py"u8) && !domain.EndsWith(".com.py"u8) && !domain.EndsWith(".edu.py"u8) && !domain.EndsWith(".gov.py"u8) && !domain.EndsWith(".org.py"u8);
}
