using System.Text;
using Stackmill.Acquire.Contents;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Acquire.Contents;

/// <summary>A bucket on loopback, rows that name its contents, and the stage that fetches them.</summary>
public abstract class ContentsTest : IAsyncLifetime
{
    internal TempFolder Folder { get; } = new();

    protected BlobServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await BlobServer.Start();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static byte[] Content(int i) => Encoding.UTF8.GetBytes($"# file {i}\n{string.Concat(Enumerable.Repeat($"x = {i}\n", i % 97))}");

    internal List<CodeRecord> Rows(int count) => [.. Enumerable.Range(0, count).Select(i => Row(i, Content(i)))];

    internal CodeRecord Row(int i, byte[] content) => new()
    {
        BlobId = Server.Add(content),
        ContentId = $"{i:x40}",
        RepoName = $"owner/repo{i % 7}",
        Path = $"/src/file{i}.py",
        Language = i % 3 == 0 ? "Python" : "Java",
        LengthBytes = content.Length,
        StarEventsCount = i,
        DetectedLicenses = ["MIT"],
    };

    internal ContentRows Write(IReadOnlyList<CodeRecord> rows, string name = "rows.parquet", params string[] without)
    {
        using (var writer = new ParquetTableWriter<CodeRecord>(Folder[name], [.. RecordColumns.Described().Where(c => !without.Contains(c.Name))]))
        {
            foreach (var group in rows.Chunk(150))
                writer.WriteRowGroup(group);
            writer.Close();
        }

        return new ContentRows("rows", [new LocalFile(Folder[name], name)], "hash-of-" + name);
    }

    internal Manifest Run(
        ContentRows rows, string output = "contents", Action<ContentOptions>? change = null, int workers = 2, bool retryFailed = false, string? cache = "cache",
        IRunObserver? notes = null, TimeProvider? clock = null, int maxFileSizeMb = 10, CancellationToken cancellation = default)
    {
        var options = new ContentStageOptions { ShardSize = 20_000, MaxFileSizeMb = maxFileSizeMb };
        options.Contents.Endpoint = Server.Endpoint;
        options.Contents.AcceptTerms = true;
        options.Contents.TimeoutSeconds = 0.4;
        options.Contents.MaxConcurrency = 32;
        change?.Invoke(options.Contents);
        var context = TestRun.Context(workers, notes, cancellation: cancellation) with { Clock = clock ?? TimeProvider.System };
        using var client = BlobClients.Create(options.Contents, _ => null, context.Clock, cancellation);
        return ContentStage.Run(
            rows, client, cache is null ? null : Folder[cache], Folder[output], Folder[output + "-report.json"], retryFailed, options, context);
    }

    internal List<CodeRecord> Read(string output = "contents")
    {
        var dataset = Dataset.Open(Folder[output]);
        var all = new List<CodeRecord>();
        for (var i = 0; i < dataset.Manifest.Shards.Count; i++)
        {
            foreach (var record in dataset.Read(i, RecordColumns.Staged()).SelectMany(b => b))
            {
                record.Content = record.Content.ToArray();
                all.Add(record);
            }
        }

        return all;
    }

    internal List<LedgerRow> Ledger(string output = "contents") => [.. Dataset.Open(Folder[output]).ReadLedger()];
}
