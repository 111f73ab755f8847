using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stackmill.Shared.Configuration;

/// <summary>
/// The JSON Schema of an options class, for editors. It is draft 7, which YAML editors know. It is as strict as the binder,
/// save that the binder also takes unquoted numbers and switches where a text is expected.
/// </summary>
public static class ConfigurationSchema
{
    // As SizeText reads sizes; JSON Schema's patterns have no case switch.
    private const string SizePattern = "^[0-9]+$|^[0-9]+(\\.[0-9]+)? *[kKmMgGtT][iI]?[bB]$|^[0-9]+ *[bB]$";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // It is a file of its own, never part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as indented JSON with a line end.</summary>
    public static string Write<T>(string title) where T : class, new()
    {
        var tree = OptionTree.Of(typeof(T));
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = title };
        foreach (var (name, value) in Section(tree.Root, tree.NewDefaults()).ToList())
            schema[name] = value?.DeepClone();
        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Section(OptionSection section, object defaults)
    {
        var properties = new JsonObject();
        foreach (var child in section.Children)
            properties[child.Key] = child is OptionLeaf leaf ? Leaf(leaf, defaults) : Section((OptionSection)child, defaults);
        var schema = new JsonObject();
        if (section.Summary.Length > 0)
            schema["description"] = section.Summary;
        // A section whose keys are all commented out is null to YAML.
        schema["type"] = new JsonArray("object", "null");
        schema["additionalProperties"] = false;
        schema["properties"] = properties;
        return schema;
    }

    private static JsonObject Leaf(OptionLeaf leaf, object defaults)
    {
        var schema = new JsonObject
        {
            ["description"] = leaf.Summary,
            ["type"] = Type(leaf),
            ["default"] = ResolvedConfiguration.ToNode(leaf, leaf.Get(defaults)),
        };
        switch (leaf.Kind)
        {
            case OptionKind.TextList:
                schema["items"] = Item(leaf);
                break;
            case OptionKind.TextMap:
                schema["additionalProperties"] = Item(leaf);
                break;
            case OptionKind.Text when leaf.Declaration.Values.Length > 0:
                var words = Words(leaf);
                if (leaf.IsNullable)
                    words.Add(null);
                schema["enum"] = words;
                break;
            case OptionKind.Size:
                schema["pattern"] = SizePattern;
                break;
        }
        if (leaf.HasMin || leaf.Kind == OptionKind.Size)
            schema["minimum"] = leaf.Min;
        if (leaf.HasMax)
            schema["maximum"] = leaf.Max;
        return schema;
    }

    private static JsonNode Type(OptionLeaf leaf)
    {
        string[] types = leaf.Kind switch
        {
            OptionKind.Switch => ["boolean"],
            OptionKind.WholeNumber => ["integer"],
            OptionKind.Number => ["number"],
            OptionKind.Size => ["integer", "string"],
            OptionKind.TextList => ["array"],
            OptionKind.TextMap => ["object"],
            _ => leaf.Declaration.IsTextOrSwitch ? ["boolean", "string"] : ["string"],
        };
        if (types.Length == 1 && !leaf.IsNullable)
            return types[0];
        var all = new JsonArray([.. types.Select(type => (JsonNode)type)]);
        if (leaf.IsNullable)
            all.Add("null");
        return all;
    }

    private static JsonObject Item(OptionLeaf leaf)
    {
        var item = new JsonObject { ["type"] = "string" };
        if (leaf.Declaration.Values.Length > 0)
            item["enum"] = Words(leaf);
        return item;
    }

    private static JsonArray Words(OptionLeaf leaf) => new([.. leaf.Declaration.Values.Select(word => (JsonNode)word)]);
}
