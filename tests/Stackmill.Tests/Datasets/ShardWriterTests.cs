using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class ShardWriterTests
{
    [Fact]
    public void Languages_get_a_file_each_and_the_books_count_every_record()
    {
        using var folder = new TempFolder();
        var dataset = TestDatasets.Make(folder["d"], [TestDatasets.Record("a.py", "x\n"), TestDatasets.Record("b.cpp", "int b;\n", "C++"), TestDatasets.Record("c.py", "y\n")]);
        Assert.Equal(["cpp/part-00000.parquet", "python/part-00001.parquet"], dataset.Manifest.Shards.Select(s => s.Path));
        Assert.Equal([1L, 2L], dataset.Manifest.Shards.Select(s => s.Rows));
        Assert.Equal([7L, 4L], dataset.Manifest.Shards.Select(s => s.ContentBytes));
        Assert.Equal((3, 11), (dataset.Manifest.Books.Kept, dataset.Manifest.Books.BytesKept));
        Assert.Equal(["int b;\n", "x\n", "y\n"], TestDatasets.ReadAll(dataset).Select(r => r.Text()));
    }

    [Fact]
    public void Row_groups_are_closed_at_their_bytes_also_when_languages_are_mixed()
    {
        using var folder = new TempFolder();
        var content = new string('x', 1 << 20);
        var records = Enumerable.Range(0, 20).Select(i => TestDatasets.Record($"{i:D2}.py", content));
        var dataset = TestDatasets.Make(folder["d"], records, rowsPerShard: 20);
        using var file = ParquetTableReader.Open(folder["d", dataset.Manifest.Shards[0].Path]);
        Assert.Equal(3, file.NumRowGroups);
        for (var i = 0; i < file.NumRowGroups; i++)
        {
            using var group = file.ParquetReader.RowGroup(i);
            Assert.InRange(group.MetaData.TotalByteSize, 1, ShardWriter.RowGroupBytes + (2 << 20));
        }
    }

    [Fact]
    public void A_task_of_many_shards_keeps_no_memory_of_those_that_are_written()
    {
        using var folder = new TempFolder();
        using var build = DatasetBuild.Begin(folder["d"], TestRun.Context());
        build.Prepare(new DatasetPlan("s", 1, "bytes", "{}", []));
        List<ShardTask> tasks = [new(0, "part-00000", 1)];
        var content = new byte[1 << 20];
        long grown = 0;
        var manifest = build.Publish(build.Run(tasks, () => new DelegateWorker((task, context) =>
        {
            var shards = new SortedShardWriter(context, task.Name, 1 << 20, new ByteArena(), new ByteArena());
            long before = 0;
            for (var i = 0; i < 150; i++)
            {
                var record = new CodeRecord { Path = $"{i:D3}.py", Language = "Python", Content = content };
                RecordIdentity.Complete(record);
                context.Books.In++;
                shards.Add(record);
                if (i == 10)
                    before = GC.GetTotalMemory(forceFullCollection: true);
            }

            shards.Flush();
            grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        })), tasks);
        Assert.Equal(150, manifest.Shards.Count);
        Assert.InRange(grown, long.MinValue, 32 << 20);
    }

    [Fact]
    public void The_ledger_comes_back_row_by_row_with_every_action()
    {
        using var folder = new TempFolder();
        List<LedgerRow> rows =
        [
            new() { Path = "a.py", Stage = "s", Action = LedgerAction.Dropped, Reason = "too_small", Value = 3, Threshold = 100, LengthBytes = 3, RepoName = "o/r", ContentId = "00", Language = "Python" },
            new() { Path = "日本.py", Stage = "s", Action = LedgerAction.Failed, Reason = "unreadable", Detail = "denied" },
            new() { Path = "", Stage = "s", Action = LedgerAction.Changed, Reason = "line_ends", KeptPath = "b", KeptId = "id", Similarity = 0.875 },
        ];
        rows.AddRange(Enumerable.Range(0, 8200).Select(i => new LedgerRow { Path = $"{i}", Stage = "s", Action = LedgerAction.Dropped, Reason = "r" }));
        using var build = DatasetBuild.Begin(folder["d"], TestRun.Context());
        build.Prepare(new DatasetPlan("s", 1, "text", "{}", []));
        List<ShardTask> tasks = [new(0, "part-00000", 1)];
        var manifest = build.Publish(build.Run(tasks, () => new DelegateWorker((task, context) =>
        {
            using var ledger = new LedgerWriter(context, task.Name);
            foreach (var row in rows)
                ledger.Add(row);
            ledger.Complete();
        })), tasks);
        Assert.Equal(rows.Count, Assert.Single(manifest.Ledger).Rows);
        Assert.Equal(rows, Dataset.Of(folder["d"], manifest).ReadLedger());
    }
}
