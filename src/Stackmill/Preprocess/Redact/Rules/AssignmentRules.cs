using System.Buffers;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Values that a name calls secret: <c>API_KEY = "…"</c>, <c>password: '…'</c>, <c>"token": "…"</c>, <c>setPassword("…")</c>,
/// <c>export SECRET=…</c>, <c>?access_token=…</c>. The name must end with the telling word (<c>token_type</c> names no token), and the
/// value must look like a secret (<see cref="SecretJudge"/>): words, stand-ins, paths, variables and calls stay.
/// </summary>
internal static class AssignmentRules
{
    private const int LongestName = 64;
    private const int LongestValue = 256;

    private static readonly string[] TokenNames =
    [
        "secret", "token", "api_key", "apikey", "api-key", "access_key", "accesskey", "access-key", "private_key", "privatekey", "auth_key", "authkey", "credential", "encryption_key",
        "encryptionkey", "signing_key", "signingkey", "client_key", "license_key", "licensekey", "auth_salt", "account_key", "accountkey", "app_key", "appkey", "master_key", "webhook_key",
    ];

    private static readonly SearchValues<byte> ElementStops = SearchValues.Create("<>\n\r\"' {}"u8);

    private static readonly string[] PasswordNames = ["password", "passwd", "passphrase", "passcode", "pwd", "pass"];

    // What may follow the telling word in a name without making it a name for something else.
    private static readonly HashSet<string> Suffixes =
    [
        "", "key", "keys", "accesskey", "value", "prod", "production", "dev", "development", "staging", "stage", "live", "test", "default", "keybase", "raw", "plain", "local", "qa", "uat", "new", "old", "text", "string", "base64", "b64", "hex", "base", "1", "2", "3",
    ];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> SuffixLookup = Suffixes.GetAlternateLookup<ReadOnlySpan<char>>();

    public static Rule Token { get; } = new("assigned-secret", RedactionKind.Key, "Random-looking value assigned to a name such as api_key, secret or token", RuleAnchor.LiteralAnyCase, MatchToken)
    {
        Specificity = 10,
        Literals = TokenNames,
        Positives =
        [
            $"API_KEY = \"«{Samples.Of(24)}»\"", $"\"client_secret\": \"«{Samples.Of(32, Samples.LowerHex)}»\"", $"config['access_token'] = '«{Samples.Of(40)}»'", $"export APP_SECRET_KEY=«{Samples.Of(32)}»",
            $"setdefault(\"API_KEY\", \"«{Samples.Of(20)}»\")", $"secret: str = \"«{Samples.Of(30)}»\"", $"apiKey: '«{Samples.Of(24)}»',", $"https://h/?access_token=«{Samples.Of(24)}»&x=1", $"SECRET_KEY: b\"«{Samples.Of(30)}»\"",
            $"\\\"token\\\": \\\"«{Samples.Of(24)}»\\\"", $"<apiKey>«{Samples.Of(24)}»</apiKey>", $"<add key=\"ApiKey\" value=\"«{Samples.Of(32, Samples.LowerHex)}»\" />", $"./run --api-key «{Samples.Of(24)}» -v",
        ],
        Negatives =
        [
            "API_KEY = \"your-api-key-goes-here\"", "token = os.environ['TOKEN']", "secret = get_secret(\"name-of-secret1\")", "token_type = \"urn1ietf2params3oauth4\"", "api_key = \"${API_KEY_FROM_ENV_1}\"",
            "token = 'xxxxxxxxxxxxxxxxxxxxxxxx'", "tokenizer = \"bert-base-uncased-v2-long\"", "secret = \"/etc/ssl/private/key1.pem\"", "access_token = self.tokens[0].value2x", "token = \"end_of_statement_token\"",
            "\"secret\": null", "TOKEN=$(cat /run/secrets/token1)", "secret_name = \"prod4db5cred6store7abc\"", "secret = \"a quick brown fox 1 jumps 2 over\"",
            "publicKeyToken=\"b77a5c561934e089\"", "nextPageToken: 'CAUQAA1b2c3d4e5f6g7h8'", "<token>see-the-manual-v2-page</token>",
        ],
    };

