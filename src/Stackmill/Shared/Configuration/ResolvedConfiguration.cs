using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Stackmill.Shared.Configuration;

/// <summary>
/// The options that a run really used, in canonical form: compact JSON with every key in declaration order, sizes in bytes,
/// named texts in ordinal order. Equal options give equal text on every machine, so its hash tells whether a stage has to run again.
/// </summary>
/// <param name="Json">The text. Credentials appear only as <c>true</c> (set) or <c>null</c> (not set).</param>
/// <param name="Sha256">SHA-256 of the text's UTF-8 bytes, in lower-case hex.</param>
public sealed record ResolvedConfiguration(string Json, string Sha256)
{
    /// <summary>The canonical form of an options object (a whole configuration, or the options of one stage).</summary>
    /// <param name="options">An object whose properties carry <c>[Option]</c> and <c>[Section]</c>.</param>
    /// <param name="include">Given a dotted key, whether it belongs in; leave out what can't change the output (workers, logging).</param>
    public static ResolvedConfiguration Of(object options, Predicate<string>? include = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var root = new JsonObject();
        AddSection(root, OptionTree.Of(options.GetType()).Root, options, include);
        // The default encoder escapes all but ASCII: it can't change with a newer Unicode version.
        var json = root.ToJsonString();
        return new ResolvedConfiguration(json, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))));
    }

    private static void AddSection(JsonObject target, OptionSection section, object options, Predicate<string>? include)
    {
        foreach (var child in section.Children)
        {
            if (child is OptionSection nested)
            {
                var inner = new JsonObject();
                AddSection(inner, nested, options, include);
                if (inner.Count > 0)
                    target[nested.Key] = inner;
            }
            else if (child is OptionLeaf leaf && include?.Invoke(leaf.Path) != false)
                target[leaf.Key] = leaf.Declaration.IsSecret ? Presence(leaf.Get(options)) : ToNode(leaf, leaf.Get(options));
        }
    }

    private static JsonValue? Presence(object? secret) => secret is null or "" ? null : JsonValue.Create(true);

    internal static JsonNode? ToNode(OptionLeaf leaf, object? value) => value switch
    {
        null => null,
        bool truth => JsonValue.Create(truth),
        int or long => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        // Adding zero makes −0 and 0 one number.
        double number => JsonValue.Create(number + 0.0),
        string text when leaf.Declaration.IsTextOrSwitch && text is "true" or "false" => JsonValue.Create(text == "true"),
        string text => JsonValue.Create(text),
        IReadOnlyList<string> texts => new JsonArray([.. texts.Select(text => (JsonNode)text)]),
        IReadOnlyDictionary<string, string> texts => new JsonObject(texts
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
        _ => throw new InvalidOperationException($"'{leaf.Path}' holds a {value.GetType().Name}"),
    };
}
