using System.Text;
using Apache.Arrow;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets.Parquet;
using Stackmill.Organize;
using Stackmill.Organize.Sources.Records;
using Stackmill.Tests.Support;
using static Stackmill.Tests.Organize.Sources.Records.RecordTables;

namespace Stackmill.Tests.Organize.Sources.Records;

/// <summary>Rows that are repositories, and the mapping of names.</summary>
public sealed class RepositoryRowTests
{
    private static RecordNames Names(InputOptions? options = null) => RecordNames.Of(options ?? new InputOptions(), declaredIds: true);

    private static RecordingSink ReadLine(string json, InputOptions? options = null)
    {
        var sink = new RecordingSink();
        new JsonRecordReader(Names(options)).Read(Encoding.UTF8.GetBytes(json), "line 7", sink);
        return sink;
    }

    private static RecordingSink ReadBatch(RecordBatch batch, InputOptions? options = null)
    {
        var sink = new RecordingSink();
        new ArrowRecords(Names(options), new MemoryFile("x.arrow", []), sink).Read(batch);
        // The same through Parquet, of which only the columns that are needed are read.
        var parquet = new MemoryFile("x.parquet", RecordTables.Parquet(batch), bytesAtOnce: 1000);
        var again = new RecordingSink();
        var records = new ArrowRecords(Names(options), parquet, again);
        foreach (var read in ParquetTableReader.Batches(parquet, schema => ArrowBinding.Of(schema, Names(options), parquet.Name).Leaves(schema)))
            records.Read(read);
        Assert.Equal(sink.Records.Select(Described), again.Records.Select(Described));
        Assert.Equal(sink.Failures.Select(f => f.Reason), again.Failures.Select(f => f.Reason));
        Assert.Equal(sink.EmptyRepositories, again.EmptyRepositories);
        return sink;
    }

    private static string Described(CodeRecord r) => $"{r.RepoName}/{r.Path} {r.Text()} {r.StarEventsCount} {r.Language} {r.ContentId}";

    [Fact]
    public void Lists_that_are_empty_or_null_and_files_without_content_are_told_apart()
    {
        var batch = Batch(
            Texts("repo_path", ["o/two", "o/empty", "o/null", "o/one"]),
            StructLists("files", [2, 0, null, 1], Texts("content", ["a", null, "c"]), Texts("file_path", ["a.py", "b.py", null]), Texts("content_id", ["ab", null, "cd"])));
        var sink = ReadBatch(batch);
        Assert.Equal(["o/two/a.py a   ab", "o/one/ c   cd"], sink.Records.Select(Described));
        Assert.Equal([("o/two", "b.py", "missing_content"), ("o/null", "", "missing_content")], sink.Failures.Select(f => (f.About.RepoName, f.About.Path, f.Reason)));
        Assert.Equal(1, sink.EmptyRepositories);
    }

    [Fact]
    public void Files_in_json_fail_one_by_one_and_keys_after_the_list_count()
    {
        var sink = ReadLine("""
            {"name": "not a path", "files": [{"content": "a", "file_path": "a.py", "language": "C"}, {"file_path": "b.py"}, 5, {"content": "\ud800"}, {"content_base64": "Yg=="}, {"content_base64": "*"}],
             "repo_path": "o/r", "language": "Go", "github_metadata": {"stars": 4, "branch": "x"}}
            """);
        Assert.Equal(["o/r/a.py a 4 C ", "o/r/ b 4 Go "], sink.Records.Select(Described));
        Assert.Equal(["missing_content", "invalid_json", "invalid_json", "invalid_base64"], sink.Failures.Select(f => f.Reason));
        Assert.StartsWith("line 7, file 2 of the list: ", sink.Failures[0].Detail, StringComparison.Ordinal);
        Assert.All(sink.Failures, f => Assert.Equal("o/r", f.About.RepoName));
        Assert.Equal(1, ReadLine("""{"repo_path": "o/r", "files": []}""").EmptyRepositories);
        Assert.Equal("missing_content", Assert.Throws<RecordFaultException>(() => ReadLine("""{"files": null}""")).Reason);
        Assert.Single(ReadLine("""{"files": [{"content": "no"}], "content": "yes"}""").Records, r => r.Text() == "yes");
    }

    [Fact]
    public void Mapped_names_reach_into_structs_of_the_row_and_of_the_list()
    {
        var options = new InputOptions
        {
            FilesColumn = "blobs",
            Columns = new Dictionary<string, string> { ["content"] = "body.raw", ["path"] = "blobs.where", ["repo_name"] = "repo.name", ["star_events_count"] = "repo.stats.likes", ["language"] = "dotted.lang" },
        };
        var batch = Batch(
            Structs("repo", Texts("name", ["o/r"]), Structs("stats", Longs("forks", [1]), Longs("likes", [8]))),
            Texts("content", ["no"]),
            Texts("dotted.lang", ["C"]),
            StructLists("blobs", [1], Longs("path", [3]), Structs("body", Longs("n", [1]), Texts("raw", ["yes"])), Texts("where", ["a.c"])));
        Assert.Equal(["o/r/a.c yes 8 C "], ReadBatch(batch, options).Records.Select(Described));
        Assert.Equal(["o/r/a.c yes 8 C "], ReadLine(Encoding.UTF8.GetString(JsonLines(batch)), options).Records.Select(Described));
    }

