using System.Text.Json.Nodes;

namespace Stackmill.Tests.Support;

/// <summary>JSON lines that the program has written without compression.</summary>
internal static class JsonLineFiles
{
    /// <summary>Every object of every <c>.jsonl</c> file below a folder, in the order of the paths.</summary>
    public static List<JsonObject> Read(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>Every object of a text.</summary>
    public static List<JsonObject> Parse(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
}
