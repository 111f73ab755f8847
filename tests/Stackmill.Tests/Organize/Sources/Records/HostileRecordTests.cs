using Apache.Arrow.Ipc;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Organize.Sources.Records;
using Stackmill.Shared.Filters;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Records;

/// <summary>Damaged files, and files that lie elsewhere.</summary>
public sealed class HostileRecordTests
{
    private static readonly RecordNames Names = RecordNames.Of(new InputOptions(), declaredIds: false);

    private static readonly CodeRecord[] Records =
        [.. Enumerable.Range(0, 40).Select(i => new CodeRecord { Content = System.Text.Encoding.UTF8.GetBytes(new string((char)('a' + (i % 26)), 20 + i)), Path = $"{i}.py", RepoName = $"o/{i % 3}", DetectedLicenses = ["MIT"] })];

    private static byte[] Made(string form) => form switch
    {
        "flat.csv" => RecordTables.Csv(",", "\n", RecordTables.Flat(Records)),
        "flat.jsonl" => RecordTables.JsonLines(RecordTables.Flat(Records)),
        "flat.arrow" => RecordTables.ArrowFile(RecordTables.Flat(Records), RecordTables.Flat(Records)),
        "stream.arrow" => RecordTables.ArrowStream(RecordTables.Flat(Records), RecordTables.Flat(Records)),
        "nested.arrow" => RecordTables.ArrowStream(Nested),
        "lz4.arrow" => RecordTables.PackedArrowFile(CompressionCodecType.Lz4Frame, RecordTables.Flat(Records), RecordTables.Flat(Records)),
        "zstd.arrow" => RecordTables.PackedArrowFile(CompressionCodecType.Zstd, RecordTables.Flat(Records), RecordTables.Flat(Records)),
        "nested.parquet" => RecordTables.Parquet(Nested),
        _ => RecordTables.JsonLines(Nested),
    };

    private static Apache.Arrow.RecordBatch Nested => RecordTables.Nested([.. Records.GroupBy(r => r.RepoName)]);

    private static RecordingSink Read(SourceFile file)
    {
        var sink = new RecordingSink();
        var batches = new ArrowRecords(Names, file, sink);
        if (file.RelativePath.EndsWith(".csv", StringComparison.Ordinal))
        {
            CsvRecords.Read(file, Names, sink);
        }
        else if (file.RelativePath.EndsWith(".arrow", StringComparison.Ordinal))
        {
            foreach (var batch in ArrowStreams.Read(file))
                batches.Read(batch);
        }
        else if (file.RelativePath.EndsWith(".parquet", StringComparison.Ordinal))
        {
            foreach (var batch in ParquetTableReader.Batches(file, schema => ArrowBinding.Of(schema, Names, file.Name).Leaves(schema)))
                batches.Read(batch);
        }
        else
        {
            foreach (var line in JsonLines.Read(file))
            {
                var caught = Record.Exception(() => new JsonRecordReader(Names).Read(line.Bytes.Span, "", sink));
                Assert.True(caught is null or RecordFaultException, caught?.ToString());
            }
        }

        return sink;
    }

    [Fact]
    public void A_file_that_has_its_schema_in_its_footer_alone_is_read_the_same()
    {
        const string form = "flat.arrow";
        var whole = Made(form);
        // The first message, behind the magic number: a mark, its length, and the schema.
        byte[] without = [.. whole[..8], .. whole[(16 + BitConverter.ToInt32(whole, 12))..]];
        var (expected, found) = (Read(new MemoryFile(form, whole)), Read(new MemoryFile(form, without)));
        Assert.NotEmpty(expected.Records);
        Assert.Equal(expected.Records.Select(r => (r.RepoName, r.Path, r.Text())), found.Records.Select(r => (r.RepoName, r.Path, r.Text())));
        for (var cut = without.Length - 1; cut > without.Length - 400; cut--)
            Assert.Throws<ShardFaultException>(() => Read(new MemoryFile(form, without[..cut])));
    }

    [Theory]
    [InlineData("flat.arrow")]
    [InlineData("stream.arrow")]
    [InlineData("nested.arrow")]
    public void Every_byte_of_arrow_metadata_can_be_wrong_without_an_end_of_the_process(string form)
    {
        var whole = Made(form);
        var (wrong, tried) = (0, 0);
        // The schema is what comes first, and what has most offsets.
        for (var at = 8; at < Math.Min(whole.Length, 1600); at++)
        {
            foreach (var value in (byte[])[0, 1, 0x7F, 0xFF])
            {
                var bytes = whole.ToArray();
                bytes[at] = value;
                wrong += Record.Exception(() => Read(new MemoryFile(form, bytes))) is ShardFaultException ? 1 : 0;
                tried++;
            }
        }

        Assert.InRange(wrong, 100, tried);
    }