    public static Rule Password { get; } = new("assigned-password", RedactionKind.Key, "Value assigned to a name such as password, that is no plain word", RuleAnchor.LiteralAnyCase, MatchPassword)
    {
        IsPassword = true,
        Specificity = 10,
        Literals = PasswordNames,
        Positives =
        [
            "password = \"«Zk3p9QmX»\"", "'passwd': '«hunter2»'", "DB_PASS=«kX9!mQ2z»", "pwd: \"«gr8#Winter»\"", "setPassword(\"«Qm7kp2Zx»\")", "\"password\": \"«correct-h0rse-b4ttery»\"", "PGPASSWORD=«Zk3p9QmX» psql",
            "\"Server=db;User=sa;Password=«Zk3p9QmX»;\"", "<password>«Zk3p9QmX»</password>", "<property name=\"password\" value=\"«Zk3p9QmX»\"/>", "<entry key=\"db.password\">«Zk3p9QmX»</entry>",
            "define('DB_PASSWORD', '«gr8#Winter»');", "#define WIFI_PASSWORD \"«Zk3p9QmX»\"", "ALTER USER a WITH PASSWORD '«Zk3p9QmX»';", "{\"pass\":\"«zX5!asdf»\"}", "dbPass = '«P@ssw0rd!23»'", "--password «Zk3p9QmX»",
            "var password string = \"«Zk3p9QmX»\"", "char password[32] = \"«Zk3p9QmX»\";", "const PASSWORD: &str = \"«Zk3p9QmX»\";", "const P_PASSWORD: &'static str = \"«Zk3p9QmX»\";", "Dim password As String = \"«Zk3p9QmX»\"", "password <- \"«Zk3p9QmX»\"",
            "@password ||= '«Zk3p9QmX»'", "process.env.PASSWORD || '«Zk3p9QmX»'", "options.password ?? '«Zk3p9QmX»'", "password = ('«Zk3p9QmX»')", "<Login password={'«Zk3p9QmX»'} />", "password = '''«Zk3p9QmX»'''", "let password = String::from(\"«Zk3p9QmX»\");", "SET PASSWORD = N'«Zk3p9QmX»';", "let password = r#\"«Zk3p9QmX»\"#;",
            "- name: DB_PASSWORD\n  value: «Zk3p9QmX»\n", "- name: DB_PASSWORD\n  value: \"«Zk3p9QmX»\"\n", "{\"name\": \"DB_PASSWORD\", \"value\": \"«Zk3p9QmX»\"}", "{\"name\":\"DB_PASSWORD\",\n\"value\":\"«Zk3p9QmX»\"}",
        ],
        Negatives =
        [
            "password = \"password123\"", "password = \"changeme\"", "password: \"\"", "password = input(\"Password: \")", "password = \"hello\"", "password = None", "password_hash = \"Zk3p9QmX\"",
            "password = \"${DB_PASSWORD1}\"", "pwd = os.getcwd1()", "password = options.password2", "password: str", "password = \"********\"", "PASSWORD=$1", "password=%s", "_pass = 'phase_2'", "password: 12345678", "bypass = 'Zk3p9QmX'", "<password>${db.pw1}</password>", "'user/name', 'password', 'localhost:22'", "type=\"password\" name=\"field2x\"",
            "password name = \"Zk3p9QmX\"", "- name: DB_PASSWORD\n  valueFrom: Zk3p9QmX\n", "password\nvalues: Zk3p9QmX", "if password is 'Zk3p9QmX'", "x = password | 'Zk3p9QmX'", "password[0] == 'Zk3p9QmX'", "password || other('Zk3p9QmX')",
        ],
    };

    public static Rule Aws { get; } = new("aws-secret-access-key", RedactionKind.Key, "AWS secret access key beside its name", RuleAnchor.LiteralAnyCase, MatchAws)
    {
        Specificity = 30,
        Literals = ["secret_access_key", "secretaccesskey", "secret-access-key", "aws_secret", "aws_secret_key", "awssecretkey"],
        Positives = [$"aws_secret_access_key = «{Samples.Of(40)}»", $"\"SecretAccessKey\": \"«{Samples.Of(40, seed: 5)}»\"", $"AWS_SECRET_KEY='«{Samples.Of(40, seed: 9)}»'"],
        Negatives = ["aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']", "aws_secret_access_key=${AWS_SECRET_ACCESS_KEY}"],
    };

    private static void MatchToken(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (TryRead(rule, text, at, sink, out Range value, out _) && SecretJudge.IsToken(text[value]))
            sink.Add(rule, value.Start.Value, value.End.Value);
    }

    private static void MatchPassword(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (TryRead(rule, text, at, sink, out Range value, out bool quoted) && (quoted || text[value].Length >= 7) && SecretJudge.IsPassword(text[value]))
            sink.Add(rule, value.Start.Value, value.End.Value);
    }

    private static void MatchAws(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (TryRead(rule, text, at, sink, out Range value, out _) && SecretJudge.IsAwsSecret(text[value]))
            sink.Add(rule, value.Start.Value, value.End.Value);
    }

