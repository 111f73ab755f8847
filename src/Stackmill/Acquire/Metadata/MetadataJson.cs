using System.Text.Encodings.Web;
using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Acquire.Metadata;

/// <summary>
/// Writes <c>filtered_metadata_&lt;language&gt;.json</c> beside the Parquet file, in the form of the system that this one
/// replaces: one array of whole rows, one row a line. Times are ISO 8601 in UTC, what is unknown is null.
/// </summary>
internal static class MetadataJson
{
    private const string Pattern = MetadataTable.Prefix + "*.json";

    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the files of the shards that have none.</summary>
    public static void WriteMissing(string folder, Manifest manifest, CancellationToken cancellation)
    {
        foreach (var shard in manifest.Shards)
        {
            var target = Path.ChangeExtension(Path.Combine(folder, shard.Path), ".json");
            if (!File.Exists(target))
                AtomicFile.Write(target, stream => Write(Path.Combine(folder, shard.Path), stream, cancellation));
        }
    }

    /// <summary>Removes all of a folder.</summary>
    public static void Remove(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, Pattern).ToList())
            File.Delete(file);
    }

    private static void Write(string parquet, Stream stream, CancellationToken cancellation)
    {
        var columns = MetadataColumns.All(MetadataTable.HasFilename(parquet)).Select(c => (Name: JsonEncodedText.Encode(c.Name), c.WriteValue)).ToList();
        using var json = new Utf8JsonWriter(stream, Form);
        stream.Write("["u8);
        var first = true;
        foreach (var batch in MetadataTable.Read(parquet))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var row in batch)
            {
                stream.Write(first ? "\n"u8 : ",\n"u8);
                first = false;
                json.WriteStartObject();
                foreach (var (name, write) in columns)
                {
                    json.WritePropertyName(name);
                    write(json, row);
                }

                json.WriteEndObject();
                json.Flush();
                json.Reset();
            }
        }

        stream.Write("\n]\n"u8);
    }
}
