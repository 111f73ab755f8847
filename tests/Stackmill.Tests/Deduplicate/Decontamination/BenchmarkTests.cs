using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using Stackmill.Core.Faults;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Decontamination;

/// <summary>Each known form is told by its columns; what is wrong with a file is said before anything is done.</summary>
public sealed class BenchmarkTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("humaneval", "HumanEval", "Synthetic/0", "prompt, solution, test")]
    [InlineData("mbpp", "MBPP", "1", "prompt, solution, test")]
    [InlineData("apps", "APPS", "0", "prompt, solution, solution 2")]
    [InlineData("ds1000", "DS-1000", "0", "prompt, solution")]
    [InlineData("livecodebench", "LiveCodeBench", "harbour_a", "prompt")]
    public void Known_forms_are_told_by_their_columns(string sample, string form, string id, string kinds)
    {
        var benchmark = Assert.Single(Benchmark.Of(TestBenchmarks.Options(TestBenchmarks.Sample(sample))));
        var problems = benchmark.Read().ToList();

        Assert.Equal((form, $"synthetic-{sample}.jsonl"), (benchmark.Form, benchmark.Name));
        Assert.Equal(TestBenchmarks.Rows(sample).Count, problems.Count);
        Assert.Equal((id, kinds), (problems[0].Id, string.Join(", ", problems[0].Texts.Select(t => t.Kind))));
        Assert.Contains(problems[0].Texts, t => t.Text.Contains("synthetic", StringComparison.Ordinal));
    }

    [Fact]
    public void The_sanitized_form_of_MBPP_and_a_list_of_tests_are_understood()
    {
        var problem = Assert.Single(Read(_folder.Write("s.jsonl", """{"task_id": 7, "prompt": "a b", "code": "c d", "test_list": ["assert e", "assert f"]}""")));
        Assert.Equal("7", problem.Id);
        Assert.Equal([("prompt", "a b"), ("solution", "c d"), ("test", "assert e\nassert f")], problem.Texts.Select(t => (t.Kind, t.Text)));
    }

    [Fact]
    public void Starter_code_and_missing_solutions_of_APPS_are_understood()
    {
        var second = Read(TestBenchmarks.Sample("apps"))[1];
        Assert.Equal(["prompt", "starter"], second.Texts.Select(t => t.Kind));
    }

    [Fact]
    public void Compressed_lines_give_what_plain_ones_give()
    {
        var plain = File.ReadAllBytes(TestBenchmarks.Sample("humaneval"));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(plain);
        var (gz, zst) = (_folder.Write("h.jsonl.gz", packed.ToArray()), _folder.Write("h.jsonl.zst", new ZstdSharp.Compressor().Wrap(plain)));
        var expected = Texts(Read(TestBenchmarks.Sample("humaneval")));
        Assert.Equal(expected, Texts(Read(gz)));
        Assert.Equal(expected, Texts(Read(zst)));
    }

    [Fact]
    public void Parquet_gives_what_lines_give_also_in_lists_and_with_numbers_as_ids()
    {
        var path = _folder["m.parquet"];
        ParquetSharp.Column[] columns = [new Column<long>("task_id"), new Column<string>("source"), new Column<string>("text"), new Column<string>("code"), new Column<string[]>("test_list")];
        var rows = TestBenchmarks.Rows("mbpp");
        using (var file = new ParquetFileWriter(path, columns))
        {
            using var group = file.AppendRowGroup();
            using (var writer = group.NextColumn().LogicalWriter<long>())
                writer.WriteBatch([.. rows.Select(r => (long)r["task_id"]!)]);
            foreach (var key in (string[])["code", "text", "code"])
            {
                using var writer = group.NextColumn().LogicalWriter<string>();
                writer.WriteBatch([.. rows.Select(r => (string)r[key]!)]);
            }

            using (var writer = group.NextColumn().LogicalWriter<string[]>())
                writer.WriteBatch([.. rows.Select(r => r["test_list"]!.AsArray().Select(t => (string)t!).ToArray())]);
            file.Close();
        }

        Assert.Equal(Texts(Read(TestBenchmarks.Sample("mbpp"))), Texts(Read(path)));
    }

    [Fact]
    public void The_id_of_DS_1000_is_found_in_a_struct_that_lies_before_the_texts()
    {
        var path = _folder["d.parquet"];
        StringArray Column(params string[] values) => new StringArray.Builder().AppendRange(values).Build();
        var metadata = new StructArray(
            new StructType([new Field("library", StringType.Default, true), new Field("problem_id", Int64Type.Default, true)]), 2,
            [Column("Pandas", "Numpy"), new Int64Array.Builder().Append(5).Append(6).Build()], ArrowBuffer.Empty);
        var columns = new (string Name, IArrowArray Array)[] { ("metadata", metadata), ("code_context", Column("u", "v")), ("reference_code", Column("a b", "c d")), ("prompt", Column("e f", "")) };
        var schema = new Schema(columns.Select(c => new Field(c.Name, c.Array.Data.DataType, true)), null);
        using (var writer = new ParquetSharp.Arrow.FileWriter(path, schema))
        {
            writer.WriteRecordBatch(new RecordBatch(schema, columns.Select(c => c.Array), 2));
            writer.Close();
        }

        Assert.Equal(["5: prompt e f, solution a b", "6: solution c d"], Texts(Read(path)));
    }

    [Fact]
    public void Named_columns_are_taken_of_a_file_of_no_known_form_and_rows_without_an_id_are_numbered()
    {
        var path = _folder.Write("own.jsonl", "{\"q\": \"one\", \"hint\": \"two\", \"a\": \"three\"}\n{\"q\": \"four\", \"hint\": null, \"a\": \"\"}\n");
        var options = new DecontaminationOptions { Benchmarks = [path], Columns = new Dictionary<string, string> { ["prompt"] = "q, hint", ["solution"] = "a" } };
        var problems = Assert.Single(Benchmark.Of(options)).Read().ToList();
        Assert.Equal(["row 1: prompt one, prompt 2 two, solution three", "row 2: prompt four"], Texts(problems));
    }

    [Fact]
    public void A_named_column_that_a_file_lacks_is_told()
    {
        var options = new DecontaminationOptions { Benchmarks = [_folder.Write("own.jsonl", "{\"q\": \"one\"}\n")], Columns = new Dictionary<string, string> { ["prompt"] = "q, hint" } };
        Assert.Contains("lacks hint, which decontamination.columns names", Assert.Throws<UsageException>(() => Decontaminator.Require(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_name_are_told_apart()
    {
        var line = TestBenchmarks.Line("x", "one", "two");
        Assert.Equal(["b.jsonl", "b.jsonl (2)"], Benchmark.Of(TestBenchmarks.Options(_folder.Write("1/b.jsonl", line), _folder.Write("2/b.jsonl", line))).Select(b => b.Name));
    }

    [Theory]
    [InlineData("a.jsonl", "{\"task_id\": \"1\", \"prompt\": \"x y\", \"canonical_solution\": \"z\"}\n{\"task_id\": sëcret}\n", "line 2", "no valid JSON", "Correct the file")]
    [InlineData("a.jsonl", "[1, 2]\n", "line 1", "holds a list", "JSON object")]
    [InlineData("a.jsonl", "", "no rows", "Expected at least one problem", "fetch the file again")]
    [InlineData("a.jsonl", "{\"task_id\": \"1\", \"prompt\": \"\", \"canonical_solution\": \" \"}\n", "1 rows, and no text", "HumanEval", "Expected at least one problem")]
    [InlineData("a.jsonl", "{\"name\": \"1\", \"sëcret_question\": \"x\"}\n", "the columns name, sëcret_question", "DS-1000 (metadata, prompt, reference_code)", "decontamination.columns")]
    [InlineData("a.jsonl", "{\"task_id\": \"1\", \"prompt\": 17, \"canonical_solution\": \"z\"}\n", "line 1", "a number in the column 'prompt'", "a text or a list of texts")]
    [InlineData("a.jsonl", "{\"task_id\": \"1\", \"prompt\": [\"x\", 17], \"canonical_solution\": \"z\"}\n", "line 1", "a list with a number in it", "a list of texts")]
    [InlineData("a.jsonl", "{\"problem_id\": 1, \"question\": \"x\", \"solutions\": \"[sëcret\"}\n", "line 1", "no JSON list of texts", "'solutions'")]
    [InlineData("a.jsonl", "{\"task_id\": \"1\", \"prompt\": \"\\ud800\", \"canonical_solution\": \"z\"}\n", "line 1", "no valid Unicode", "'prompt'")]
    [InlineData("a.jsonl.gz", "no gzip", "a.jsonl.gz", "damaged", "fetch or make the file again")]
    [InlineData("a.parquet", "no parquet", "a.parquet", "can't be read as Parquet", "fetch or make it again")]
    [InlineData("a.txt", "x", "a.txt", "no known kind", ".parquet")]
    public void A_file_that_is_no_benchmark_is_refused_with_what_was_found_where_and_what_to_do(string name, string text, params string[] said)
    {
        var path = _folder.Write(name, text);
        var message = Assert.Throws<UsageException>(() => Decontaminator.Require(TestBenchmarks.Options(path))).Message;
        Assert.All([.. said, path], part => Assert.Contains(part, message, StringComparison.Ordinal));
        // Names of columns are told; what they hold is not.
        Assert.DoesNotContain("[sëcret", message, StringComparison.Ordinal);
        Assert.DoesNotContain(": sëcret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        Assert.Contains("does not exist", Assert.Throws<UsageException>(() => Benchmark.Of(TestBenchmarks.Options(_folder["none.jsonl"]))).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["folder.jsonl"]);
        Assert.Contains("is a folder", Assert.Throws<UsageException>(() => Benchmark.Of(TestBenchmarks.Options(_folder["folder.jsonl"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_numbers_in_Parquet_is_refused()
    {
        var path = _folder["n.parquet"];
        using (var file = new ParquetFileWriter(path, [new Column<string>("task_id"), new Column<double>("prompt"), new Column<string>("canonical_solution")]))
        {
            using var group = file.AppendRowGroup();
            using (var writer = group.NextColumn().LogicalWriter<string>())
                writer.WriteBatch(["a"]);
            using (var writer = group.NextColumn().LogicalWriter<double>())
                writer.WriteBatch([1.5]);
            using (var writer = group.NextColumn().LogicalWriter<string>())
                writer.WriteBatch(["b"]);
            file.Close();
        }

        var message = Assert.Throws<UsageException>(() => Read(path)).Message;
        Assert.All(["row 1", "type double", "'prompt'", "texts or lists of texts"], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static List<Problem> Read(string path) => [.. Assert.Single(Benchmark.Of(TestBenchmarks.Options(path))).Read()];

    private static IEnumerable<string> Texts(IEnumerable<Problem> problems) => problems.Select(p => $"{p.Id}: {string.Join(", ", p.Texts.Select(t => $"{t.Kind} {t.Text}"))}");
}
