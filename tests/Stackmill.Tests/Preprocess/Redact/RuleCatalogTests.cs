using System.Text;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Tests.Preprocess.Redact;

public sealed class RuleCatalogTests
{
    // Rules that are off by default have samples too.
    internal static RedactionOptions EveryOption => new() { ObfuscatedEmail = true, Name = true, Location = true };

    [Fact]
    public void Every_rule_has_an_id_of_its_own_and_samples_both_ways()
    {
        Assert.True(RuleCatalog.Rules.Count >= 300, $"saw {RuleCatalog.Rules.Count} rules");
        Assert.Equal(RuleCatalog.Rules.Count, RuleCatalog.Rules.Select(r => r.Id).Distinct().Count());
        Assert.All(RuleCatalog.Rules, rule =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", rule.Id);
            Assert.NotEmpty(rule.Description);
            Assert.NotEmpty(rule.Positives);
            Assert.NotEmpty(rule.Negatives);
            Assert.All(rule.Literals, l => Assert.True(l.Length >= 3));
        });
    }

    [Fact]
    public void Every_positive_sample_is_found_exactly_and_by_its_rule()
    {
        var wrong = new List<string>();
        int seen = 0;
        var redactor = new Redactor(EveryOption);
        foreach (Rule rule in RuleCatalog.Rules)
        {
            foreach (string sample in rule.Positives)
            {
                seen++;
                string plain = sample.Replace("«", "").Replace("»", "");
                int start = Encoding.UTF8.GetByteCount(sample[..sample.IndexOf('«')]);
                int length = Encoding.UTF8.GetByteCount(sample[(sample.IndexOf('«') + 1)..sample.IndexOf('»')]);
                var matches = new List<Match>();
                redactor.Find(Encoding.UTF8.GetBytes(plain), rule.SampleLanguage, matches);
                if (matches.Count != 1 || matches[0].Rule != rule.Id || matches[0].Start != start || matches[0].Length != length)
                    wrong.Add($"{rule.Id}: {sample} -> {string.Join(", ", matches)}");
            }
        }
        Assert.True(seen > 150, $"saw {seen} samples");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void No_rule_finds_anything_in_a_negative_sample()
    {
        var wrong = new List<string>();
        int seen = 0;
        var redactor = new Redactor(EveryOption);
        foreach (Rule rule in RuleCatalog.Rules)
        {
            foreach (string sample in rule.Negatives)
            {
                seen++;
                var matches = new List<Match>();
                redactor.Find(Encoding.UTF8.GetBytes(sample), rule.SampleLanguage, matches);
                if (matches.Count != 0)
                    wrong.Add($"{rule.Id}: {sample} -> {string.Join(", ", matches)}");
            }
        }
        Assert.True(seen > 200, $"saw {seen} samples");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void A_kind_that_is_switched_off_is_not_found()
    {
        byte[] text = Encoding.UTF8.GetBytes("jane@example.com 52.95.110.1 536-90-4399 4111111111111111 +14155552671 password=\"Zk3p9QmX\"");
        var all = new List<Match>();
        new Redactor(new RedactionOptions()).Find(text, "", all);
        Assert.Equal(["credit_card", "email", "ip_address", "key", "phone", "ssn"], all.Select(m => m.Kind).Order());
        foreach (string kind in all.Select(m => m.Kind))
        {
            var options = new RedactionOptions
            {
                Email = kind != "email",
                Key = kind != "key",
                Ssn = kind != "ssn",
                CreditCard = kind != "credit_card",
                Phone = kind != "phone",
                IpAddress = kind != "ip_address",
            };
            var found = new List<Match>();
            new Redactor(options).Find(text, "", found);
            Assert.Equal(all.Select(m => m.Kind).Where(k => k != kind), found.Select(m => m.Kind));
        }
    }
}
