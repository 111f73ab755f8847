using System.Buffers;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Preprocess.Redact;
using Stackmill.Preprocess.Redact.Rules;

namespace Stackmill.Tests.Preprocess.Redact;

/// <summary>What takes the place of a value, and what becomes of files that hold one.</summary>
public sealed class ReplacementTests
{
    private const string Values = "jane@example.com 52.95.110.1 2607:f8b0:4005:805::200e 536-90-4399 4111-1111-1111-1111 +14155552671 password=\"Zk3p9QmX\"";

    private static string Redact(RedactionOptions options, string text, List<Match>? matches = null, string language = "")
    {
        var output = new ArrayBufferWriter<byte>();
        return new Redactor(options).Redact(Encoding.UTF8.GetBytes(text), language, output, matches ?? []) ? Encoding.UTF8.GetString(output.WrittenSpan) : text;
    }

    [Fact]
    public void The_style_of_BigCode_has_its_words_and_addresses()
    {
        var words = Redact(new RedactionOptions { Style = RedactionOptions.BigCode }, Values + " key = ghp_" + Samples.Of(36)).Split(' ');
        Assert.Equal(["<EMAIL>", "<SSN>", "<CREDIT_CARD>", "<PHONE>", "password=\"<PASSWORD>\"", "<KEY>"], (string[])[words[0], words[3], words[4], words[5], words[6], words[9]]);
        Assert.Contains(words[1], (string[])["172.16.31.10", "172.16.58.3", "172.16.17.32", "192.168.127.12", "192.168.3.11"]);
        Assert.StartsWith("f", words[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Fake_values_have_the_form_of_what_they_stand_for_and_belong_to_nobody()
    {
        var first = Redact(new RedactionOptions { Style = RedactionOptions.Fake }, Values);
        var words = first.Split(' ');
        Assert.Matches(@"^user[0-9a-f]{8}@example\.(com|net|org)$", words[0]);
        Assert.Matches(@"^192\.0\.2\.[0-9]{1,3}$", words[1]);
        Assert.Matches(@"^2001:db8::[0-9a-f]{4}$", words[2]);
        Assert.Matches("^987-65-432[0-9]$", words[3]);
        Assert.Matches("^9999-[0-9]{4}-[0-9]{4}-[0-9]{4}$", words[4]);
        Assert.Matches(@"^\+1-202-555-01[0-9]{2}$", words[5]);
        Assert.Matches("^password=\"fake[0-9a-f]{16}\"$", words[6]);
        Assert.Equal(first, Redact(new RedactionOptions { Style = RedactionOptions.Fake }, Values));
        Assert.NotEqual(first, Redact(new RedactionOptions { Style = RedactionOptions.Fake, Seed = 1 }, Values));
    }

    [Theory]
    [InlineData("s = 'CORP\\xqz-7431'", "s = 'CORP\\<KEY_1>'")]
    [InlineData("s = 'C:\\Users\\jbrennan'", "s = 'C:\\Users\\me'")]
    [InlineData("// C:\\Documents and Settings\\jbrennan\\x", "// C:\\Documents and Settings\\me\\x")]
    [InlineData("s = 'C:\\\\Users\\\\jbrennan'", "s = 'C:\\\\Users\\\\me'")]
    public void A_fake_value_makes_no_escape_of_a_backslash_in_front(string text, string expected) =>
        Assert.Equal(expected, Redact(new RedactionOptions { Style = RedactionOptions.Fake, Rules = "[[rules]]\nid = 'own'\nregex = '''xqz-[0-9]+'''\n" }, text, language: "JavaScript"));

    [Fact]
    public void A_fake_value_behind_an_escaped_backslash_needs_no_mark() =>
        Assert.Matches(@"^s = 'CORP\\\\user[0-9a-f]{8}@example", Redact(new RedactionOptions { Style = RedactionOptions.Fake }, @"s = 'CORP\\jane@harbour.net'", language: "JavaScript"));

    [Fact]
    public void Hashes_are_equal_for_equal_values_and_keys_only()
    {
        var options = new RedactionOptions { Style = RedactionOptions.Hash, HashKey = "a key of sixteen bytes or more", RecordHash = true };
        var matches = new List<Match>();
        var words = Redact(options, "jane@example.com JANE@example.com joe@example.com", matches).Split(' ');
        Assert.All(words, w => Assert.Matches("^<EMAIL_[0-9a-f]{16}>$", w));
        Assert.Equal((words[0], 2), (words[1], words.Distinct().Count()));
        Assert.Equal($"<EMAIL_{matches[0].Hash}>", words[0]);
        Assert.NotEqual(words[0], Redact(new RedactionOptions { Style = RedactionOptions.Hash, HashKey = "another key of sixteen bytes" }, "jane@example.com"));
    }

    [Fact]
    public void A_key_of_hashes_comes_from_a_file_or_the_environment_and_a_short_one_is_refused_without_being_shown()
    {
        using var folder = new Support.TempFolder();
        var path = folder.Write("key", "a key of sixteen bytes or more\n");
        Assert.Equal(HashKeys.Fingerprint("a key of sixteen bytes or more"), HashKeys.Fingerprint($"file:{path}"));
        var message = Assert.Throws<UsageException>(() => HashKeys.Read("hunter2hunter2")).Message;
        Assert.Contains("14 bytes, expected at least 16", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.Contains("redaction.hash_key", Assert.Throws<UsageException>(() => HashKeys.Read("file:" + folder["none"])).Message, StringComparison.Ordinal);
        Assert.Contains("STACKMILL_NO_SUCH_KEY", Assert.Throws<UsageException>(() => HashKeys.Read("env:STACKMILL_NO_SUCH_KEY")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_annotated_stays_where_it_was_and_is_told()
    {
        var matches = new List<Match>();
        var options = new RedactionOptions { Actions = new Dictionary<string, string> { ["email"] = "annotate" } };
        Assert.Equal("x <IP_ADDRESS_1> jane@example.com", Redact(options, "x 52.95.110.1 jane@example.com", matches));
        Assert.Equal([("ip_address", 2, 14, RedactionAction.Replace), ("email", 17, 16, RedactionAction.Annotate)], matches.Select(m => (m.Kind, m.PlaceholderStart, m.PlaceholderLength, m.Action)));
        matches.Clear();
        Assert.Equal("jane@example.com", Redact(options, "jane@example.com", matches));
        Assert.Equal([(0, 16)], matches.Select(m => (m.PlaceholderStart, m.PlaceholderLength)));
    }

    [Fact]
    public void Rules_that_are_less_sure_than_asked_for_are_off()
    {
        Assert.Equal("password=\"Zk3p9QmX\" <EMAIL_1>", Redact(new RedactionOptions { MinConfidence = 0.8 }, "password=\"Zk3p9QmX\" jane@example.com"));
        Assert.All(RuleCatalog.Rules, r => Assert.InRange(r.Confidence, 0.05, 1));
    }

    [Fact]
    public void Actions_that_do_not_exist_are_told()
    {
        var options = new RedactionOptions { Actions = new Dictionary<string, string> { ["mail"] = "annotate", ["key"] = "delete" }, RecordHash = true };
        Assert.Equal(["actions: the kind 'mail'", "actions: 'delete' for key", "hash_key: no key"], options.Check().Select(p => $"{p.Key}: {p.Found}"));
    }

    [Theory]
    [InlineData("JSON", "{\"lat\": 52.520008, \"lng\": -13.404954}\n", "{\"lat\": 0.0000000, \"lng\": -0.0000000}\n")]
    [InlineData("JavaScript", "const gps = [52.520008, 113.404954];\n", "const gps = [0.0000000, 0.00000000];\n")]
    [InlineData("Python", "latitude = 52.520008  # latitude: 52.520008\n", "latitude = 0.0000000  # latitude: <LOCATION_1>\n")]
    public void Coordinates_in_code_become_zeros_of_the_same_length(string language, string text, string expected)
    {
        foreach (string style in (string[])[RedactionOptions.Numbered, RedactionOptions.Fake])
        {
            var options = new RedactionOptions { Location = true, Style = style };
            string redacted = Redact(options, text, language: language);
            if (style == RedactionOptions.Numbered)
                Assert.Equal(expected, redacted);
            Assert.Equal(redacted, Redact(options, redacted, language: language));
        }
    }

    [Theory]
    [InlineData("Shell", "cat > k <<EOF\n{0}EOF\necho\n")]
    [InlineData("Shell", "cat > k <<'EOF'\n{0}EOF\necho\n")]
    [InlineData("Shell", "cat <<-EOF\n\tHost a\n\n{0}\tEOF\necho\n")]
    [InlineData("Ruby", "k = <<~EOF\n{0}EOF\nputs k\n")]
    [InlineData("PHP", "<?php\n$k = <<<EOT\n{0}EOT;\n")]
    [InlineData("Perl", "my $k = <<EOF;\n{0}EOF\nprint;\n")]
    public void A_private_key_in_a_here_document_goes_with_its_line_ends(string language, string frame)
    {
        string key = $"-----BEGIN RSA PRIVATE KEY-----\n{Samples.Of(64)}\n{Samples.Of(64, seed: 2)}\n{Samples.Of(22, seed: 3)}==\n-----END RSA PRIVATE KEY-----";
        Assert.Equal(frame.Replace("{0}", "<KEY_1>\n\n\n\n\n", StringComparison.Ordinal), Redact(new RedactionOptions(), frame.Replace("{0}", key + "\n", StringComparison.Ordinal), language: language));
    }

    [Theory]
    [InlineData("'''")]
    [InlineData("\"\"\"")]
    public void Of_a_key_that_is_cut_off_the_last_line_goes_too(string quote)
    {
        string text = $"K = {quote}-----BEGIN RSA PRIVATE KEY-----\n{Samples.Of(64)}\n{Samples.Of(64, seed: 2)}\n{Samples.Of(62, seed: 3)}=={quote}\n";
        Assert.Equal($"K = {quote}<KEY_1>\n\n\n{quote}\n", Redact(new RedactionOptions(), text, language: "Python"));
    }

    [Fact]
    public void A_users_find_within_a_longer_one_does_not_uncover_the_rest()
    {
        const string Rules = "[[rules]]\nid = 'company'\nregex = '(?i)acme'\nkind = 'name'\n";
        Assert.Equal("a = \"<EMAIL_1>\" # of <NAME_1>\n", Redact(new RedactionOptions { Name = true, Rules = Rules }, "a = \"joe.bloggs@acme-corp.com\" # of Acme\n", language: "Python"));
        Assert.Equal("a = \"joe.bloggs@<NAME_1>-corp.com\"\n", Redact(new RedactionOptions { Name = true, Email = false, Rules = Rules }, "a = \"joe.bloggs@acme-corp.com\"\n", language: "Python"));
    }

    [Fact]
    public void A_country_that_has_no_phone_numbers_is_refused()
    {
        Assert.Equal("default_phone_region", Assert.Single(new RedactionOptions { DefaultPhoneRegion = "XX" }.Check()).Key);
        Assert.Empty(new RedactionOptions { DefaultPhoneRegion = "DE" }.Check());
    }
}
