using System.Buffers;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Tokens that a provider gives a prefix: prefix, alphabet and length from the provider's public documentation. One line a format.
/// A body of few different characters (<c>xxxx…</c>) or with a word of documentation in it is an example, and stays.
/// </summary>
internal static class TokenRules
{
    private static readonly string[] ExampleWords = ["EXAMPLE", "example", "xxxxxx", "XXXXXX", "000000", "your", "YOUR"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        Token("aws-access-key-id", "AWS access key id", ["AKIA", "ASIA", "ABIA", "ACCA"], Shapes.UpperAlphanumeric, 16, 16, Samples.Upper),
        Token("alibaba-access-key-id", "Alibaba Cloud access key id", ["LTAI"], Shapes.Alphanumeric, 12, 20),
        Token("github-token", "GitHub personal, OAuth, user, server or refresh token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], Shapes.Alphanumeric, 36, 255),
        Token("github-fine-grained-token", "GitHub fine-grained token", ["github_pat_"], Shapes.Word, 82, 82),
        Token("gitlab-token", "GitLab personal, deploy, runner, trigger or job token", ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glsoat-"], Shapes.Base64Url, 20, 300),
        Token("slack-token", "Slack token", ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxe.xoxp-", "xapp-"], Shapes.Base64Url, 20, 255),
        Token("slack-webhook", "Slack incoming webhook", ["hooks.slack.com/services/"], Shapes.SlackHook, 40, 80, bodyOnly: true),
        Token("discord-webhook", "Discord webhook", ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"], SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-/"u8), 80, 110, bodyOnly: true),
        Token("stripe-key", "Stripe secret or restricted key", ["sk_live_", "rk_live_", "sk_test_", "rk_test_"], Shapes.Alphanumeric, 16, 247),
        Token("stripe-webhook-secret", "Stripe webhook signing secret", ["whsec_"], Shapes.Base64, 32, 64),
        Token("google-api-key", "Google API key", ["AIza"], Shapes.Base64Url, 35, 35),
        Token("google-oauth-secret", "Google OAuth client secret", ["GOCSPX-"], Shapes.Base64Url, 28, 28),
        Token("google-oauth-token", "Google OAuth access token", ["ya29."], Shapes.Base64Url, 30, 1024),
        Token("openai-key", "OpenAI project, service or admin key", ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], Shapes.Base64Url, 40, 220),
        Token("openai-legacy-key", "OpenAI key of the old form, and the like of other services", ["sk-"], Shapes.Alphanumeric, 32, 64),
        Token("anthropic-key", "Anthropic key", ["sk-ant-"], Shapes.Base64Url, 60, 160),
        Token("openrouter-key", "OpenRouter key", ["sk-or-v1-"], Shapes.LowerHex, 64, 64, Samples.LowerHex),
        Token("huggingface-token", "Hugging Face token", ["hf_", "api_org_"], Shapes.Alphanumeric, 34, 40),
        Token("replicate-token", "Replicate token", ["r8_"], Shapes.Alphanumeric, 37, 37),
        Token("groq-key", "Groq key", ["gsk_"], Shapes.Alphanumeric, 50, 56),
        Token("perplexity-key", "Perplexity key", ["pplx-"], Shapes.Alphanumeric, 40, 64),
        Token("xai-key", "xAI key", ["xai-"], Shapes.Alphanumeric, 70, 90),
        Token("npm-token", "npm token", ["npm_"], Shapes.Alphanumeric, 36, 36),
        Token("pypi-token", "PyPI upload token", ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"], Shapes.Base64Url, 50, 1000),
        Token("rubygems-key", "RubyGems key", ["rubygems_"], Shapes.LowerHex, 48, 48, Samples.LowerHex),
        Token("docker-token", "Docker Hub token", ["dckr_pat_", "dckr_oat_"], Shapes.Base64Url, 27, 32),
        Token("sendgrid-key", "SendGrid key", ["SG."], SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-."u8), 66, 66,
            sample: "SG." + Samples.Of(22) + "." + Samples.Of(43, seed: 2), isValid: static body => body[22] == '.'),
        Token("twilio-key", "Twilio API key", [.. Samples.LowerHex.Select(c => "SK" + c)], Shapes.LowerHex, 31, 31, Samples.LowerHex),
        Token("mailgun-key", "Mailgun key", ["key-"], Shapes.LowerHex, 32, 32, Samples.LowerHex),
        Token("brevo-key", "Brevo key", ["xkeysib-"], Shapes.Base64Url, 81, 81, Samples.LowerHex),
        Token("digitalocean-token", "DigitalOcean token", ["dop_v1_", "doo_v1_", "dor_v1_"], Shapes.LowerHex, 64, 64, Samples.LowerHex),
        Token("shopify-token", "Shopify token", ["shpat_", "shpca_", "shppa_", "shpss_"], Shapes.Hex, 32, 32, Samples.LowerHex),
        Token("square-token", "Square access token or secret", ["sq0atp-", "sq0csp-"], Shapes.Base64Url, 22, 43),
        Token("square-access-token", "Square access token of the new form", ["EAAA"], Shapes.Base64Url, 60, 60, inBase64: true),
        Token("databricks-token", "Databricks token", ["dapi"], Shapes.LowerHex, 32, 32, Samples.LowerHex),
        Token("doppler-token", "Doppler token", ["dp.pt.", "dp.st.", "dp.ct."], Shapes.Alphanumeric, 40, 44),
        Token("linear-key", "Linear key", ["lin_api_"], Shapes.Alphanumeric, 40, 40),
        Token("postman-key", "Postman key", ["PMAK-"], Shapes.Base64Url, 59, 59, Samples.LowerHex),
        Token("new-relic-key", "New Relic user key", ["NRAK-"], Shapes.UpperAlphanumeric, 27, 27, Samples.Upper),
        Token("atlassian-token", "Atlassian token", ["ATATT3"], SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-="u8), 180, 200),
        Token("grafana-token", "Grafana service account or cloud token", ["glsa_", "glc_"], Shapes.Word, 32, 400),
        Token("vault-token", "HashiCorp Vault token", ["hvs.", "hvb.", "hvr."], Shapes.Base64Url, 24, 300),
        Token("pulumi-token", "Pulumi token", ["pul-"], Shapes.LowerHex, 40, 40, Samples.LowerHex),
        Token("supabase-token", "Supabase token", ["sbp_"], Shapes.LowerHex, 40, 40, Samples.LowerHex),
        Token("sourcegraph-token", "Sourcegraph token", ["sgp_"], Shapes.Word, 40, 60, Samples.LowerHex),
        Token("figma-token", "Figma token", ["figd_"], Shapes.Base64Url, 40, 45),
        Token("notion-token", "Notion token", ["ntn_"], Shapes.Alphanumeric, 40, 50),
        Token("planetscale-token", "PlanetScale token or password", ["pscale_tkn_", "pscale_pw_"], Shapes.Base64Url, 32, 64),
        Token("age-secret-key", "age secret key", ["AGE-SECRET-KEY-1"], Shapes.UpperAlphanumeric, 58, 58, Samples.Upper),
        Token("azure-storage-key", "Azure storage account key", ["AccountKey="], SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/="u8), 88, 88, bodyOnly: true,
            sample: "AccountKey=", body: Samples.Of(86) + "=="),
        Token("azure-shared-access-key", "Azure Service Bus or Event Hubs key", ["SharedAccessKey="], SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/="u8), 44, 44, bodyOnly: true,
            sample: "SharedAccessKey=", body: Samples.Of(43) + "="),
    ];

    private delegate bool BodyCheck(ReadOnlySpan<byte> body);

    private static Rule Token(string id, string description, string[] prefixes, SearchValues<byte> alphabet, int shortest, int longest,
        string sampleAlphabet = Samples.Alphanumeric, bool bodyOnly = false, string? sample = null, string body = "", BodyCheck? isValid = null, bool inBase64 = false)
    {
        string prefix = sample is null || bodyOnly ? prefixes[0] : "";
        string value = body.Length > 0 ? body : sample is not null && !bodyOnly ? sample : Samples.Of(shortest, sampleAlphabet);
        string marked = bodyOnly ? $"{prefix}«{value}»" : $"«{prefix}{value}»";
        return new Rule(id, RedactionKind.Key, description, RuleAnchor.Literal, Match)
        {
            Specificity = 30,
            Literals = prefixes,
            Positives = [$"x = \"{marked}\"", $"({marked})", $"\\n{marked}\\n"],
            Negatives = [$"{prefixes[0]}{Samples.Of(Math.Min(9, shortest - 1), sampleAlphabet)} ", $"{prefixes[0]}{new string('x', shortest)}", $"{prefixes[0]}{new string('0', shortest)}"],
        };

        void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
        {
            if (!bodyOnly && (!Shapes.StartsWord(text, at) || Shapes.At(text, at - 1) == '-'))
                return;
            // A prefix that zeros in base64 give too.
            if (inBase64 && Shapes.At(text, at - 1) is (byte)'/' or (byte)'+')
                return;
            int start = at;
            foreach (string literal in prefixes)
            {
                if (literal.Length <= text.Length - at && System.Text.Ascii.Equals(text.Slice(at, literal.Length), literal))
                    start = at + literal.Length;
            }
            int length = Shapes.Run(text, start, alphabet, longest + 1);
            sink.Count(length);
            // A dash or dot that ends the sentence is no part of the token.
            while (length > shortest && text[start + length - 1] is (byte)'.' or (byte)'-')
                length--;
            if (length < shortest || length > longest || Shapes.IsWord(Shapes.At(text, start + length)))
                return;
            ReadOnlySpan<byte> found = text.Slice(start, length);
            if (IsExample(found) || (isValid is not null && !isValid(found)))
                return;
            sink.Add(rule, bodyOnly ? start : at, start + length);
        }
    }

    // One AWS key id in thirty has no digit.
    private static bool IsRandomLetters(ReadOnlySpan<byte> body)
    {
        int upper = 0;
        foreach (byte b in body)
        {
            if (!Shapes.IsLetter(b))
                return false;
            upper += b <= (byte)'Z' ? 1 : 0;
        }
        return Shapes.Distinct(body) > 7 && (upper == body.Length || (upper >= body.Length / 5 && body.Length - upper >= body.Length / 5));
    }

    private static bool IsExample(ReadOnlySpan<byte> body)
    {
        if (Shapes.Distinct(body) < 7 || (body.IndexOfAny(DigitScan.Digits) < 0 && !IsRandomLetters(body)))
            return true;
        Span<char> wide = stackalloc char[body.Length];
        System.Text.Encoding.Latin1.GetChars(body, wide);
        foreach (string word in ExampleWords)
        {
            if (((ReadOnlySpan<char>)wide).Contains(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
