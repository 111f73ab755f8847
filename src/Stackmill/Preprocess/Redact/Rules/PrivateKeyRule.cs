namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Private keys in PEM (RFC 7468: PKCS #1, PKCS #8, SEC 1, DSA, encrypted), OpenSSH, PGP and PuTTY form. A block that stands by itself is replaced
/// from BEGIN to END and keeps its line ends. A block in pieces (string literals put together, <c>\n</c> escapes, comment marks at each line)
/// loses its base64 only, piece by piece, so that quotes and marks stay.
/// </summary>
internal static class PrivateKeyRule
{
    // An RSA key of 16,384 bits takes 12,800 bytes; escapes and quotes add some.
    private const int LongestBlock = 20_000;
    private const int ShortestBody = 40;
    private const int ShortestPiece = 4;

    public static Rule Pem { get; } = new("private-key-block", RedactionKind.Key, "Private key in PEM, OpenSSH or PGP armour", RuleAnchor.Literal, MatchPem)
    {
        Specificity = 40,
        Literals = ["-----BEGIN "],
        Positives =
        [
            $"«-----BEGIN RSA PRIVATE KEY-----\n{Samples.Of(64)}\n{Samples.Of(40, seed: 3)}==\n-----END RSA PRIVATE KEY-----»\n",
            $"key = '''«-----BEGIN OPENSSH PRIVATE KEY-----\n{Samples.Of(70)}\n-----END OPENSSH PRIVATE KEY-----»'''",
            $"\"-----BEGIN PRIVATE KEY-----\\n«{Samples.Of(64)}»\\n-----END PRIVATE KEY-----\\n\"",
            $"«-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{Samples.Of(64)}\n=ab/c\n-----END PGP PRIVATE KEY BLOCK-----»",
            $"# -----BEGIN EC PRIVATE KEY-----\n# «{Samples.Of(64)}»\n# -----END EC PRIVATE KEY-----",
        ],
        Negatives =
        [
            $"-----BEGIN PUBLIC KEY-----\n{Samples.Of(64)}\n-----END PUBLIC KEY-----", $"-----BEGIN CERTIFICATE-----\n{Samples.Of(64)}\n-----END CERTIFICATE-----",
            "if line == '-----BEGIN RSA PRIVATE KEY-----':", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        ],
    };

    public static Rule Putty { get; } = new("putty-private-key", RedactionKind.Key, "Private part of a PuTTY key file", RuleAnchor.Literal, MatchPutty)
    {
        Specificity = 40,
        Literals = ["Private-Lines: "],
        Positives = [$"Private-Lines: 2\n«{Samples.Of(64)}\n{Samples.Of(40, seed: 4)}==»\nPrivate-MAC: 00\n"],
        Negatives = ["Private-Lines: 14 is a header", "Private-Lines: \n"],
    };

    public static Rule Ssh2 { get; } = new("ssh2-private-key", RedactionKind.Key, "Private key in the form of SSH2 (RFC 4716's envelope)", RuleAnchor.Literal, MatchSsh2)
    {
        Specificity = 40,
        Literals = ["---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "---- BEGIN SSH2 PRIVATE KEY ----"],
        Positives = [$"«---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"x\"\n{Samples.Of(64)}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----»\n"],
        Negatives = [$"---- BEGIN SSH2 PUBLIC KEY ----\n{Samples.Of(64)}\n---- END SSH2 PUBLIC KEY ----\n", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n"],
    };

    private static void MatchSsh2(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int body = at + (text[at + 16] == 'E' ? 42 : 32);
        int limit = Math.Min(text.Length, body + LongestBlock);
        int footer = text[body..limit].IndexOf("---- "u8);
        sink.Count(footer < 0 ? limit - body : footer);
        if (footer < 0 || !text[(body + footer)..].StartsWith("---- END SSH2 "u8))
            return;
        int line = text[(body + footer)..limit].IndexOf(" ----"u8);
        int end = line < 0 ? body + footer : body + footer + line + 5;
        // What its headers hold is no key, but goes with it.
        int headers = text.Slice(body, footer).LastIndexOf((byte)':');
        int key = headers < 0 ? 0 : headers + Math.Max(0, text.Slice(body + headers, footer - headers).IndexOf((byte)'\n'));
        Report(rule, text, at, end, body + key, body + footer, sink);
    }

    private static void MatchPem(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int label = at + 11;
        ReadOnlySpan<byte> rest = text[label..Math.Min(text.Length, label + LongestBlock)];
        int labelEnd = rest[..Math.Min(48, rest.Length)].IndexOf("-----"u8);
        if (labelEnd < 0 || rest[..labelEnd].IndexOf("PRIVATE KEY"u8) < 0)
            return;
        int body = label + labelEnd + 5;
        int dashes = text[body..(label + rest.Length)].IndexOf("-----"u8);
        sink.Count(dashes < 0 ? rest.Length : dashes);
        int end;
        int bodyEnd;
        if (dashes >= 0 && text[(body + dashes)..].StartsWith("-----END "u8))
        {
            bodyEnd = body + dashes;
            ReadOnlySpan<byte> footer = text.Slice(bodyEnd + 9, Math.Min(48, text.Length - bodyEnd - 9));
            int close = footer.IndexOf("-----"u8);
            end = close < 0 ? bodyEnd + 8 : bodyEnd + 9 + close + 5;
        }
        else
        {
            // Cut off: take the base64 lines that follow.
            bodyEnd = end = BodyEnd(text, body, dashes < 0 ? label + rest.Length : body + dashes);
        }
        Report(rule, text, at, end, body, bodyEnd, sink);
    }

    private static void MatchPutty(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at + 15;
        int digits = Shapes.Run(text, start, DigitScan.Digits, 3);
        if (digits == 0)
            return;
        start += digits;
        int limit = Math.Min(text.Length, start + LongestBlock);
        int mac = text[start..limit].IndexOf("Private-"u8);
        sink.Count(mac < 0 ? limit - start : mac);
        int end = mac < 0 ? BodyEnd(text, start, limit) : start + mac;
        while (start < end && text[start] is (byte)'\n' or (byte)'\r')
            start++;
        while (end > start && text[end - 1] is (byte)'\n' or (byte)'\r')
            end--;
        Report(rule, text, start, end, start, end, sink);
    }

    private static void Report(Rule rule, ReadOnlySpan<byte> text, int start, int end, int body, int bodyEnd, CandidateSink sink)
    {
        int base64 = 0;
        bool plain = true;
        UInt128 distinct = 0;
        for (int i = body; i < bodyEnd; i++)
        {
            if (RedactionKinds.PlaceholderLength(text, i) is > 0 and int length)
            {
                plain = false;
                i += length - 1;
                continue;
            }
            byte b = text[i];
            if (Shapes.Base64.Contains(b))
            {
                base64++;
                distinct |= UInt128.One << b;
            }
            else
                plain &= b is (byte)'=' or (byte)'\n' or (byte)'\r' or (byte)' ' or (byte)'\t' or (byte)'-' or (byte)':' or (byte)',' or (byte)'.' or (byte)'(' or (byte)')';
        }
        if (base64 < ShortestBody || UInt128.PopCount(distinct) < 12)
            return;
        if (plain)
            sink.Add(rule, start, end, ReplacementMode.KeepLines);
        else
            Pieces(rule, text, start, end, body, bodyEnd, sink);
    }

    private static void Pieces(Rule rule, ReadOnlySpan<byte> text, int start, int end, int body, int bodyEnd, CandidateSink sink)
    {
        int i = body;
        while (i < bodyEnd)
        {
            int skip = RedactionKinds.PlaceholderLength(text, i);
            if (skip == 0)
                skip = Shapes.EscapeTail(text, i);
            // Slashes are base64 too, but two of them are the mark of a comment.
            if (skip == 0 && bodyEnd - i > 2 && text[i] == '/' && text[i + 1] == '/')
                skip = 2;
            if (skip > 0)
            {
                i += skip;
                continue;
            }
            int run = Shapes.Run(text, i, Shapes.Base64, bodyEnd - i);
            if (run >= ShortestPiece)
            {
                int padded = i + run;
                while (padded < bodyEnd && padded < i + run + 2 && text[padded] == '=')
                    padded++;
                sink.AddPiece(rule, i, padded, start, end);
                i = padded;
            }
            else
                i += Math.Max(1, run);
        }
    }

    private static ReadOnlySpan<byte> EndsLiteral => "\"'`<,;)]}"u8;

    private static int BodyEnd(ReadOnlySpan<byte> text, int start, int limit)
    {
        int end = start;
        int line = start;
        while (line < limit)
        {
            int length = text[line..limit].IndexOf((byte)'\n');
            length = length < 0 ? limit - line : length;
            ReadOnlySpan<byte> content = text.Slice(line, length).Trim(" \t\r"u8);
            int run = Shapes.Run(content, 0, Shapes.Base64, content.Length);
            if (content[run..].IndexOfAnyExcept((byte)'=') >= 0)
            {
                // The literal ends in the key's last line.
                int padded = run;
                while (padded < content.Length && content[padded] == '=')
                    padded++;
                if (run >= ShortestPiece && EndsLiteral.Contains(content[padded]))
                    end = line + text.Slice(line, length).IndexOf(content[..padded]) + padded;
                break;
            }
            if (run > 0)
                end = line + length;
            line += length + 1;
        }
        return end;
    }
}