    [Theory]
    [InlineData("flat.csv")]
    [InlineData("flat.jsonl")]
    [InlineData("nested.jsonl")]
    [InlineData("flat.arrow")]
    [InlineData("stream.arrow")]
    [InlineData("nested.arrow")]
    [InlineData("lz4.arrow")]
    [InlineData("zstd.arrow")]
    [InlineData("nested.parquet")]
    public void Cut_or_changed_bytes_are_records_failed_records_or_a_fault_of_the_shard(string form)
    {
        var whole = Made(form);
        Gen.Select(Gen.Int[0, whole.Length], Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[0, 4]).Sample((cut, changes) =>
        {
            var bytes = whole[..(changes.Length == 0 ? cut : whole.Length)];
            foreach (var (at, value) in changes)
                bytes[at] = value;
            var caught = Record.Exception(() => Read(new MemoryFile(form, bytes)));
            Assert.True(caught is null or ShardFaultException, caught?.ToString());
        }, iter: 150);
    }

    [Fact]
    public void A_file_without_a_header_does_not_show_its_contents()
    {
        var text = System.Text.Encoding.UTF8.GetBytes("\"import os\ntoken = 'ghp_aB3dE6fG9hJ2kL5mN8pQ1rS4tU7vW0xY3zA6'\",jane@doe.io,path,sha256,ghp0aB3dE6f\nx,y,z,q,r\n");
        var fault = Assert.Throws<ShardFaultException>(() => Read(new MemoryFile("a.csv", text))).Message;
        Assert.Contains("its columns are path, sha256 and 3 whose names are not shown", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("aB3", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", fault, StringComparison.Ordinal);

        var wide = Assert.Throws<ShardFaultException>(() => Read(new MemoryFile("a.csv", System.Text.Encoding.Unicode.GetBytes("content,path\nx,y\n")))).Message;
        Assert.Contains("is it UTF-16?", wide, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionCodecType.Lz4Frame)]
    [InlineData(CompressionCodecType.Zstd)]
    public void A_packed_batch_that_would_fill_memory_is_a_fault_that_tells_the_limit(CompressionCodecType codec)
    {
        var record = new CodeRecord { Content = new byte[4 << 20], Path = "a.py", RepoName = "o/a" };
        var packed = RecordTables.PackedArrowFile(codec, RecordTables.Flat([record]), RecordTables.Flat([record]));
        Assert.InRange(packed.Length, 100, 100_000);

        List<Apache.Arrow.RecordBatch> Batches(long most) => [.. ArrowStreams.Read(new MemoryFile("bomb.arrow", packed), most)];
        Assert.Contains("a batch unpacks to more than 4000000 bytes", Assert.Throws<ShardFaultException>(() => Batches(4_000_000)).Message, StringComparison.Ordinal);
        // The bound is of one batch: two of them in a row have room.
        Assert.Equal(2, Batches(5_000_000).Count);
    }

    [Theory]
    [InlineData("flat.arrow")]
    [InlineData("stream.arrow")]
    [InlineData("lz4.arrow")]
    public void A_cut_arrow_file_is_never_taken_for_a_whole_one(string form)
    {
        var whole = Made(form);
        // A stream may end without saying so, but only between two messages; the file form may not.
        for (var cut = 1; cut < whole.Length; cut += 7)
        {
            var bytes = whole[..cut];
            if (Record.Exception(() => Read(new MemoryFile(form, bytes))) is not null)
                continue;
            var footer = whole.AsSpan().LastIndexOf("ARROW1"u8);
            Assert.True(form == "stream.arrow" || cut > footer - (8 << 10), $"cut at {cut} of {whole.Length}");
        }
    }

    [Fact]
    public void Lengths_beyond_the_file_are_found_out_before_room_is_made_for_them()
    {
        var bytes = Made("stream.arrow");
        BitConverter.TryWriteBytes(bytes.AsSpan(4), 60_000_000);
        Assert.Contains("declares 60000000 bytes", Assert.Throws<ShardFaultException>(() => Read(new MemoryFile("stream.arrow", bytes))).Message);
        Assert.Contains("first version", Assert.Throws<ShardFaultException>(() => Read(new MemoryFile("x.arrow", "FEA1 and more"u8.ToArray()))).Message);
    }

    [Theory]
    [InlineData("flat.csv")]
    [InlineData("flat.jsonl")]
    [InlineData("nested.jsonl")]
    [InlineData("flat.arrow")]
    [InlineData("stream.arrow")]
    [InlineData("nested.arrow")]
    public void Bytes_that_come_one_by_one_give_the_same_records(string form)
    {
        var bytes = Made(form);
        var expected = Read(new MemoryFile(form, bytes));
        Assert.NotEmpty(expected.Records);
        Assert.Empty(expected.Failures);
        var slow = Read(new MemoryFile(form, bytes, bytesAtOnce: 1));
        Assert.Equal(expected.Records.Select(r => (r.RepoName, r.Path, r.Text())), slow.Records.Select(r => (r.RepoName, r.Path, r.Text())));
    }

    [Fact]
    public void Lines_of_a_file_elsewhere_are_cut_anywhere_and_read_once() =>
        Gen.Select(Gen.Int[0, 30].Array[0, 30], Gen.Bool, Gen.Int[1, 80]).Sample((lengths, lastFeed, bytes) =>
        {
            var text = string.Join('\n', lengths.Select((n, i) => new string('x', n) + i)) + (lastFeed ? "\n" : "");
            var file = new MemoryFile("x.jsonl", System.Text.Encoding.UTF8.GetBytes(text), bytesAtOnce: 3);
            var plan = RecordPlan.Make(InputKind.Of("elsewhere", [file], "auto"), bytes, default);
            Assert.Equal(0, file.Opened);
            var lines = plan.Pieces.SelectMany(p => JsonLines.Read(p.File, p.Start, p.End).Select(l => System.Text.Encoding.UTF8.GetString(l.Bytes.Span))).ToList();
            Assert.Equal(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), lines);
            Assert.Equal(Math.Max(1, (text.Length + bytes - 1) / bytes), plan.Pieces.Count);
        }, iter: 500);

    [Fact]
    public void Footers_of_many_files_elsewhere_are_planned_in_order_and_a_broken_one_is_a_piece_that_fails()
    {
        var good = RecordTables.Parquet(RecordTables.Flat(Records), RecordTables.Flat(Records));
        var files = Enumerable.Range(0, 40).Select(i => new MemoryFile($"data/{39 - i:D2}.parquet", i == 5 ? [1, 2, 3] : good)).Append<SourceFile>(new MemoryFile("README.md", [])).ToList();
        var kind = InputKind.Of("hf://x", files, "auto");
        Assert.Equal((InputForm.Parquet, 0), (kind.Form, kind.OthersBeside));
        var plan = RecordPlan.Make(kind, 1, default);
        using var footer = ParquetTableReader.Open(new MemoryFile("x", good));
        var groups = Enumerable.Range(0, footer.NumRowGroups).ToList();
        Assert.True(groups.Count > 1);
        Assert.Equal(
            Enumerable.Range(0, 40).SelectMany(i => i == 34 ? [("data/34.parquet", -1)] : groups.Select(g => ($"data/{i:D2}.parquet", g))),
            plan.Pieces.SelectMany(p => p.RowGroups.DefaultIfEmpty(-1).Select(g => (p.File.RelativePath, g))));
        Assert.Equal(plan.Fingerprint, RecordPlan.Make(kind, 1, default).Fingerprint);
        Assert.Throws<OperationCanceledException>(() => RecordPlan.Make(kind, 1, new CancellationToken(true)));
    }

    [Fact]
    public void Opt_outs_by_id_hold_for_records_and_for_files()
    {
        using var folder = new TempFolder();
        var kept = TestDatasets.Record("kept.py", new string('k', 200));
        var (byBlob, byContent) = (TestDatasets.Record("blob.py", new string('b', 200)), TestDatasets.Record("content.py", new string('c', 200)));
        foreach (var record in (CodeRecord[])[kept, byBlob, byContent])
            folder.Write($"in/{record.Path}", record.Content.Span);
        folder.Write("in.jsonl", string.Join('\n', ((CodeRecord[])[kept, byBlob, byContent]).Select(r => $$"""{"path": "{{r.Path}}", "content": "{{r.Text()}}"}""")
            .Append($$"""{"path": "declared.py", "content": "{{new string('d', 200)}}", "content_id": "{{new string('9', 40)}}"}""")));
        folder.Write("out.txt", $"{byBlob.BlobId}\n{byContent.ContentId.ToUpperInvariant()}\n{new string('9', 40)}\n");
        var options = new OrganizeOptions { Filters = new FilterOptions { OptOuts = [folder["out.txt"]] } };
        foreach (var (input, dropped) in ((string, string[])[])[("in", ["blob.py", "content.py"]), ("in.jsonl", ["blob.py", "content.py", "declared.py"])])
        {
            var dataset = Dataset.Of(folder[input + "-out"], OrganizeStage.Run(folder[input], folder[input + "-out"], options, TestRun.Context()));
            Assert.Equal(["kept.py"], TestDatasets.ReadAll(dataset).Select(r => r.Path));
            Assert.Equal(dropped, dataset.ReadLedger().Select(l => l.Path).Order(StringComparer.Ordinal));
            Assert.All(dataset.ReadLedger(), l => Assert.Equal("opted_out", l.Reason));
        }
    }
}
