using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Organize.Sources;
using Stackmill.Preprocess.Measure;
using Stackmill.Shared;

namespace Stackmill.Tests.Support;

/// <summary>Makes records and small datasets without running the stages before.</summary>
internal static class TestDatasets
{
    /// <summary>A record of text, with ids and measures that fit its content.</summary>
    public static CodeRecord Record(string path, string content, string language = "Python", string repo = "")
    {
        var record = new CodeRecord { Path = path, RepoName = repo, Language = language, Content = Encoding.UTF8.GetBytes(content), SrcEncoding = "utf-8", Redactions = [] };
        RecordIdentity.Complete(record);
        Measure(record);
        return record;
    }

    /// <summary>Sets the measures, and one token a byte, from the content.</summary>
    public static void Measure(CodeRecord record)
    {
        var m = TextMeasures.Of(record.Content.Span);
        record.Measures = new RecordMeasures(
            m.Bytes, m.Characters, m.Lines, m.BlankLines, m.MeanLineLength, m.LongestLine,
            m.AlphabeticFraction, m.AlphanumericFraction, m.DigitFraction, m.WhitespaceFraction, m.Bytes);
        record.Sha256 = Convert.ToHexStringLower(SHA256.HashData(record.Content.Span));
    }

    /// <summary>A dataset of these records: by language, and at most three a shard.</summary>
    public static Dataset Make(string folder, IEnumerable<CodeRecord> records, bool text = true, int rowsPerShard = 3)
    {
        var all = records.ToList();
        var contents = all.ConvertAll(r => r.Content);
        var shards = all.GroupBy(r => r.Language).OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(g => g.Chunk(rowsPerShard)).ToList();
        var tasks = shards.Select((rows, i) => new ShardTask(i, ShardWriter.PartName(i), rows.Sum(r => r.Content.Length))).ToList();
        var context = TestRun.Context();
        using var build = DatasetBuild.Begin(folder, context);
        build.Prepare(new DatasetPlan(text ? "preprocess" : "organize", 1, text ? "text" : "bytes", "{}", [new ManifestInput("test", folder)]));
        var arena = new ThreadLocal<ByteArena>(() => new ByteArena());
        var markers = build.Run(tasks, () => new DelegateWorker((task, shard) =>
        {
            using var writer = new ShardWriter(shard, task.Name, text ? RecordColumns.Text() : RecordColumns.Staged(), arena.Value!);
            foreach (var record in shards[task.Index])
            {
                shard.Books.In++;
                writer.Add(record);
            }

            writer.Complete();
        }));
        // The writer moved the contents into its arena, which the next user of the thread overwrites.
        for (var i = 0; i < all.Count; i++)
            all[i].Content = contents[i];
        return Dataset.Of(folder, build.Publish(markers, tasks));
    }

    /// <summary>All records of a dataset, contents copied.</summary>
    public static IReadOnlyList<CodeRecord> ReadAll(Dataset dataset)
    {
        var columns = dataset.Manifest.Content == "bytes" ? RecordColumns.Staged() : RecordColumns.Text();
        var all = new List<CodeRecord>();
        for (var shard = 0; shard < dataset.Manifest.Shards.Count; shard++)
        {
            foreach (var record in dataset.Read(shard, columns).SelectMany(b => b))
            {
                record.Content = record.Content.ToArray();
                all.Add(record);
            }
        }

        return all;
    }

    /// <summary>The content of a record as text.</summary>
    public static string Text(this CodeRecord record) => Encoding.UTF8.GetString(record.Content.Span);
}
