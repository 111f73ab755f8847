using System.Buffers;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Passwords at places that a tool gives them: <c>.netrc</c>, <c>.pgpass</c>, <c>curl -u</c>, SQL's <c>IDENTIFIED BY</c>, user and password in base64
/// (Docker's <c>config.json</c>, <c>.npmrc</c>), and the key in a Sentry address.
/// </summary>
internal static class CredentialRules
{
    private const int LongestPassword = 128;

    private static readonly SearchValues<byte> NotLiteral = SearchValues.Create("<>$(){}\\"u8);

    public static Rule Netrc { get; } = new("netrc-password", RedactionKind.Key, "Password in a .netrc, behind machine and login", RuleAnchor.Literal, MatchNetrc)
    {
        IsPassword = true,
        Specificity = 20,
        Literals = ["password "],
        Positives = ["machine h.io login bot password «Zk3p9QmX»", "machine h.io\n  login bot\n  password «jK0lqwe3»\n"],
        Negatives = ["login with a password that2 you know", "machine learning needs no password here1", "machine h.io login bot password ${PW1}"],
    };

    public static Rule PgPass { get; } = new("pgpass-password", RedactionKind.Key, "Password in a .pgpass: host:port:database:user:password", RuleAnchor.Literal, MatchPgPass)
    {
        IsPassword = true,
        Specificity = 20,
        Literals = [":5432:", ":5433:", ":6432:"],
        Positives = ["db.host.io:5432:app:svc:«lQ2werT5»", "*:5432:*:postgres:«Zk3p9QmX»\n"],
        Negatives = ["ports: 5432:5432:tcp", "h:5432:d:u:${PW1}", "a:5432:b"],
    };

    public static Rule CommandUser { get; } = new("command-user-password", RedactionKind.Key, "User and password given to curl or wget", RuleAnchor.Literal, MatchCommandUser)
    {
        IsPassword = true,
        Specificity = 20,
        Literals = [" -u ", " --user ", " -u \"", " -u '"],
        Positives = ["curl -u app:«hJ9klqw2» https://h/api", "curl -s --user 'app:«Zk3p9QmX»' https://h/"],
        Negatives = ["curl -u \"$USER:$PW1\" h", "docker run -u 1000:1000 x2y", "curl -u user:password https://h/", "git push -u origin:main2x"],
    };

    public static Rule Identified { get; } = new("sql-identified-by", RedactionKind.Key, "Password of a user that SQL creates", RuleAnchor.LiteralAnyCase, MatchIdentified)
    {
        IsPassword = true,
        Specificity = 20,
        Literals = ["identified by '", "identified by \"", "identified with mysql_native_password by '", "identified with caching_sha2_password by '"],
        Positives = ["CREATE USER app IDENTIFIED BY '«Gt5!hYu8»';", "grant all on x.* to u identified by \"«Zk3p9QmX»\""],
        Negatives = ["IDENTIFIED BY '<password>'", "identified by 'password'", "IDENTIFIED BY '%s'", "identified by '$PW1'"],
    };

    public static Rule Encoded { get; } = new("encoded-credentials", RedactionKind.Key, "User and password in base64 (Docker's config.json, .npmrc)", RuleAnchor.LiteralAnyCase, MatchEncoded)
    {
        Specificity = 20,
        Literals = ["\"auth\"", "_auth=", "_auth ="],
        Positives = [$"\"auth\": \"«{Convert.ToBase64String("svc:jK0lqwe3z"u8)}»\"", $"_auth = «{Convert.ToBase64String("bot:qW3ertY6"u8)}»", $"//h.io/:_auth=\"«{Convert.ToBase64String("bot:qW3ertY62"u8)}»\""],
        Negatives = ["\"auth\": \"required\"", "\"auth\": {\"type\": \"basic\"}", $"\"auth\": \"{Convert.ToBase64String("user:"u8)}\"", "_auth = getAuth(request1)"],
    };

    public static Rule SentryAddress { get; } = new("sentry-dsn", RedactionKind.Key, "Key in a Sentry address", RuleAnchor.Literal, MatchSentry)
    {
        Specificity = 30,
        Literals = [".ingest.sentry.io", ".ingest.us.sentry.io", ".ingest.de.sentry.io", "@sentry.io/"],
        Positives = [$"dsn=\"https://«{Samples.Of(32, Samples.LowerHex)}»@o12345.ingest.sentry.io/6789\"", $"https://«{Samples.Of(32, Samples.LowerHex, 4)}»@sentry.io/12"],
        Negatives = ["https://o12345.ingest.sentry.io/6789", "https://examplePublicKey@o0.ingest.sentry.io/0", $"https://{new string('a', 32)}@o1.ingest.sentry.io/0"],
    };

