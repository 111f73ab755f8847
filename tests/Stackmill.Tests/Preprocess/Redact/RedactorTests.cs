using System.Buffers;
using System.Text;
using CsCheck;
using Stackmill.Core.Model;
using Stackmill.Preprocess.Redact;
using Stackmill.Preprocess.Redact.Rules;

namespace Stackmill.Tests.Preprocess.Redact;

public sealed class RedactorTests
{
    internal static string Redact(string text, string language = "", List<Match>? matches = null)
    {
        var output = new ArrayBufferWriter<byte>();
        bool changed = new Redactor(new RedactionOptions()).Redact(Encoding.UTF8.GetBytes(text), language, output, matches ?? []);
        if (!changed)
        {
            Assert.Equal(0, output.WrittenCount);
            return text;
        }
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void Every_occurrence_is_replaced_and_the_same_value_has_the_same_number()
    {
        Assert.Equal("<EMAIL_1> <EMAIL_2> <EMAIL_1> <IP_ADDRESS_1> <IP_ADDRESS_1>",
            Redact("jane@example.com joe@example.com JANE@Example.com 52.95.110.1 52.95.110.1"));
    }

    [Fact]
    public void Numbers_go_on_above_those_that_the_text_has_already()
    {
        Assert.Equal("<EMAIL_3> <EMAIL_4> <EMAIL_x> <EMAIL_7", Redact("<EMAIL_3> a@example.com <EMAIL_x> <EMAIL_7"));
    }

    [Fact]
    public void Output_is_appended_and_offsets_count_from_where_it_began()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("before"u8);
        var matches = new List<Match>();
        new Redactor(new RedactionOptions()).Redact("x a@example.com"u8, "", output, matches);
        Assert.Equal("beforex <EMAIL_1>", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal([new Match("email", "email-address", 2, 13, 2, 9) { Confidence = 0.85 }], matches);
    }

    [Theory]
    [InlineData("y = x[1::2]\n")]
    [InlineData("def f(x):\n    return x\n@app.route('/')\ndef g(): pass\n")]
    [InlineData("n = 4155552671\nt = 1620000000\n")]
    [InlineData("c = a@b.T\nd = a@b.to\n")]
    [InlineData("v = '1.2.3.4'\nw = 1.25\n")]
    [InlineData("t = '12:30:45'\n")]
    [InlineData("p = f\"{a@b.co}\" + f'{x:{w@q.io}}'\n")]
    public void Python_code_is_left_as_it_is(string code) => Assert.Equal(code, Redact(code, "Python"));

    [Fact]
    public void Not_only_the_first_value_of_a_file_is_replaced_and_every_one_is_counted()
    {
        var matches = new List<Match>();
        string text = string.Concat(Enumerable.Range(0, 50).Select(i => $"# user{i}@example.com\n"));
        string redacted = Redact(text, "Python", matches);
        Assert.Equal(50, matches.Count);
        Assert.DoesNotContain("@", redacted);
        Assert.Contains("<EMAIL_50>", redacted);
    }

    [Fact]
    public void A_url_keeps_its_closing_quote() =>
        Assert.Equal("u = 'https://jane:<KEY_1>@example.com/'\n", Redact("u = 'https://jane:Zk3p9QmX@example.com/'\n", "Python"));

    [Fact]
    public void An_assigned_key_is_replaced_between_its_quotes()
    {
        Assert.Equal("API_KEY = \"<KEY_1>\"\n", Redact($"API_KEY = \"{Samples.Of(32)}\"\n", "Python"));
        Assert.Equal("{\"password\": \"<KEY_1>\"}", Redact("{\"password\": \"Zk3p9QmX\"}", "JSON"));
    }

    [Fact]
    public void A_card_number_in_code_becomes_an_integer_and_in_a_string_a_placeholder()
    {
        Assert.Equal("n = 1000000000000001\ns = '<CREDIT_CARD_1>'\n", Redact("n = 4111111111111111\ns = '4111111111111111'\n", "Python"));
        Assert.Equal("long n = 1000000000000001L; // <CREDIT_CARD_2>\n", Redact("long n = 4111111111111111L; // 378282246310005\n", "Java"));
    }

    [Fact]
    public void A_bare_word_of_a_shell_gets_quotes()
    {
        var matches = new List<Match>();
        Assert.Equal("export API_TOKEN='<KEY_1>'\nmail \"<EMAIL_1>\" '<EMAIL_1>'\n", Redact($"export API_TOKEN={Samples.Of(32)}\nmail \"a@example.com\" a@example.com\n", "Shell", matches));
        Assert.Equal((18, 7), (matches[0].PlaceholderStart, matches[0].PlaceholderLength));
    }

    [Fact]
    public void A_private_key_keeps_its_line_ends()
    {
        string body = Samples.Of(64) + "\n" + Samples.Of(64, seed: 2) + "\n" + Samples.Of(22, seed: 3) + "==\n";
        Assert.Equal("k = '''<KEY_1>\n\n\n\n'''\n", Redact($"k = '''-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----'''\n", "Python"));
    }

    [Fact]
    public void A_private_key_in_pieces_keeps_quotes_and_escapes()
    {
        string a = Samples.Of(64);
        string b = Samples.Of(20, seed: 2);
        Assert.Equal("k = \"-----BEGIN PRIVATE KEY-----\\n\" +\n  \"<KEY_1>\\n\" +\n  \"<KEY_1>==\\n-----END PRIVATE KEY-----\";\n".Replace("<KEY_1>==", "<KEY_1>"),
            Redact($"k = \"-----BEGIN PRIVATE KEY-----\\n\" +\n  \"{a}\\n\" +\n  \"{b}==\\n-----END PRIVATE KEY-----\";\n", "JavaScript"));
    }

    [Fact]
    public void Where_rules_overlap_the_more_specific_one_stays()
    {
        var matches = new List<Match>();
        Redact($"token = \"ghp_{Samples.Of(36)}\"", "", matches);
        Assert.Equal(["github-token"], matches.Select(m => m.Rule));
    }

    [Fact]
    public void Offsets_in_code_points_are_exact_beside_emoji_and_combining_characters()
    {
        string text = "👩‍👩‍👧 e\u0301 jane@example.com 🎉 joe@example.com\n";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var matches = new List<Match>();
        var output = new ArrayBufferWriter<byte>();
        Assert.True(new Redactor(new RedactionOptions()).Redact(bytes, "", output, matches));
        Rune[] before = [.. text.EnumerateRunes()];
        Rune[] after = [.. Encoding.UTF8.GetString(output.WrittenSpan).EnumerateRunes()];
        List<Redaction> given = CodePoints.Describe(bytes, matches, inOutput: false);
        List<Redaction> made = CodePoints.Describe(output.WrittenSpan, matches, inOutput: true);
        Assert.Equal(["jane@example.com", "joe@example.com"], given.Select(r => string.Concat(before[r.Start..(r.Start + r.Length)])));
        Assert.Equal(["<EMAIL_1>", "<EMAIL_2>"], made.Select(r => string.Concat(after[r.Start..(r.Start + r.Length)])));
        Assert.Equal(9, given[0].Start);
    }

    [Fact]
    public void Find_sees_what_redact_replaces()
    {
        byte[] text = Encoding.UTF8.GetBytes("a@example.com x 52.95.110.1 536-90-4399");
        var found = new List<Match>();
        var replaced = new List<Match>();
        var redactor = new Redactor(new RedactionOptions());
        redactor.Find(text, "", found);
        redactor.Redact(text, "", new ArrayBufferWriter<byte>(), replaced);
        Assert.Equal(3, found.Count);
        Assert.Equal(found, replaced.Select(m => m with { PlaceholderStart = 0, PlaceholderLength = 0 }));
    }

    private static readonly string[] Fragments =
    [
        "jane@example.com", "a@b.co", ".Then", "@", "ghp_" + Samples.Of(36), "52.95.110.1", "2607:f8b0:4005:805::200e", "+1 415-555-2671", "415-555-2671", "(415) 555-2671", "536-90-4399", "4111111111111111",
        "4111 1111 1111 1111", "password", "token", "API_KEY", "=", ":", "\"", "'", "`", "\\", "\n", " ", ".", "-", "/", "://", "u:Zk3p9QmX@h.com", Samples.Of(32), "Zk3p9QmX", "<EMAIL_2>", "<KEY_1>", "${", "{", "}", "(", ")", "#", "//", "/*", "*/",
        "version ", "é", "🎉", "$", "%s", "\"\"\"", "f\"", "<<EOF\n", "\nEOF\n", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "ssn ", "phone ", "discord", Samples.Jwt("""{"alg":"HS256"}"""), "bearer ", "sk-", "1", "0x", "<password>", "</password>", " value=", "--password ", "DATADOG_API_KEY=", "heroku ", Samples.Of(32, Samples.LowerHex), "3f2b8c1e-9d47-4a06-b5e3-7c81d20f94ab",
        "machine ", "login ", "password ", ":5432:", "curl -u a:", "identified by '", "\"auth\":", "@o1.ingest.sentry.io", "<D>", "</", "\"d\":\"", Samples.Of(43), "$2y$10$", Samples.Of(53), "AccountKey=", "hooks.slack.com/services/",
        "jane at example dot com", "jane(at)example.com", "&#64;", " at ", "[at]", " dot com", "DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "111.444.777-35", "cpf ", "11144477735", "SIN ", "130692544", "046 454 286", "11010519491231002X",
        "1 85 05 78 006 084 91", "passport ", "X1234567", "00:1b:44:11:3a:b7", "001b.4411.3ab7", ":", "/home/", "/Users/", "jdoe", "C:\\Users\\", "@author ", "Copyright (c) 2014 ", "Signed-off-by: ", "Jane Doe", "Иван Петров", ", ", " and ", "<", ">", "gps ", "D:\\Documents and Settings\\", "\\\\", "\\n", "\\x", "%40", "&amp;", "mailto:", "r\"", "b'", "R\"(", ")\"", "$\"", "--", "[[", "]]", "<!--", "-->", "0", "7", "IBAN ", "ITIN ", "52.520008", "13.404954", "lat: ", "912-70-1234",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("Python")]
    [InlineData("JavaScript")]
    [InlineData("Shell")]
    [InlineData("C#")]
    [InlineData("Ruby")]
    [InlineData("PHP")]
    [InlineData("JSON")]
    [InlineData("Java")]
    [InlineData("TypeScript")]
    [InlineData("C++")]
    [InlineData("Go")]
    [InlineData("Rust")]
    [InlineData("Kotlin")]
    [InlineData("Swift")]
    [InlineData("Perl")]
    [InlineData("Lua")]
    [InlineData("SQL")]
    [InlineData("R")]
    [InlineData("YAML")]
    [InlineData("INI")]
    [InlineData("HTML")]
    [InlineData("Markdown")]
    [InlineData("PowerShell")]
    [InlineData("Dockerfile")]
    public void Redacting_a_redacted_text_changes_nothing(string language)
    {
        var redactor = new Redactor(RuleCatalogTests.EveryOption);
        OneOf(Fragments).Array[1, 30].Sample(parts =>
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(parts));
            var output = new ArrayBufferWriter<byte>();
            var matches = new List<Match>();
            if (!redactor.Redact(text, language, output, matches))
                return true;
            Check(text, output.WrittenSpan, matches);
            var again = new List<Match>();
            redactor.Find(output.WrittenSpan, language, again);
            return again.Count == 0;
        }, iter: 40_000, print: parts => string.Concat(parts), threads: 1);
    }

    [Theory]
    [InlineData(RedactionOptions.BigCode, "")]
    [InlineData(RedactionOptions.BigCode, "Python")]
    [InlineData(RedactionOptions.Fake, "")]
    [InlineData(RedactionOptions.Fake, "JavaScript")]
    [InlineData(RedactionOptions.Fake, "Shell")]
    [InlineData(RedactionOptions.Hash, "")]
    [InlineData(RedactionOptions.Hash, "C#")]
    public void Redacting_a_redacted_text_changes_nothing_in_any_style(string style, string language)
    {
        var redactor = new Redactor(new RedactionOptions { Style = style, HashKey = "a key of sixteen bytes or more", ObfuscatedEmail = true, Name = true, Location = true });
        OneOf(Fragments).Array[1, 30].Sample(parts =>
        {
            var output = new ArrayBufferWriter<byte>();
            if (!redactor.Redact(Encoding.UTF8.GetBytes(string.Concat(parts)), language, output, []))
                return true;
            var again = new List<Match>();
            redactor.Find(output.WrittenSpan, language, again);
            return again.Count == 0;
        }, iter: 20_000, print: parts => string.Concat(parts), threads: 1);
    }

    [Fact]
    public void Places_in_the_text_and_in_the_new_one_belong_together_also_where_a_second_look_found_more()
    {
        var redactor = new Redactor(new RedactionOptions { Name = true, Location = true, ObfuscatedEmail = true });
        OneOf(Fragments).Array[1, 30].Sample(parts =>
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(parts));
            var output = new ArrayBufferWriter<byte>();
            var matches = new List<Match>();
            if (!redactor.Redact(text, "Shell", output, matches))
                return true;
            // What stands between the finds is the same in both.
            var (from, to) = (0, 0);
            foreach (Match match in matches)
            {
                if (!text.AsSpan(from..match.Start).SequenceEqual(output.WrittenSpan[to..match.WrittenStart]))
                    return false;
                (from, to) = (match.Start + match.Length, match.WrittenEnd);
            }
            return text.AsSpan(from).SequenceEqual(output.WrittenSpan[to..]);
        }, iter: 40_000, print: parts => string.Concat(parts), threads: 1);
    }

    private static void Check(ReadOnlySpan<byte> text, ReadOnlySpan<byte> redacted, List<Match> matches)
    {
        int end = 0;
        foreach (Match match in matches)
        {
            Assert.True(match.Start >= end && match.Length > 0);
            end = match.Start + match.Length;
            Assert.True(Encoding.UTF8.GetString(redacted.Slice(match.PlaceholderStart, match.PlaceholderLength)) is ['<', .., '>'] or ['1', '0', ..] or ['0', '.', ..] or ['-', '0', '.', ..]);
        }
        Assert.True(end <= text.Length);
    }

    [Fact]
    public void Any_bytes_are_taken_without_a_fault()
    {
        var redactor = new Redactor(new RedactionOptions());
        Gen.Select(Gen.Byte.Array[0, 300], OneOf("", "Python", "JavaScript", "C++", "Rust", "Ruby", "PHP", "Shell", "SQL", "Swift", "C#", "Go")).Sample((bytes, language) =>
        {
            redactor.Find(bytes, language, []);
            return true;
        }, iter: 20_000, threads: 1);
    }

    [Theory]
    [InlineData("a.")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("1.")]
    [InlineData("1:")]
    [InlineData("2001:")]
    [InlineData("\"")]
    [InlineData("'a")]
    [InlineData("`${")]
    [InlineData("/")]
    [InlineData("/[")]
    [InlineData("<<A\n")]
    [InlineData("f\"{")]
    [InlineData("(((")]
    [InlineData("a@b.co ")]
    [InlineData("a@b.co.")]
    [InlineData("415-555-2671-")]
    [InlineData("eyJ.")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.")]
    [InlineData("token=")]
    [InlineData("password:\"")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n")]
    [InlineData("sk-")]
    [InlineData("://u:p@")]
    [InlineData("\\")]
    [InlineData("discord ")]
    [InlineData("   /* */ /")]
    [InlineData("<password>")]
    [InlineData("a.password")]
    [InlineData("--token ")]
    [InlineData("heroku key ")]
    [InlineData("datadog_key=\"")]
    [InlineData("algolia")]
    [InlineData("machine login password ")]
    [InlineData(":5432:")]
    [InlineData("curl -u ")]
    [InlineData("identified by '")]
    [InlineData("\"auth\":\"")]
    [InlineData("@o.ingest.sentry.io")]
    [InlineData("JQQJ99")]
    [InlineData("client-key-data: ")]
    [InlineData("IQoJb3JpZ2luX2Vj")]
    [InlineData("---- BEGIN SSH2 PRIVATE KEY ----")]
    [InlineData("hvs.")]
    [InlineData("ops_eyJ")]
    [InlineData("{SHA}")]
    [InlineData("secret_")]
    [InlineData("AB12")]
    [InlineData("A1")]
    [InlineData("passport no ")]
    [InlineData("passport ")]
    [InlineData("1234 5678 ")]
    [InlineData("111.444.")]
    [InlineData("lat: 12.3456 ")]
    [InlineData("12.3456, ")]
    [InlineData("(at)")]
    [InlineData("a at b dot ")]
    [InlineData(" at ")]
    [InlineData("Copyright 2010, ")]
    [InlineData("@author Jane ")]
    [InlineData("@author ")]
    [InlineData("C:\\Users\\")]
    [InlineData("/home/")]
    [InlineData("001b.")]
    [InlineData("00:1b:")]
    [InlineData("DE89")]
    [InlineData("DE89 3704 ")]
    public void Twice_the_bytes_is_at_most_little_over_twice_the_work(string unit)
    {
        foreach (string language in (string[])["Python", "JavaScript", "Ruby", ""])
        {
            long small = Work(unit, 1 << 15, language);
            long large = Work(unit, 1 << 16, language);
            Assert.True(large <= (small * 2.3) + 4096, $"{language}: {small} -> {large}");
            Assert.True(large <= (1L << 16) * 900, $"{language}: {large}");
        }
    }

    private static long Work(string unit, int length, string language)
    {
        // The candidate at the end makes sure that the contexts are scanned as well.
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, length / unit.Length)) + "\n jane@example.com");
        var redactor = new Redactor(RuleCatalogTests.EveryOption);
        redactor.Find(text, language, []);
        return redactor.Steps;
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
