using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;

namespace Stackmill.Organize;

/// <summary>
/// Writes <c>ingest_manifest.json</c>: where each file went, and which were skipped and why, in the seed system's form.
/// It is streamed from the shards and the ledger, so its size does not matter to memory.
/// </summary>
internal static class IngestManifest
{
    /// <summary>Name of the file in the staged dataset.</summary>
    public const string FileName = "ingest_manifest.json";

    /// <summary>Writes the file.</summary>
    /// <param name="folder">The staged dataset.</param>
    /// <param name="manifest">Its manifest, not yet written.</param>
    /// <param name="input">The input, as given.</param>
    /// <param name="start">When the stage began.</param>
    /// <param name="end">When it ended.</param>
    public static void Write(string folder, Manifest manifest, string input, DateTimeOffset start, DateTimeOffset end)
    {
        var dataset = Dataset.Of(folder, manifest);
        AtomicFile.Write(Path.Combine(folder, FileName), stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions
            {
                Indented = true,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            });
            json.WriteStartObject();
            json.WriteString("input_dir", input);
            json.WriteString("output_dir", folder);
            json.WriteString("start_time", start);
            json.WriteStartArray("moved");
            var (moved, skipped, bytes) = (0L, 0L, 0L);
            var names = new SafeNames();
            for (var shard = 0; shard < manifest.Shards.Count; shard++)
            {
                foreach (var batch in dataset.Read(shard, RecordColumns.WithoutContent()))
                {
                    foreach (var record in batch)
                    {
                        json.WriteStartObject();
                        json.WriteString("src", record.DisplayPath);
                        json.WriteString("dst", names.Assign(record));
                        json.WriteString("lang", LanguageFolder.Of(record.Language));
                        json.WriteNumber("bytes", record.LengthBytes);
                        json.WriteString("sha256", record.Sha256);
                        json.WriteString("shard", manifest.Shards[shard].Path);
                        json.WriteEndObject();
                        moved++;
                        bytes += record.LengthBytes;
                    }

                    json.Flush();
                }
            }

            json.WriteEndArray();
            json.WriteStartArray("skipped");
            foreach (var row in dataset.ReadLedger())
            {
                json.WriteStartObject();
                json.WriteString("path", row.RepoName.Length == 0 ? row.Path : row.RepoName + "/" + row.Path);
                json.WriteString("reason", row.Reason);
                if (row.Action == LedgerAction.Failed)
                    json.WriteBoolean("failed", true);
                if (row.Detail is not null)
                    json.WriteString("detail", row.Detail);
                json.WriteEndObject();
                if (++skipped % 1024 == 0)
                    json.Flush();
            }

            json.WriteEndArray();
            json.WriteNumber("total_moved", moved);
            json.WriteNumber("total_skipped", skipped);
            json.WriteNumber("total_bytes", bytes);
            json.WriteString("end_time", end);
            json.WriteEndObject();
        });
    }
}
