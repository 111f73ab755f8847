using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;

namespace Stackmill.Datasets;

/// <summary>Writes reports: indented JSON, whole or not at all.</summary>
internal static class Report
{
    /// <summary>How reports are written: text of any script as it is.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a report.</summary>
    public static void Write(string path, JsonNode report) => AtomicFile.Write(path, stream =>
    {
        using (var writer = new Utf8JsonWriter(stream, Options))
            report.WriteTo(writer);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Counts as an object.</summary>
    public static JsonObject Object(IEnumerable<KeyValuePair<string, long>> counts)
    {
        var node = new JsonObject();
        foreach (var (name, count) in counts)
            node[name] = count;
        return node;
    }
}