    /// <summary>Reads what is assigned to the name that holds the literal at <paramref name="at"/>; false when nothing literal is.</summary>
    private static bool TryRead(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink, out Range value, out bool quoted)
    {
        value = default;
        quoted = false;
        int literal = LiteralLength(rule, text, at);
        int nameEnd = at + literal;
        int tail = 0;
        while (tail <= LongestName && (Shapes.IsWord(Shapes.At(text, nameEnd + tail)) || (Shapes.At(text, nameEnd + tail) == '-' && Shapes.IsWord(Shapes.At(text, nameEnd + tail + 1)))))
            tail++;
        sink.Count(literal + tail);
        if (tail > LongestName || !IsSuffix(text.Slice(nameEnd, tail)) || !IsSecretName(text, at, literal))
            return false;
        int i = nameEnd + tail;
        bool nameQuoted = false;
        if (Shapes.At(text, i) == '\\')
            i++;
        if (Shapes.At(text, i) is (byte)'"' or (byte)'\'' or (byte)'`')
            (nameQuoted, i) = (true, i + 1);
        if (Shapes.At(text, i) == '>')
            return Element(text, at, i + 1, nameQuoted, sink, out value, out quoted);
        if (Shapes.At(text, i) == '[' && Shapes.At(text, i + 1) == ']')
            i += 2;
        else if (Shapes.At(text, i) == ']')
            i++;
        int blanks = i;
        i = Blanks(text, i);
        if (i > blanks && IsWithoutOperator(text, at, i, nameQuoted, out int valueStart))
            return Value(text, valueStart, !nameQuoted, sink, out value, out quoted);
        if (AssignmentForms.Pair(text, i) is > 0 and var paired)
            return Value(text, paired, true, sink, out value, out quoted);
        bool bareAllowed = false;
        int afterOperator = AssignmentForms.Operator(text, i, i > blanks);
        if (afterOperator < 0)
            afterOperator = Operator(text, i, nameQuoted, out bareAllowed);
        if (afterOperator < 0)
            return false;
        i = Blanks(text, afterOperator);
        int opened = AssignmentForms.Opened(text, i);
        return Value(text, opened, bareAllowed && opened == i, sink, out value, out quoted);
    }

    /// <summary>The text of an element: <c>&lt;password&gt;…&lt;/password&gt;</c>, <c>&lt;entry key="password"&gt;…&lt;/entry&gt;</c>.</summary>
    private static bool Element(ReadOnlySpan<byte> text, int at, int start, bool nameQuoted, CandidateSink sink, out Range value, out bool quoted)
    {
        value = default;
        quoted = true;
        ReadOnlySpan<byte> name = [];
        if (!nameQuoted)
        {
            int open = NameStart(text, at);
            name = text[open..(start - 1)];
            sink.Count(at - open);
            if (Shapes.At(text, open - 1) != '<')
                return false;
        }
        int end = text.Slice(start, Math.Min(LongestValue, text.Length - start)).IndexOfAny(ElementStops);
        sink.Count(Math.Max(end, 0) + 8);
        if (end <= 0 || Shapes.At(text, start + end) != '<' || Shapes.At(text, start + end + 1) != '/')
            return false;
        // A placeholder such as <PASSWORD> opens no element.
        if (!text[(start + end + 2)..].StartsWith(name))
            return false;
        value = start..(start + end);
        return true;
    }

    // <add key="Password" value="…" />, #define PASSWORD "…", PASSWORD '…' of SQL, --password …
    private static bool IsWithoutOperator(ReadOnlySpan<byte> text, int at, int i, bool nameQuoted, out int value)
    {
        value = i;
        if (nameQuoted)
        {
            bool isAttribute = text.Length - i > 7 && System.Text.Ascii.EqualsIgnoreCase(text.Slice(i, 6), "value=") && Shapes.At(text, i + 6) is (byte)'"' or (byte)'\'';
            value = i + 6;
            return isAttribute;
        }
        int name = NameStart(text, at);
        if (name > 1 && text[name - 1] == '-' && text[name - 2] == '-')
            return Shapes.At(text, i) is not ((byte)'-' or (byte)'=' or (byte)':');
        return Shapes.At(text, i) is (byte)'"' or (byte)'\'' && name > 4 && (text[..name].EndsWith("#define "u8) || System.Text.Ascii.EqualsIgnoreCase(text.Slice(name - 5, 5), "with "));
    }

    private static int NameStart(ReadOnlySpan<byte> text, int at)
    {
        int start = at;
        while (start > 0 && at - start < LongestName && (Shapes.IsWord(text[start - 1]) || text[start - 1] is (byte)'.' or (byte)':' || (text[start - 1] == '-' && start > 1 && Shapes.IsWord(text[start - 2]))))
            start--;
        return start;
    }

