using System.Text;
using System.Text.Json.Nodes;

namespace Stackmill.Runs.Cluster;

/// <summary>Objects as YAML in blocks, for people who read manifests. Texts are quoted unless nothing can take them for something else.</summary>
internal static class ManifestYaml
{
    private const int Step = 2;

    /// <summary>Documents, one after another.</summary>
    public static string Write(string remark, IEnumerable<JsonObject> documents)
    {
        var text = new StringBuilder($"# {remark}\n");
        foreach (var document in documents)
        {
            text.Append("---\n");
            Mapping(text, document, 0, isInline: false);
        }

        return text.ToString();
    }

    private static void Mapping(StringBuilder text, JsonObject mapping, int depth, bool isInline)
    {
        foreach (var (key, value) in mapping)
        {
            // The first key of an item stands behind its dash.
            if (!isInline)
                text.Append(' ', depth);
            isInline = false;
            text.Append(Word(key)).Append(':');
            Value(text, value, depth, key);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int depth, string? key)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping when key is not null:
                text.Append('\n');
                Mapping(text, mapping, depth + Step, isInline: false);
                break;
            case JsonObject { Count: > 0 } mapping:
                text.Append(' ');
                Mapping(text, mapping, depth + Step, isInline: true);
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                foreach (var item in items)
                {
                    text.Append(' ', depth + Step).Append('-');
                    Value(text, item, depth + Step, key: null);
                }

                break;
            case JsonValue scalar when scalar.TryGetValue<string>(out var words):
                text.Append(' ').Append(Word(words)).Append('\n');
                break;
            default:
                text.Append(' ').Append(value?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    // A text in JSON's quotation marks is one in YAML's, whatever it holds.
    private static string Word(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
        && text.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n")
            ? text : JsonValue.Create(text).ToJsonString();
}