    [Fact]
    public void A_column_that_the_options_name_and_the_file_lacks_is_a_fault_that_names_those_that_are_there()
    {
        var batch = Batch(Texts("content", ["x"]), Longs("number", [1]));
        string Fault(InputOptions options) => Assert.Throws<ShardFaultException>(() => ReadBatch(batch, options)).Message;
        foreach (var message in new[]
        {
            Fault(new() { Columns = new Dictionary<string, string> { ["repo_name"] = "nothing" } }),
            Fault(new() { ContentColumn = "nothing" }),
            Fault(new() { FilesColumn = "nothing" }),
            Fault(new() { PathColumn = "nothing" }),
        })
        {
            Assert.Contains("'nothing'", message);
            Assert.Contains("content (utf8), number (int64)", message);
        }

        Assert.Contains("'number'", Fault(new() { ContentColumn = "number" }));
        var header = new MemoryFile("x.csv", "content,number\nx,1\n"u8.ToArray());
        Assert.Contains("input.columns.repo_name", Assert.Throws<ShardFaultException>(() => CsvRecords.Read(header, Names(new() { Columns = new Dictionary<string, string> { ["repo_name"] = "nothing" } }), new RecordingSink())).Message);
    }

    [Fact]
    public void Options_that_name_what_no_record_holds_are_refused()
    {
        string Refused(InputOptions options) => Assert.Throws<UsageException>(() => RecordNames.Of(options, false)).Message;
        Assert.Contains("'repo_name'", Refused(new() { Columns = new Dictionary<string, string> { ["reponame"] = "x" } }));
        Assert.Contains("star_events_count", Refused(new() { Columns = new Dictionary<string, string> { ["qqqqqq"] = "x" } }));
        Assert.Contains("'path'", Refused(new() { Columns = new Dictionary<string, string> { ["path"] = "" } }));
        Assert.Contains("input.path_column", Refused(new() { PathColumn = "a", Columns = new Dictionary<string, string> { ["path"] = "b" } }));
    }

    [Theory]
    [InlineData(1_600_000_000, 1_600_000_000_000_000)]
    [InlineData(1_600_000_000_123, 1_600_000_000_123_000)]
    [InlineData(1_600_000_000_123_456, 1_600_000_000_123_456)]
    [InlineData(1_600_000_000_123_456_789, 1_600_000_000_123_456)]
    [InlineData(-5, -5_000_000)]
    [InlineData(0, 0)]
    public void The_unit_of_a_files_time_is_told_by_its_size(long value, long micros)
    {
        Assert.Equal(micros, Assert.Single(ReadLine($$"""{"content": "x", "file_timestamp": {{value}}}""").Records).CommitterDateMicros);
        Assert.Equal(micros, Assert.Single(ReadBatch(Batch(Texts("content", ["x"]), Longs("when", [value])), new() { Columns = new Dictionary<string, string> { ["committer_date"] = "when" } }).Records).CommitterDateMicros);
        Assert.Equal(value, Assert.Single(ReadBatch(Batch(Texts("content", ["x"]), Longs("committer_date", [value]))).Records).CommitterDateMicros);
    }

    [Fact]
    public void A_row_larger_than_a_batch_is_a_batch_of_its_own()
    {
        var large = new string('x', 3 << 20);
        var rows = Enumerable.Range(0, 6).Select(i => (int?)3).ToList();
        var file = new MemoryFile("x.parquet", RecordTables.Parquet(Batch(Texts("repo_path", rows.Select((_, i) => $"o/{i}")), StructLists("files", rows, Texts("content", Enumerable.Repeat(large, 18)), Texts("unread", Enumerable.Repeat("y", 18))))));
        var lengths = new List<int>();
        var sink = new RecordingSink();
        var records = new ArrowRecords(Names(), file, sink);
        foreach (var batch in ParquetTableReader.Batches(file, schema => ArrowBinding.Of(schema, Names(), file.Name).Leaves(schema)))
        {
            lengths.Add(batch.Length);
            Assert.DoesNotContain("unread", ((Apache.Arrow.Types.StructType)((Apache.Arrow.Types.ListType)batch.Schema.GetFieldByName("files").DataType).ValueDataType).Fields.Select(f => f.Name));
            records.Read(batch);
        }

        Assert.Equal(18, sink.Records.Count);
        // A column of equal texts is stored once, so the figures of the chunk say little; the rows are few all the same.
        Assert.Equal(6, lengths.Sum());
    }
}
