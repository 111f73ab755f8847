using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Stackmill.Shared.Licenses;

/// <summary>Reads the licence field of package manifests: npm, Composer, Bower, Cargo, Python, Maven, NuGet.</summary>
internal static partial class LicenseManifests
{
    /// <summary>The ids that a manifest names; empty when it names none or can't be read as what it is.</summary>
    /// <param name="name">Its file name.</param>
    /// <param name="content">Its bytes.</param>
    public static IReadOnlyList<string> Ids(string name, ReadOnlySpan<byte> content)
    {
        if (content.Length > LicenseFiles.MostBytes)
            return [];
        var values = name.EndsWith(".json", StringComparison.Ordinal) ? OfJson(content)
            : name.EndsWith(".toml", StringComparison.Ordinal) ? OfLines(content, TomlSections)
            : name.EndsWith(".cfg", StringComparison.Ordinal) ? OfLines(content, ["[metadata]"])
            : OfXml(content);
        var ids = new List<string>();
        foreach (var value in values)
            ids.AddRange(OfValue(value).Except(ids));
        return ids;
    }

    private static readonly string[] TomlSections = ["[package]", "[project]", "[tool.poetry]", "[workspace.package]", "[project.license]"];

    private static IReadOnlyList<string> OfValue(string value)
    {
        value = value.Trim();
        if (value.Length == 0 || value.StartsWith("SEE LICEN", StringComparison.OrdinalIgnoreCase) || value.StartsWith("file", StringComparison.OrdinalIgnoreCase))
            return [];
        if (value == "UNLICENSED")
            return [LicenseRefs.Unlicensed];
        if (SpdxExpression.Ids(value, strict: true) is { } ids)
            return ids;
        var bytes = Encoding.UTF8.GetBytes(value);
        return LicenseStatements.NamesAt(bytes, 0, bytes.Length, out _) is { Count: > 0 } named ? named : [LicenseRefs.Unknown];
    }

    private static List<string> OfJson(ReadOnlySpan<byte> content)
    {
        var values = new List<string>();
        try
        {
            var json = new Utf8JsonReader(content.StartsWith("\uFEFF"u8) ? content[3..] : content, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return values;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isLicense = json.ValueTextEquals("license"u8) || json.ValueTextEquals("licenses"u8);
                json.Read();
                if (isLicense)
                    Add(ref json, values);
                else
                    json.Skip();
            }
        }
        catch (JsonException)
        {
            // What was read before the fault stays; a manifest is no source of its own.
            return values;
        }

        return values;
    }

    // A text, {"type": text}, or a list of those.
    private static void Add(ref Utf8JsonReader json, List<string> values)
    {
        var depth = json.CurrentDepth;
        var isType = true;
        do
        {
            if (json.TokenType == JsonTokenType.PropertyName)
                isType = json.ValueTextEquals("type"u8);
            else if (json.TokenType == JsonTokenType.StartObject)
                isType = false;
            else if (json.TokenType == JsonTokenType.EndObject)
                isType = true;
            else if (json.TokenType == JsonTokenType.String && isType && !HasBrokenText(ref json))
                values.Add(json.GetString()!);
        }
        while ((json.CurrentDepth > depth || json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) && json.Read());
    }

    private static bool HasBrokenText(ref Utf8JsonReader json) => json.ValueIsEscaped || !System.Text.Unicode.Utf8.IsValid(json.ValueSpan);

    private static List<string> OfLines(ReadOnlySpan<byte> content, string[] sections)
    {
        var (values, classifiers, isIn) = (new List<string>(), new List<string>(), false);
        foreach (var raw in Encoding.UTF8.GetString(content).Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith('[') && line.EndsWith(']') && !line.Contains('"'))
                isIn = sections.Contains(line);
            else if (isIn && LicenseLine().Match(line) is { Success: true } match)
                values.Add(match.Groups["value"].Value);
            else if (isIn && line.StartsWith("text", StringComparison.Ordinal) && TextLine().Match(line) is { Success: true } text)
                values.Add(text.Groups["value"].Value);
            if (Classifier().Match(line) is { Success: true } classifier)
                classifiers.Add(classifier.Groups["value"].Value);
        }

        // Classifiers are coarser ("BSD License") than the field.
        return values.Count > 0 ? values : classifiers;
    }

    private static List<string> OfXml(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content);
        var values = new List<string>();
        foreach (Match match in NugetLicense().Matches(text))
            values.Add(match.Groups["value"].Value);
        if (MavenLicenses().Match(text) is { Success: true } maven)
            values.AddRange(MavenName().Matches(maven.Value).Select(m => m.Groups["value"].Value));
        return values;
    }

    // license = "MIT", license = MIT, license = {text = "MIT"}; not license-file.
    [GeneratedRegex("""^license\s*[=:]\s*(?:\{\s*text\s*=\s*)?["']?(?<value>[^\s"'{}#\[][^"'{}#\[]{0,199})""", RegexOptions.NonBacktracking)]
    private static partial Regex LicenseLine();

    [GeneratedRegex("""^text\s*=\s*["'](?<value>[^"']{1,200})["']""", RegexOptions.NonBacktracking)]
    private static partial Regex TextLine();

    [GeneratedRegex("""License :: OSI Approved :: (?<value>[^"'(]{1,100})""", RegexOptions.NonBacktracking)]
    private static partial Regex Classifier();

    [GeneratedRegex("""<license type="expression"\s*>(?<value>[^<]{1,200})</license>""", RegexOptions.NonBacktracking)]
    private static partial Regex NugetLicense();

    [GeneratedRegex("""(?s)<licenses>.{0,4000}?</licenses>""")]
    private static partial Regex MavenLicenses();

    [GeneratedRegex("""<name>\s*(?<value>[^<]{1,200}?)\s*</name>""", RegexOptions.NonBacktracking)]
    private static partial Regex MavenName();
}
