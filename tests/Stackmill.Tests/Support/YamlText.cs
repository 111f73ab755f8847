using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Stackmill.Tests.Support;

/// <summary>YAML as the tools that read it see it: with anchors and merged keys resolved, and plain words as what they stand for.</summary>
internal static class YamlText
{
    /// <summary>The documents of a text; a key that is written twice, or anything else that is no YAML, fails.</summary>
    public static IReadOnlyList<JsonNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(d => Node(d.RootNode)!)];
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode mapping => Mapping(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidDataException($"a node of kind {node.NodeType}"),
    };

    private static JsonObject Mapping(YamlMappingNode mapping)
    {
        var json = new JsonObject();
        foreach (var (key, value) in mapping.Where(p => p.Key is YamlScalarNode { Value: "<<" }))
        {
            foreach (var (name, inner) in Mapping((YamlMappingNode)value).ToList())
                json[name] = inner?.DeepClone();
        }

        foreach (var (key, value) in mapping.Where(p => p.Key is not YamlScalarNode { Value: "<<" }))
            json[((YamlScalarNode)key).Value!] = Node(value);
        return json;
    }

    private static JsonValue? Plain(string word) => word switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) => JsonValue.Create(large),
        _ => JsonValue.Create(word),
    };
}
