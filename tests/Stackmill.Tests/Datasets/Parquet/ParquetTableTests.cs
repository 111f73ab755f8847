using CsCheck;
using ParquetSharp;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared;
using Stackmill.Tests.Support;
using Encoding = System.Text.Encoding;

namespace Stackmill.Tests.Datasets.Parquet;

public sealed class ParquetTableTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.OneOf("", "a", "日本語", "😀", "a\0b", new string('x', 300)), Gen.String[Gen.Char['\u0020', '\u07FF'], 0, 8]);
    private static readonly Gen<string?> Maybe = Gen.OneOf(Text.Select(t => (string?)t), Gen.Const((string?)null));
    private static readonly Gen<long?> Number = Gen.OneOf(Gen.Long.Select(n => (long?)n), Gen.OneOf<long?>(null, 0, -1, long.MinValue, long.MaxValue));
    private static readonly Gen<bool?> Truth = Gen.OneOf<bool?>(null, true, false);

    private static readonly Gen<IReadOnlyList<string>?> Licenses = Gen.OneOf(Gen.Const((IReadOnlyList<string>?)null), Text.Array[0, 3].Select(a => (IReadOnlyList<string>?)a));

    private static readonly Gen<IReadOnlyList<Redaction>?> Redactions = Gen.OneOf(
        Gen.Const((IReadOnlyList<Redaction>?)null),
        Gen.Select(Text, Text, Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).Select(t => new Redaction(t.Item1, t.Item2, t.Item3, t.Item4)).Array[0, 4].Select(a => (IReadOnlyList<Redaction>?)a));

    private static readonly Gen<CodeRecord> AnyRecord = Gen.Select(
        Gen.Select(Text, Text, Text, Text), Gen.Select(Maybe, Maybe, Maybe, Maybe), Gen.Select(Number, Number, Number, Number),
        Gen.Select(Truth, Truth, Licenses, Redactions), Gen.Byte.Array[0, 50], Gen.Double.Select(d => double.IsFinite(d) ? d : 0.5)).Select((texts, maybes, numbers, rest, content, real) => new CodeRecord
        {
            BlobId = texts.Item1,
            ContentId = texts.Item2,
            RepoName = texts.Item3,
            Path = texts.Item4,
            Extension = texts.Item1,
            Language = "Python",
            Sha256 = texts.Item2,
            LicenseType = maybes.Item1,
            RevisionId = maybes.Item2,
            BranchName = maybes.Item3,
            DirectoryId = maybes.Item4,
            SnapshotId = maybes.Item1,
            SrcEncoding = maybes.Item2,
            StarEventsCount = numbers.Item1,
            ForkEventsCount = numbers.Item2,
            CommitterDateMicros = numbers.Item3,
            GithubId = numbers.Item4,
            IsVendor = rest.Item1,
            IsGenerated = rest.Item2,
            DetectedLicenses = rest.Item3,
            Redactions = rest.Item4,
            LengthBytes = content.Length,
            Content = content,
            Measures = new RecordMeasures(1, 2, 3, 4, real, 6, real, 0, 1, 0.25, numbers.Item1),
        });

    private static string Describe(CodeRecord record) => System.Text.Json.JsonSerializer.Serialize(record);

    private static void Write(string path, IReadOnlyList<CodeRecord> rows, int rowsPerGroup = 3)
    {
        var arena = new ByteArena();
        foreach (var row in rows)
            row.Content = arena.Copy(row.Content.Span);
        using var writer = new ParquetTableWriter<CodeRecord>(path, RecordColumns.Text(), RecordColumns.Content);
        foreach (var group in rows.Chunk(rowsPerGroup))
            writer.WriteRowGroup(group);
        writer.Close();
    }

    private static List<string> Read(string path, int[]? groups = null) =>
        [.. ParquetTableReader.Read(path, RecordColumns.Text(), () => new CodeRecord(), groups).SelectMany(b => b).Select(Describe)];

    [Fact]
    public void Every_column_comes_back_as_it_was_written() =>
        AnyRecord.Array[0, 12].Sample(rows =>
        {
            using var folder = new TempFolder();
            Write(folder["x.parquet"], rows);
            Assert.Equal(rows.Select(Describe), Read(folder["x.parquet"]));
        }, iter: 100);

    [Fact]
    public void Equal_rows_give_equal_bytes() =>
        AnyRecord.Array[0, 8].Sample(rows =>
        {
            using var folder = new TempFolder();
            Write(folder["a"], rows);
            Write(folder["b"], rows);
            Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
        }, iter: 20);

    [Fact]
    public void Chosen_row_groups_give_their_rows_only()
    {
        using var folder = new TempFolder();
        var rows = Enumerable.Range(0, 10).Select(i => TestDatasets.Record($"{i}.py", $"x = {i}\n")).ToList();
        Write(folder["x"], rows);
        Assert.Equal(rows.Skip(3).Take(3).Concat(rows.Skip(9)).Select(Describe), Read(folder["x"], [1, 3]));
        Assert.Empty(Read(folder["x"], []));
    }

    [Fact]
    public void Lists_and_redactions_come_back_over_many_batches_of_one_row_group()
    {
        using var folder = new TempFolder();
        var rows = Enumerable.Range(0, 9000).Select(i =>
        {
            var record = TestDatasets.Record($"{i}.py", $"x = {i}\n");
            record.DetectedLicenses = i % 3 == 0 ? null : [.. Enumerable.Range(0, i % 3 - 1).Select(k => $"L{i}-{k}")];
            record.Redactions = [.. Enumerable.Range(0, i % 4).Select(k => new Redaction($"k{i}", $"r{k}", i, k))];
            record.Filters = i % 3 == 0 ? null : [.. Enumerable.Range(0, i % 5).Select(k => new FilterVerdict($"f{k}", FilterVerdict.Keep, i / 7.0, k))];
            return record;
        }).ToList();
        Write(folder["x"], rows, rowsPerGroup: 9000);
        var batches = ParquetTableReader.Read(folder["x"], RecordColumns.Text(), () => new CodeRecord()).Select(b => b.Select(Describe).ToList()).ToList();
        Assert.True(batches.Count > 1);
        Assert.Equal(rows.Select(Describe), batches.SelectMany(b => b));
    }

    [Fact]
    public void A_batch_holds_few_megabytes_however_large_the_row_group()
    {
        using var folder = new TempFolder();
        var rows = Enumerable.Range(0, 24).Select(i => TestDatasets.Record($"{i}.py", new string((char)('a' + i), 1 << 20))).ToList();
        Write(folder["x"], rows, rowsPerGroup: 24);
        var sizes = ParquetTableReader.Read(folder["x"], RecordColumns.Text(), () => new CodeRecord()).Select(b => b.Sum(r => (long)r.Content.Length)).ToList();
        Assert.Equal(24L << 20, sizes.Sum());
        Assert.All(sizes, size => Assert.InRange(size, 1, 5 << 20));
    }

    [Fact]
    public void Missing_columns_leave_the_defaults_and_aliases_are_found()
    {
        using var folder = new TempFolder();
        Foreign(folder["x"], [new Column<string>("max_stars_repo_path"), new Column<string>("text"), new Column<long?>("max_stars_count"), new Column<string>("unknown")], file =>
        {
            Add(file, "src/a.py", "src/b.py");
            Add(file, "x = 1", "");
            Add<long?>(file, 7, null);
            Add(file, "?", "?");
        });
        ParquetColumn<CodeRecord>[] columns = [.. RecordColumns.Text().Where(c => c.Name != "content"), new BytesColumn<CodeRecord>("text", true, r => r.Content, (r, v, _) => r.Content = v.ToArray())];
        var rows = ParquetTableReader.Read(folder["x"], columns, () => new CodeRecord()).SelectMany(b => b).ToList();
        Assert.Equal(["src/a.py", "src/b.py"], rows.Select(r => r.Path));
        Assert.Equal(["x = 1", ""], rows.Select(r => r.Text()));
        Assert.Equal([7L, null], rows.Select(r => r.StarEventsCount));
        Assert.All(rows, r => Assert.Equal(("", null, null), (r.RepoName, r.DetectedLicenses, r.Measures)));
    }

    [Fact]
    public void Numbers_of_every_width_and_times_of_every_unit_are_read()
    {
        using var folder = new TempFolder();
        var moment = new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        var micros = (moment - DateTime.UnixEpoch).Ticks / 10;
        Foreign(folder["x"],
        [
            new Column<int?>("stars"), new Column<double?>("forks"), new Column<ulong>("github_id"),
            new Column<DateTime>("committer_date", LogicalType.Timestamp(true, TimeUnit.Millis)), new Column<string>("licenses"), new Column<bool>("is_vendor"),
        ], file =>
        {
            Add<int?>(file, 5, null, -1);
            Add<double?>(file, 2.9, null, double.NaN);
            Add(file, 9UL, (ulong)long.MaxValue, ulong.MaxValue);
            Add(file, moment, moment, DateTime.UnixEpoch);
            Add(file, "MIT", "", null!);
            Add(file, true, false, true);
        });
        var rows = ParquetTableReader.Read(folder["x"], RecordColumns.Text(), () => new CodeRecord()).SelectMany(b => b).ToList();
        Assert.Equal([5L, null, -1L], rows.Select(r => r.StarEventsCount));
        Assert.Equal([2L, null, null], rows.Select(r => r.ForkEventsCount));
        Assert.Equal([9L, long.MaxValue, null], rows.Select(r => r.GithubId));
        Assert.Equal([micros, micros, 0L], rows.Select(r => r.CommitterDateMicros));
        Assert.Equal(["MIT"], rows[0].DetectedLicenses!);
        Assert.Empty(rows[1].DetectedLicenses!);
        Assert.Null(rows[2].DetectedLicenses);
        Assert.Equal([true, false, true], rows.Select(r => r.IsVendor));
    }

    [Fact]
    public void Dictionary_encoded_text_without_compression_is_read()
    {
        using var folder = new TempFolder();
        using (var builder = new WriterPropertiesBuilder().Compression(Compression.Uncompressed).EnableDictionary())
        using (var properties = builder.Build())
        using (var file = new ParquetFileWriter(folder["x"], [new Column<string>("path"), new Column<byte[]>("content")], properties))
        {
            using var group = file.AppendRowGroup();
            using (var column = group.NextColumn().LogicalWriter<string>())
                column.WriteBatch([.. Enumerable.Range(0, 100).Select(i => $"{i % 3}.py")]);
            using (var column = group.NextColumn().LogicalWriter<byte[]>())
                column.WriteBatch([.. Enumerable.Range(0, 100).Select(i => Encoding.UTF8.GetBytes($"c{i % 5}"))]);
            file.Close();
        }

        var rows = ParquetTableReader.Read(folder["x"], RecordColumns.Staged(), () => new CodeRecord()).SelectMany(b => b.Select(r => (r.Path, r.Text()))).ToList();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => ($"{i % 3}.py", $"c{i % 5}")), rows);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(500)]
    public void What_is_no_parquet_file_is_the_shards_fault_and_names_the_file(int length)
    {
        using var folder = new TempFolder();
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var path = folder.Write("x.parquet", bytes);
        Assert.Contains(path, Assert.Throws<ShardFaultException>(() => Read(path)).Message);
    }

    [Fact]
    public void A_parquet_file_cut_anywhere_is_the_shards_fault()
    {
        using var folder = new TempFolder();
        Write(folder["x"], [.. Enumerable.Range(0, 20).Select(i => TestDatasets.Record($"{i}.py", $"x = {i}\n"))]);
        var whole = File.ReadAllBytes(folder["x"]);
        Gen.Int[0, whole.Length - 1].Sample(length =>
        {
            using var other = new TempFolder();
            Assert.Throws<ShardFaultException>(() => Read(other.Write("cut", whole.AsSpan(0, length))));
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void No_rows_make_a_file_without_row_groups()
    {
        using var folder = new TempFolder();
        using (var writer = new ParquetTableWriter<CodeRecord>(folder["x"], RecordColumns.Text()))
        {
            writer.WriteRowGroup([]);
            writer.Close();
        }

        Assert.Empty(Read(folder["x"]));
    }

    private static void Foreign(string path, Column[] columns, Action<RowGroupWriter> write)
    {
        using var file = new ParquetFileWriter(path, columns);
        using (var group = file.AppendRowGroup())
            write(group);
        file.Close();
    }

    private static void Add<T>(RowGroupWriter group, params T[] values)
    {
        using var column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(values);
    }
}