    private static void MatchNetrc(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        const int reach = 200;
        int start = at + 9;
        ReadOnlySpan<byte> before = text[Math.Max(0, at - reach)..at];
        sink.Count(before.Length);
        // What stands before a placeholder moves when the value gets replaced.
        before = before[(before.LastIndexOfAny((byte)'<', (byte)'>') + 1)..];
        int login = before.LastIndexOf("login "u8);
        if (login < 0 || before[login..].Count((byte)'\n') > 1 || before[..login].LastIndexOf("machine "u8) < 0)
            return;
        Add(rule, text, start, Length(text, start, " \t\r\n\"'"u8), sink);
    }

    private static void MatchPgPass(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at + 6;
        for (int field = 0; field < 2; field++)
        {
            int length = Length(text, start, ": \t\r\n\"'/<>(){}$"u8);
            sink.Count(length);
            if (length <= 0 || Shapes.At(text, start + length) != ':')
                return;
            start += length + 1;
        }
        Add(rule, text, start, Length(text, start, ": \t\r\n\"'"u8), sink);
    }

    private static void MatchCommandUser(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (!Shapes.Mentions(text, at, 120, ["curl", "wget", "httpie"]))
            return;
        sink.Count(120);
        int start = at + (text[at + 2] == 'u' ? 4 : 8);
        if (Shapes.At(text, start) is (byte)'"' or (byte)'\'')
            start++;
        int user = Length(text, start, ": \t\r\n\"'/<>(){}$"u8);
        if (user <= 0 || Shapes.At(text, start + user) != ':')
            return;
        start += user + 1;
        Add(rule, text, start, Length(text, start, " \t\r\n\"'\\"u8), sink);
    }

    private static void MatchIdentified(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int by = text.Slice(at, Math.Min(64, text.Length - at)).IndexOfAny((byte)'\'', (byte)'"');
        int start = at + by + 1;
        byte quote = text[at + by];
        int length = Length(text, start, "'\"\n\\ "u8);
        if (Shapes.At(text, start + length) == quote)
            Add(rule, text, start, length, sink);
    }

    private static void MatchEncoded(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int start = at + (text[at] == '"' ? 6 : 5);
        while (start < at + 12 && Shapes.At(text, start) is (byte)' ' or (byte)'=' or (byte)':' or (byte)'"')
            start++;
        int length = Shapes.Run(text, start, Shapes.Base64, 257);
        sink.Count(length);
        if (length is < 10 or > 256)
            return;
        int padding = 0;
        while (padding < 2 && Shapes.At(text, start + length + padding) == '=')
            padding++;
        Span<byte> decoded = stackalloc byte[256];
        if (System.Buffers.Text.Base64.DecodeFromUtf8(text.Slice(start, length + padding), decoded, out _, out int written) != OperationStatus.Done)
            return;
        decoded = decoded[..written];
        int colon = decoded.IndexOf((byte)':');
        if (colon > 0 && written - colon > 4 && decoded.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0 && !Placeholders.IsPlaceholder(decoded[(colon + 1)..]))
            sink.Add(rule, start, start + length + padding);
    }

    private static void MatchSentry(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        const int reach = 24;
        int host = text[Math.Max(0, at - reach)..(at + 1)].LastIndexOf((byte)'@');
        sink.Count(reach + 33);
        if (host < 0)
            return;
        int end = Math.Max(0, at - reach) + host;
        int start = end - 32;
        if (start < 1 || text[start - 1] != '/' || Shapes.Run(text, start, Shapes.LowerHex, 32) != 32 || Shapes.Distinct(text[start..end]) < 7)
            return;
        sink.Add(rule, start, end);
    }

    private static int Length(ReadOnlySpan<byte> text, int start, ReadOnlySpan<byte> stops)
    {
        if (start >= text.Length)
            return 0;
        ReadOnlySpan<byte> window = text.Slice(start, Math.Min(LongestPassword + 1, text.Length - start));
        int length = window.IndexOfAny(stops);
        return length < 0 ? window.Length : length;
    }

    private static void Add(Rule rule, ReadOnlySpan<byte> text, int start, int length, CandidateSink sink)
    {
        sink.Count(Math.Max(length, 0));
        if (length is > 0 and <= LongestPassword && text.Slice(start, length).IndexOfAny(NotLiteral) < 0 && SecretJudge.IsPassword(text.Slice(start, length)))
            sink.Add(rule, start, start + length);
    }
}