    // Names that hold a telling word and name something else: publicKeyToken, nextPageToken, bypass.
    private static bool IsSecretName(ReadOnlySpan<byte> text, int at, int literal)
    {
        int start = at;
        while (start > 0 && at - start < 24 && Shapes.IsWord(text[start - 1]))
            start--;
        if (literal == 4 && at > start && text[at] == 'p' && Shapes.IsLetter(text[at - 1]) && !System.Text.Ascii.EqualsIgnoreCase(text[start..at], "db") && !System.Text.Ascii.EqualsIgnoreCase(text[start..at], "user"))
            return false;
        Span<char> lower = stackalloc char[24];
        for (int i = start; i < at; i++)
            lower[i - start] = char.ToLowerInvariant((char)text[i]);
        ReadOnlySpan<char> before = lower[..(at - start)];
        return !before.Contains("public", StringComparison.Ordinal) && !before.Contains("publishable", StringComparison.Ordinal) && !before.EndsWith("page", StringComparison.Ordinal)
            && !before.EndsWith("page_", StringComparison.Ordinal) && !before.EndsWith("continuation", StringComparison.Ordinal);
    }

    private static int Operator(ReadOnlySpan<byte> text, int i, bool nameQuoted, out bool bareAllowed)
    {
        bareAllowed = true;
        switch (Shapes.At(text, i))
        {
            case (byte)'=':
                i++;
                if (Shapes.At(text, i) == '>')
                    return i + 1;
                while (Shapes.At(text, i) == '=')
                    (bareAllowed, i) = (false, i + 1);
                return i;
            case (byte)':':
                if (Shapes.At(text, i + 1) is (byte)'=' or (byte)':')
                    return Shapes.At(text, i + 1) == '=' ? i + 2 : -1;
                // A type may stand between: name: str = "…"
                int type = Blanks(text, i + 1);
                int word = Shapes.Run(text, type, Shapes.Word, 24);
                int equals = Blanks(text, type + word);
                if (word > 0 && Shapes.At(text, equals) == '=')
                    return equals + 1;
                return i + 1;
            case (byte)',' when nameQuoted:
            case (byte)'(' when !nameQuoted:
                bareAllowed = false;
                return i + 1;
            default:
                return -1;
        }
    }

    private static bool Value(ReadOnlySpan<byte> text, int i, bool bareAllowed, CandidateSink sink, out Range value, out bool quoted)
    {
        value = default;
        int start = i;
        // Prefixes of string literals: b"", r'', @"", $"", L"".
        while (start < i + 2 && Shapes.At(text, start) is (byte)'b' or (byte)'r' or (byte)'u' or (byte)'B' or (byte)'R' or (byte)'@' or (byte)'L')
            start++;
        if (Shapes.At(text, start) == '\\')
            start++;
        byte quote = Shapes.At(text, start);
        quoted = quote is (byte)'"' or (byte)'\'' or (byte)'`';
        if (!quoted && !bareAllowed)
            return false;
        start = !quoted ? i : Shapes.At(text, start + 1) == quote && Shapes.At(text, start + 2) == quote ? start + 3 : start + 1;
        int length = Math.Min(LongestValue, text.Length - start);
        int end = length <= 0 ? -1 : text.Slice(start, length).IndexOfAny(quoted ? "\"'`\\\n {}<>"u8 : "\"'`\\\n\t\r {}<>()[];,&|"u8);
        if (end < 0 && length < LongestValue)
            end = length;
        sink.Count(Math.Max(end, 0) + 8);
        if (end <= 0)
            return false;
        byte stop = Shapes.At(text, start + end);
        if (quoted ? stop != quote && stop != '\\' : stop is (byte)'(' or (byte)'[' or (byte)'{' or (byte)'<')
            return false;
        value = start..(start + end);
        return true;
    }

    private static int LiteralLength(Rule rule, ReadOnlySpan<byte> text, int at)
    {
        int longest = 0;
        foreach (string literal in rule.Literals)
        {
            if (literal.Length > longest && literal.Length <= text.Length - at && System.Text.Ascii.EqualsIgnoreCase(text.Slice(at, literal.Length), literal))
                longest = literal.Length;
        }
        return longest;
    }

    private static bool IsSuffix(ReadOnlySpan<byte> tail)
    {
        if (tail.Length > 24)
            return false;
        Span<char> lower = stackalloc char[24];
        int length = 0;
        foreach (byte b in tail)
        {
            if (b is not ((byte)'_' or (byte)'-'))
                lower[length++] = char.ToLowerInvariant((char)b);
        }
        return SuffixLookup.Contains(lower[..length]);
    }

    private static int Blanks(ReadOnlySpan<byte> text, int i)
    {
        int limit = i + 32;
        while (i < limit && Shapes.At(text, i) is (byte)' ' or (byte)'\t')
            i++;
        return i;
    }
}
