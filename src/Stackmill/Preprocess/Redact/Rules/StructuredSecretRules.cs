using System.Buffers;
using System.Buffers.Text;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>Secrets known by their structure: JSON Web Tokens, passwords in URLs, HTTP authorisation, and tokens with a number in front.</summary>
internal static class StructuredSecretRules
{
    private const int LongestJwtPart = 16_384;

    private static readonly SearchValues<byte> NotInUserInfo = SearchValues.Create("/?#() ,\t\n\"'<>{}\\`"u8);

    public static Rule Jwt { get; } = new("json-web-token", RedactionKind.Key, "JSON Web Token whose header decodes (RFC 7519, RFC 7516)", RuleAnchor.Literal, MatchJwt)
    {
        Specificity = 28,
        Literals = ["eyJ"],
        Positives = [$"\"«{Samples.Jwt("""{"alg":"HS256","typ":"JWT"}""")}»\"", $"token=«{Samples.Jwt("""{"typ":"JWT","alg":"RS256"}""")}»;"],
        Negatives = ["eyJ.eyJ.abc", $"{Samples.Jwt("""{"a":1}""")}", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi", "eyJhbGciOiJIUzI1NiJ9"],
    };

    public static Rule UrlPassword { get; } = new("url-password", RedactionKind.Key, "Password in a URL, scheme://user:password@host", RuleAnchor.AtSign, MatchUrlPassword)
    {
        IsPassword = true,
        Specificity = 26,
        Positives = ["postgres://admin:«s3cr3tPw9»@db.host.com:5432/x", "\"redis://:«Zk3p9QmX»@10.0.0.1:6379\"", "https://u:«p%40ss9word1x»@h/", "amqp://me:«hunter2x»@mq"],
        Negatives =
        [
            "http://user:password@host/", "http://user:pass@host/", "mysql://%s:%s@%s/", "http://u:${PW}@host", "https://host:8080/a@b", "http://user@host/", "redis://:@host",
            "postgres://postgres:postgres@localhost/x", "http://u:<pw>@h", "http://a b:c9dx8@h", "ssh://git:xxxxxx@host",
        ],
    };

    public static Rule Bearer { get; } = new("http-bearer-token", RedactionKind.Key, "Token after Bearer (RFC 6750) or Token", RuleAnchor.LiteralAnyCase, MatchBearer)
    {
        Specificity = 12,
        Literals = ["bearer ", "token "],
        Positives = [$"Authorization: Bearer «{Samples.Of(40)}»", $"\"bearer «{Samples.Of(24, Samples.LowerHex)}»\"", $"Authorization: Token «{Samples.Of(40, Samples.LowerHex)}»"],
        Negatives = ["Bearer token", "Bearer realm=\"x\"", "bearer ${TOKEN}", "Bearer your-access-token-goes-here-1", "Bearer xxxxxxxxxxxxxxxxxxxxxxxxxxx", "the bearer of this"],
    };

    public static Rule Basic { get; } = new("http-basic-credentials", RedactionKind.Key, "User and password after Basic, as in RFC 7617", RuleAnchor.LiteralAnyCase, MatchBasic)
    {
        Specificity = 12,
        Literals = ["basic "],
        Positives = [$"Authorization: Basic «{Convert.ToBase64String("someone:Zk3p9QmX7"u8)}»"],
        Negatives = ["basic functionality", "a Basic authentication scheme", "Basic abcdefghijklmnop", $"Basic {Convert.ToBase64String("user:"u8)}"],
    };

    public static Rule Telegram { get; } = new("telegram-bot-token", RedactionKind.Key, "Telegram bot token: the bot's number, a colon, 35 characters", RuleAnchor.Literal, MatchTelegram)
    {
        Specificity = 30,
        Literals = [":AA"],
        Positives = [$"\"«123456789:AA{Samples.Of(33)}»\"", $"bot«1234567890:AA{Samples.Of(33)}»/getMe"],
        Negatives = [$"12:AA{Samples.Of(33)}", "aa:AA:bb:cc:dd:ee", $"123456789:AA{Samples.Of(20)}", $"123456789:AA{Samples.Of(40)}"],
    };

    public static Rule Mailchimp { get; } = new("mailchimp-key", RedactionKind.Key, "Mailchimp key: 32 hexadecimal digits and the data centre", RuleAnchor.Literal, MatchMailchimp)
    {
        Specificity = 30,
        Literals = ["-us"],
        Positives = [$"\"«{Samples.Of(32, Samples.LowerHex)}-us12»\""],
        Negatives = ["en-us1", $"{Samples.Of(31, Samples.LowerHex)}-us1", $"{Samples.Of(32, Samples.LowerHex)}-usa"],
    };

    public static Rule Discord { get; } = new("discord-bot-token", RedactionKind.Key, "Discord bot token: the bot's number in base64, a time, a signature", RuleAnchor.LiteralAnyCase, MatchDiscord)
    {
        Specificity = 29,
        Literals = ["discord", ".login(", ".run("],
        Positives = [$"client.login(\"«MTk{Samples.Of(21)}.G{Samples.Of(5)}.{Samples.Of(38)}»\")", $"DISCORD_TOKEN=«NzI{Samples.Of(23)}.X{Samples.Of(5)}.{Samples.Of(27)}»"],
        Negatives = ["discord.ext.commands.Bot", $"client.run(\"MTk{Samples.Of(21)}.short.{Samples.Of(27)}\")", "app.run(\"0.0.0.0\")"],
    };

    private static void MatchJwt(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (!Shapes.StartsWord(text, at) || Shapes.At(text, at - 1) is (byte)'-' or (byte)'.')
            return;
        int header = Shapes.Run(text, at, Shapes.Base64Url, LongestJwtPart);
        int end = at + header;
        int parts = 1;
        int shortest = int.MaxValue;
        // Five parts when encrypted, three when signed.
        while (parts < 5 && Shapes.At(text, end) == '.')
        {
            int part = Shapes.Run(text, end + 1, Shapes.Base64Url, LongestJwtPart);
            if (part == 0)
                break;
            shortest = Math.Min(shortest, part);
            end += part + 1;
            parts++;
        }
        sink.Count(end - at);
        if (parts < 3 || shortest < 8 || header > 2048 || header % 4 == 1 || Shapes.IsWord(Shapes.At(text, end)))
            return;
        Span<byte> json = stackalloc byte[2048];
        if (Base64Url.DecodeFromUtf8(text.Slice(at, header), json, out _, out int written) != OperationStatus.Done)
            return;
        if (json[..written].IndexOf("\"alg\""u8) >= 0)
            sink.Add(rule, at, end);
    }

    private static void MatchUrlPassword(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        const int reach = 200;
        int from = Math.Max(0, at - reach);
        sink.Count(at - from);
        int scheme = text[from..at].LastIndexOf("://"u8);
        if (scheme < 0)
            return;
        scheme += from;
        int colon = text[(scheme + 3)..at].IndexOf((byte)':');
        if (colon < 0)
            return;
        colon += scheme + 3;
        ReadOnlySpan<byte> user = text[(scheme + 3)..colon];
        ReadOnlySpan<byte> password = text[(colon + 1)..at];
        byte next = Shapes.At(text, at + 1);
        if (scheme == 0 || !Shapes.IsLetter(text[scheme - 1]) || !(Shapes.IsAlphanumeric(next) || next is (byte)'[' or (byte)'$' or (byte)'{' or (byte)'%' or (byte)'_'))
            return;
        if (user.IndexOfAny(NotInUserInfo) >= 0 || password.IndexOfAny(NotInUserInfo) >= 0 || password.Length < 4)
            return;
        if (password.SequenceEqual(user) || Placeholders.IsPlaceholder(password) || password[0] is (byte)'$' or (byte)'%' or (byte)'*')
            return;
        // A word and a reserved or local host make an example of the address.
        ReadOnlySpan<byte> host = text[(at + 1)..];
        if (password.IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0 && (host.StartsWith("example."u8) || host.StartsWith("localhost"u8) || host.StartsWith("127.0.0.1"u8)))
            return;
        sink.Add(rule, colon + 1, at);
    }

    private static void MatchBearer(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at + (text[at] is (byte)'b' or (byte)'B' ? 7 : 6);
        int length = Shapes.Run(text, start, BearerBytes, 2001);
        sink.Count(length);
        if (length is < 20 or > 2000 || !Shapes.StartsWord(text, at) || Shapes.At(text, start + length) is (byte)'$' or (byte)'{' or (byte)'(' or (byte)'<')
            return;
        while (text[start + length - 1] == '.')
            length--;
        if (SecretJudge.IsToken(text.Slice(start, length)))
            sink.Add(rule, start, start + length);
    }

    private static readonly SearchValues<byte> BearerBytes = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~+/="u8);

    private static void MatchBasic(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at + 6;
        int length = Shapes.Run(text, start, Shapes.Base64, 257);
        sink.Count(length);
        if (length is < 10 or > 256 || !Shapes.StartsWord(text, at))
            return;
        int padding = 0;
        while (padding < 2 && Shapes.At(text, start + length + padding) == '=')
            padding++;
        Span<byte> decoded = stackalloc byte[256];
        if (System.Buffers.Text.Base64.DecodeFromUtf8(text.Slice(start, length + padding), decoded, out _, out int written) != OperationStatus.Done)
            return;
        decoded = decoded[..written];
        int colon = decoded.IndexOf((byte)':');
        if (colon <= 0 || written - colon < 4 || decoded.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) >= 0 || Placeholders.IsPlaceholder(decoded[(colon + 1)..]))
            return;
        sink.Add(rule, start, start + length + padding);
    }

    private static void MatchTelegram(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at;
        while (start > 0 && at - start <= 11 && Shapes.IsDigit(text[start - 1]))
            start--;
        int length = Shapes.Run(text, at + 1, Shapes.Base64Url, 36);
        sink.Count(length + 11);
        if (at - start is >= 8 and <= 10 && length == 35 && Shapes.Distinct(text.Slice(at + 1, length)) > 8)
            sink.Add(rule, start, at + 36);
    }

    private static void MatchMailchimp(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int digits = Shapes.Run(text, at + 3, DigitScan.Digits, 3);
        int start = at - 32;
        sink.Count(40);
        if (digits is 0 or > 2 || start < 0 || Shapes.IsWord(Shapes.At(text, at + 3 + digits)) || Shapes.Run(text, start, Shapes.LowerHex, 32) != 32
            || !Shapes.StartsWord(text, start) || Shapes.Distinct(text[start..at]) < 7)
            return;
        sink.Add(rule, start, at + 3 + digits);
    }

    private static void MatchDiscord(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        const int window = 80;
        ReadOnlySpan<byte> near = text.Slice(at, Math.Min(window, text.Length - at));
        int line = near.IndexOfAny((byte)'\n', (byte)'<');
        int limit = at + (line < 0 ? near.Length : line);
        sink.Count(window);
        for (int start = at + 4; start < limit; start++)
        {
            // The number's first digit decides the first letter in base64.
            if (text[start] is not ((byte)'M' or (byte)'N' or (byte)'O') || !Shapes.StartsWord(text, start))
                continue;
            int number = Shapes.Run(text, start, Shapes.Base64Url, 29);
            int time = start + number + 1;
            if (number is < 23 or > 28 || Shapes.At(text, time - 1) != '.' || Shapes.Run(text, time, Shapes.Base64Url, 7) != 6 || Shapes.At(text, time + 6) != '.')
                continue;
            int signature = Shapes.Run(text, time + 7, Shapes.Base64Url, 40);
            if (signature is >= 27 and <= 38)
                sink.Add(rule, start, time + 7 + signature);
            return;
        }
    }
}
