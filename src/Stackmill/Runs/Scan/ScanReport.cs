using System.Globalization;
using System.Text.Json;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Runs.Scan;

/// <summary>Writes what a scan found: as text for people, as JSON, or as SARIF 2.1.0 (OASIS) for forges and editors.</summary>
internal static class ScanReport
{
    /// <summary>Name of the fingerprints in SARIF.</summary>
    public const string FingerprintName = "stackmillScan/v1";

    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line a find: <c>path:line:column: kind, rule (confidence)</c>.</summary>
    public static void WriteText(ScanResult result, TextWriter output)
    {
        foreach (var f in result.Findings)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Printable(f.Path)}:{f.Line}:{f.Column}: {f.Kind}, {f.Rule} ({f.Confidence:0.##})"));
            if (f.Context is not null)
                output.WriteLine($"    {f.Context}");
        }
    }

    /// <summary>One object.</summary>
    public static void WriteJson(ScanResult result, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteNumber("files_scanned", result.Files);
        json.WriteNumber("files_binary", result.Binary);
        json.WriteNumber("files_too_large", result.TooLarge);
        json.WriteNumber("findings_known", result.Known);
        json.WriteStartObject("findings_by_kind");
        foreach (var kind in result.Findings.CountBy(f => f.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
            json.WriteNumber(kind.Key, kind.Value);
        json.WriteEndObject();
        json.WriteStartArray("findings");
        foreach (var f in result.Findings)
        {
            json.WriteStartObject();
            json.WriteString("path", f.Path);
            json.WriteNumber("line", f.Line);
            json.WriteNumber("column", f.Column);
            json.WriteNumber("end_line", f.EndLine);
            json.WriteNumber("end_column", f.EndColumn);
            json.WriteString("kind", f.Kind);
            json.WriteString("rule", f.Rule);
            json.WriteNumber("start", f.Start);
            json.WriteNumber("length", f.Length);
            json.WriteNumber("confidence", f.Confidence);
            json.WriteString("fingerprint", f.Fingerprint);
            if (f.Context is not null)
                json.WriteString("context", f.Context);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("failed");
        foreach (var (path, reason) in result.Failed)
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    /// <summary>A SARIF log with one run.</summary>
    public static void WriteSarif(ScanResult result, RedactionOptions options, string version, Stream output)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = RuleCatalog.Rules.Concat(options.UserRules.Rules.Select(r => r.Rule)).Where(options.Includes).ToList();
        var index = rules.Index().GroupBy(r => r.Item.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Index, StringComparer.Ordinal);
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "stackmill");
        json.WriteString("semanticVersion", version);
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            Text(json, "shortDescription", rule.Description);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", Level(rule.Kind == RedactionKind.Key));
            json.WriteEndObject();
            json.WriteStartObject("properties");
            json.WriteString("kind", RedactionKinds.Name(rule.Kind));
            json.WriteNumber("confidence", rule.Confidence);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("columnKind", "unicodeCodePoints");
        json.WriteStartArray("results");
        foreach (var f in result.Findings)
            Result(json, f, rules[index[f.Rule]].Description, index[f.Rule]);
        json.WriteEndArray();
        Invocation(json, result);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    private static void Result(Utf8JsonWriter json, ScanFinding f, string description, int rule)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", f.Rule);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", Level(f.Kind == "key"));
        Text(json, "message", f.Context is null ? description : $"{description}: {f.Context}");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", string.Join('/', f.Path.Split('/').Select(Uri.EscapeDataString)));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", f.Line);
        json.WriteNumber("startColumn", f.Column);
        json.WriteNumber("endLine", f.EndLine);
        json.WriteNumber("endColumn", f.EndColumn);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString(FingerprintName, f.Fingerprint);
        json.WriteEndObject();
        json.WriteNumber("rank", Math.Round(f.Confidence * 100, 1));
        json.WriteEndObject();
    }

    private static void Invocation(Utf8JsonWriter json, ScanResult result)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", result.Failed.Count == 0);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var (path, reason) in result.Failed)
        {
            json.WriteStartObject();
            json.WriteString("level", "error");
            Text(json, "message", $"{path}: {reason}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>A name without what would move a terminal's cursor.</summary>
    public static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    private static string Level(bool isSecret) => isSecret ? "error" : "warning";

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
