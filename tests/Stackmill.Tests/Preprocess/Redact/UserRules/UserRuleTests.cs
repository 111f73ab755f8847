using System.Buffers;
using System.Text;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Preprocess.Redact;
using Stackmill.Preprocess.Redact.UserRules;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Preprocess.Redact.UserRules;

/// <summary>Rules and allow-lists of users, in the form of gitleaks.</summary>
public sealed class UserRuleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Redact(string rules, string text, string path = "src/a.py", List<Match>? matches = null, string language = "")
    {
        var output = new ArrayBufferWriter<byte>();
        var redactor = new Redactor(new RedactionOptions { Rules = rules });
        return redactor.Redact(Encoding.UTF8.GetBytes(text), language, output, matches ?? [], path) ? Encoding.UTF8.GetString(output.WrittenSpan) : text;
    }

    private const string Acme = """
        [[rules]]
        id = "acme-token"
        description = "Acme token"
        regex = '''\bacme[_-]([0-9a-f]{12})\b'''
        keywords = ["ACME"]
        """;

    [Fact]
    public void The_secret_is_the_first_group_and_places_are_exact_beside_other_scripts()
    {
        var matches = new List<Match>();
        Assert.Equal("é🎉 acme_<KEY_1> ü acme-<KEY_2>", Redact(Acme, "é🎉 acme_0123456789ab ü acme-ba9876543210", matches: matches));
        Assert.Equal([("acme-token", 12, 12), ("acme-token", 33, 12)], matches.Select(m => (m.Rule, m.Start, m.Length)));
    }

    [Theory]
    [InlineData("secretGroup = 2", "(k)=(v+)", "k=vvv", "k=<KEY_1>")]
    [InlineData("secretGroup = 0", "k=v+", "k=vvv", "<KEY_1>")]
    [InlineData("kind = 'email'", "k=v+", "k=vvv", "<EMAIL_1>")]
    [InlineData("entropy = 1.5", "k=([a-z]+)", "k=aaaaab k=abcd", "k=aaaaab k=<KEY_1>")]
    [InlineData("path = '''\\.env$'''", "k=(v+)", "k=vvv", "k=vvv")]
    [InlineData("path = '''\\.py$'''", "k=(v+)", "k=vvv", "k=<KEY_1>")]
    [InlineData("keywords = ['other']", "k=(v+)", "k=vvv", "k=vvv")]
    [InlineData("keywords = ['other', 'K=']", "k=(v+)", "k=vvv", "k=<KEY_1>")]
    [InlineData("allowlist = { regexes = ['''^v{3}$'''] }", "k=(v+)", "k=vvv k=vvvv", "k=vvv k=<KEY_1>")]
    [InlineData("allowlist = { stopwords = ['vvvv'] }", "k=(v+)", "k=vvv k=vvvv", "k=<KEY_1> k=vvvv")]
    [InlineData("allowlist = { regexTarget = 'line', regexes = ['''# ok'''] }", "k=(v+)", "k=vvv\nk=vvvv # ok", "k=<KEY_1>\nk=vvvv # ok")]
    [InlineData("allowlist = { regexTarget = 'match', regexes = ['''^k=vvv$'''] }", "k=(v+)", "k=vvv k=vvvv", "k=vvv k=<KEY_1>")]
    [InlineData("allowlists = [{ condition = 'AND', paths = ['''\\.py$'''], stopwords = ['vvvv'] }]", "k=(v+)", "k=vvv k=vvvv", "k=<KEY_1> k=vvvv")]
    [InlineData("allowlists = [{ condition = 'AND', paths = ['''\\.js$'''], stopwords = ['vvvv'] }]", "k=(v+)", "k=vvvv", "k=<KEY_1>")]
    [InlineData("allowlist = { paths = ['''^src/'''] }", "k=(v+)", "k=vvvv", "k=vvvv")]
    public void Each_key_of_a_rule_means_what_gitleaks_says(string line, string regex, string text, string expected) =>
        Assert.Equal(expected, Redact($"[[rules]]\nid = 'r'\nregex = '''{regex}'''\n{line}\n", text));

    [Fact]
    public void Lists_for_all_rules_hold_for_Stackmills_own_and_single_ones_can_be_switched_off()
    {
        Assert.Equal("jane@corp.example.org <EMAIL_1>", Redact("[[allowlists]]\nregexes = ['''@corp\\.example\\.org$''']\n", "jane@corp.example.org joe@example.com"));
        Assert.Equal("jane@example.com <IP_ADDRESS_1>", Redact("[[allowlists]]\ntargetRules = ['email-address']\npaths = ['''^src/''']\n", "jane@example.com 52.95.110.1"));
        Assert.Equal("jane@example.com <IP_ADDRESS_1>", Redact("[extend]\ndisabledRules = ['email-address']\n", "jane@example.com 52.95.110.1"));
        Assert.Equal("x@y <EMAIL_1>", Redact("[[rules]]\nid = 'email-address'\nkind = 'email'\nregex = '''z@z'''\n", "x@y z@z"));
    }

    [Fact]
    public void Code_outside_of_strings_and_comments_is_not_touched_by_a_users_rule_either() =>
        Assert.Equal("v = acme_0123456789ab  # acme_<KEY_1>\n", Redact(Acme, "v = acme_0123456789ab  # acme_ba9876543210\n", language: "Python"));

    [Fact]
    public void A_rule_that_would_take_anything_does_not_take_placeholders()
    {
        const string anything = "[[rules]]\nid = 'r'\nregex = '''\\S+'''\n";
        var once = Redact(anything, "a jane@example.com <KEY_7>");
        Assert.Equal("<KEY_8> <KEY_9> <KEY_7>", once);
        Assert.Equal(once, Redact(anything, once));
    }

    [Fact]
    public void Files_are_read_with_those_that_they_extend_and_their_content_decides_whether_a_dataset_is_up_to_date()
    {
        _folder.Write("base.toml", Acme);
        var path = _folder.Write("rules.toml", "title = 't'\n[extend]\nuseDefault = true\npath = 'base.toml'\n[[rules]]\nid = 'by-name'\npath = '''\\.pem$'''\n[[rules]]\nid = 'x'\nregex = 'x9+'\nregexp = 'y'\n");
        var options = new RedactionOptions { RuleFiles = [path] };
        Assert.Equal(["acme-token", "x"], options.UserRules.Rules.Select(r => r.Rule.Id));
        Assert.Equal(
            [$"{path}: extend.useDefault: Stackmill's own rules are always on", $"{path}:5: rule 'by-name' tells files by their names only; it finds nothing in them", $"{path}:11: rule 'x': the key 'regexp' is not known"],
            options.UserRules.Notes);
        var before = RedactionInputs.Of(options).Single().Hash;
        _folder.Write("base.toml", Acme + "\n");
        Assert.NotEqual(before, RedactionInputs.Of(options).Single().Hash);
    }

    [Theory]
    [InlineData("[[rules]\n", ":1: ")]
    [InlineData("[[rules]]\nid = 'r'\nregex = '''(?=x)y'''\n", ":3: rule 'r': the regex is wrong: the pattern can't be matched in linear time")]
    [InlineData("\n[[rules]]\nid = 'r'\nregex = '''('''\n", ":4: rule 'r': the regex is wrong")]
    [InlineData("[[rules]]\nid = 'r'\n", ":1: rule 'r' has no regex")]
    [InlineData("[[rules]]\nregex = 'x'\n", ":1: a rule has no id")]
    [InlineData("[[rules]]\nid = 'r'\nregex = '(x)'\nsecretGroup = 2\n", ":4: rule 'r': secretGroup is 2, and the regex has 1 groups")]
    [InlineData("[[rules]]\nid = 'r'\nregex = 'x'\nentropy = 'high'\n", ":4: rule 'r': entropy is 'high', expected a number")]
    [InlineData("[[rules]]\nid = 'r'\nregex = 'x'\nkind = 'mail'\n", ":4: rule 'r': the kind 'mail', expected one of email, key")]
    [InlineData("[[allowlists]]\nregexTarget = 'file'\n", ":2: regexTarget is 'file', expected secret, match or line")]
    [InlineData("[[allowlists]]\nregexes = 'x'\n", ":2: regexes is no array")]
    [InlineData("[extend]\nurl = 'https://h/x'\n", ":2: extend.url is not read")]
    [InlineData("rules = 3\n", ":1: a rule is no table")]
    public void A_wrong_rule_is_told_with_its_line(string rules, string expected)
    {
        var path = _folder.Write("rules.toml", rules);
        var message = Assert.Throws<UsageException>(() => new RedactionOptions { RuleFiles = [path] }.UserRules).Message;
        Assert.StartsWith(path + expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\d\D\w\W\s\S", @"[0-9][^0-9][0-9A-Za-z_][^0-9A-Za-z_][\t\n\f\r ][^\t\n\f\r ]")]
    [InlineData(@"[\w.-]+$", @"[0-9A-Za-z_.-]+\z")]
    [InlineData("(?m)^x$", "(?m)^x$")]
    [InlineData(@"[$]\$", @"[$]\$")]
    [InlineData("[[:alnum:]_]", "[0-9A-Za-z_]")]
    [InlineData("[]a][^]b]", @"[\]a][^\]b]")]
    [InlineData("[[a]", @"[\[a]")]
    [InlineData("(?P<name>x)(?i:y)", "(?<name>x)(?i:y)")]
    [InlineData(@"\Qa.b\E.", @"a\.b.")]
    [InlineData(@"\x{41}\x41\pL", @"A\x41\p{L}")]
    public void Patterns_of_Go_are_written_as_NET_reads_them(string pattern, string expected)
    {
        Assert.Equal(expected, GoPattern.Convert(pattern));
        GoPattern.Compile(pattern);
    }

    [Fact]
    public void Any_pattern_is_compiled_or_refused() => Gen.Char["()[]{}*+?|\\^$.dwspPQEx:aluP<>=!-,0123 "].Array[0, 12].Sample(signs =>
    {
        try
        {
            GoPattern.Compile(new string(signs)).IsMatch("a1 b");
        }
        catch (ArgumentException fault)
        {
            return fault.Message.Length > 0;
        }

        return true;
    }, iter: 20_000, threads: 1);
}
