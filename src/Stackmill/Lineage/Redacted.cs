using System.Text.RegularExpressions;

namespace Stackmill.Lineage;

/// <summary>Error texts that go to others: without credentials in addresses, and without what the environment holds as secret.</summary>
internal static partial class Redacted
{
    private const string Mark = "***";
    private const int MostChars = 4000;

    // Shorter values are words that may stand anywhere.
    private const int LeastSecret = 6;

    // Variables that commands read credentials from.
    private static readonly string[] Secrets =
    [
        LineageOptions.KeyVariable, "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "GITHUB_TOKEN",
        "STACKMILL_MONITORING_TOKEN", "STACKMILL_PUSHGATEWAY_AUTHORIZATION", "OTEL_EXPORTER_OTLP_HEADERS",
    ];

    /// <summary>The text as others may see it.</summary>
    public static string Of(string text, Func<string, string?> environment)
    {
        foreach (var secret in Secrets.Select(environment).Where(s => s is { Length: >= LeastSecret }))
            text = text.Replace(secret!, Mark, StringComparison.Ordinal);
        text = Credentials().Replace(text, $"$1{Mark}@");
        text = Query().Replace(text, "$1?" + Mark);
        return text.Length <= MostChars ? text : text[..MostChars] + "…";
    }

    // A key may hold slashes: where a colon comes before it, all up to the last at sign goes.
    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/\s'""]*:[^\s'""]*@|[^/\s'""]+@)")]
    private static partial Regex Credentials();

    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.-]*://[^\s'""?]*)\?[^\s'""]+")]
    private static partial Regex Query();
}
