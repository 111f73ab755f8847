using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Rows in a file, their contents on a server, and the command that fetches them.</summary>
internal static class ContentsCorpus
{
    /// <summary>Puts contents on a server, and writes the rows that name them.</summary>
    public static void Write(string path, BlobServer server, IReadOnlyList<byte[]> contents)
    {
        using var writer = new ParquetTableWriter<CodeRecord>(path, RecordColumns.Described());
        foreach (var group in contents.Index().Chunk(500))
        {
            writer.WriteRowGroup([.. group.Select(c => new CodeRecord
            {
                BlobId = server.Add(c.Item),
                RepoName = $"owner/repo-{c.Index % 9}",
                Path = $"/src/module_{c.Index}.py",
                Language = c.Index % 4 == 0 ? "Java" : "Python",
                LengthBytes = c.Item.Length,
            })]);
        }

        writer.Close();
    }

    /// <summary>Contents of one to three kilobytes.</summary>
    public static List<byte[]> Texts(int count) => [.. Enumerable.Range(0, count).Select(i =>
        System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30 + (i % 60)).Select(j => $"value_{i}_{j} = {i * 31 + j}\n"))))];

    /// <summary>The command.</summary>
    public static string[] Args(string rows, string output, BlobServer server, int concurrency, params string[] more) =>
    [
        "contents", "--input", rows, "--output", output, "--accept-terms", "--quiet", "--workers", "2", "--set", "shard_size=64KiB",
        "--set", $"contents.endpoint={server.Endpoint}", "--set", $"contents.max_concurrency={concurrency}", .. more,
    ];

    /// <summary>Fails when something of an unfinished run is left.</summary>
    public static void AssertNothingIsLeft(string project) =>
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(project, "*", SearchOption.AllDirectories), path =>
            path.EndsWith(".tmp", StringComparison.Ordinal) || path.EndsWith("_work", StringComparison.Ordinal));
}
