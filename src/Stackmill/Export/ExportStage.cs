using System.IO.Compression;
using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Export;

/// <summary>
/// The last stage: writes a dataset in the form that its users take: Parquet, JSON lines, or plain files by language.
/// An export is a dataset of its own, with manifest and root hash.
/// </summary>
internal static class ExportStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "export";

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 1;

    /// <summary>Runs the stage, or finds that the export is up to date.</summary>
    public static Manifest Run(Dataset input, string output, ExportOptions options, RunContext context) => Do(input, output, options, context, WorkPart.Whole())!;

    /// <summary>Does a part of the stage; gives the manifest when the release is finished.</summary>
    public static Manifest? Do(Dataset input, string output, ExportOptions options, RunContext context, WorkPart part)
    {
        RequireApart(input.Folder, output);
        StageColumns.Tell(context, Id, part, () => Lineage(input, output, options));
        using var build = DatasetBuild.Begin(output, context, part);
        build.Prepare(new DatasetPlan(Id, Version, $"{options.Format}:{input.Manifest.Content}", ResolvedConfiguration.Of(options).Json, [new ManifestInput(input.Manifest.Stage, input.Manifest.RootHash)]), () => FileTreeWorker.RemoveOld(output));
        if (build.UpToDate is { } manifest)
            return manifest;
        var names = options.Format == "files" && !part.IsPlan && !part.IsEnd ? FileTreeNames.Assign(input) : null;
        var markers = build.RunLast(input.Tasks, () => options.Format switch
        {
            "files" => new FileTreeWorker(input, names!),
            "jsonl" => new JsonLinesWorker(input, options.Compression),
            _ => new ParquetWorker(input),
        });
        if (markers is null)
            return null;
        if (options.Format == "files")
            FileTreeWorker.RemoveAnnouncements(output, markers);
        return build.Publish(markers, input.Tasks);
    }

    // A tree of plain files has no columns.
    private static StageData Lineage(Dataset input, string output, ExportOptions options) => new([StageColumns.Place(input)], new DataPlace(
        output, options.Format switch { "jsonl" => "json", "files" => "", _ => "parquet" }, options.Format == "files" ? [] : StageColumns.Of(input.Manifest.Content == "bytes" ? RecordColumns.Staged() : RecordColumns.Text())));

    private static void RequireApart(string input, string output)
    {
        var (from, to) = (RealPath.OfFolder(input), RealPath.OfFolder(output));
        if (to.StartsWith(from, StringComparison.Ordinal) || from.StartsWith(to, StringComparison.Ordinal))
            throw new UsageException($"the output '{output}' and the input dataset '{input}' lie inside one another. Choose an --output outside of the dataset.");
    }

    // A shard already is what this export is made of: its bytes are checked and copied.
    private sealed class ParquetWorker(Dataset input) : IShardWorker
    {
        public void Run(ShardTask task, ShardContext context)
        {
            var shard = input.Manifest.Shards[task.Index];
            var target = context.CreateOutput($"{LanguageFolder.Of(shard.Language)}/{task.Name}.parquet", ShardOutput.ShardKind, shard.Language, () => (shard.Rows, shard.ContentBytes));
            File.Copy(input.Verified(task.Index), target, overwrite: true);
            context.Books.In += shard.Rows;
            context.Books.Kept += shard.Rows;
            context.Books.BytesIn += shard.ContentBytes;
            context.Books.BytesKept += shard.ContentBytes;
            context.Advance(shard.ContentBytes);
        }

        public void Dispose()
        {
        }
    }

    private sealed class JsonLinesWorker(Dataset input, string compression) : IShardWorker
    {
        private const int ZstdLevel = 3;

        public void Run(ShardTask task, ShardContext context)
        {
            var shard = input.Manifest.Shards[task.Index];
            var suffix = compression switch { "zstd" => ".jsonl.zst", "gzip" => ".jsonl.gz", _ => ".jsonl" };
            var path = $"{LanguageFolder.Of(shard.Language)}/{task.Name}{suffix}";
            var (rows, bytes) = (0L, 0L);
            using var file = new FileStream(context.CreateOutput(path, ShardOutput.ShardKind, shard.Language, () => (rows, bytes)), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            using Stream stream = compression switch
            {
                "zstd" => new ZstdSharp.CompressionStream(file, ZstdLevel),
                "gzip" => new GZipStream(file, CompressionLevel.Optimal),
                _ => file,
            };
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            foreach (var record in Records(input, task, context))
            {
                JsonRecordWriter.Write(writer, record);
                writer.Flush();
                writer.Reset();
                stream.WriteByte((byte)'\n');
                context.Books.Kept++;
                context.Books.BytesKept += record.Content.Length;
                rows++;
                bytes += record.Content.Length;
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>The records of a shard, counted as they come.</summary>
    internal static IEnumerable<CodeRecord> Records(Dataset input, ShardTask task, ShardContext context)
    {
        var columns = input.Manifest.Content == "bytes" ? RecordColumns.Staged() : RecordColumns.Text();
        foreach (var batch in input.Read(task.Index, columns))
        {
            foreach (var record in batch)
            {
                context.Books.In++;
                context.Books.BytesIn += record.Content.Length;
                context.Advance(record.Content.Length);
                yield return record;
            }
        }
    }
}
