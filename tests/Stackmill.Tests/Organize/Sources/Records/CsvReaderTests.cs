using System.Text;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Organize;
using Stackmill.Organize.Sources.Records;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Records;

public sealed class CsvReaderTests
{
    private static List<string> Rows(byte[] bytes, int maxRecord = 1 << 20, int bytesAtOnce = int.MaxValue)
    {
        var rows = new List<string>();
        using var csv = new CsvReader(new MemoryFile("x.csv", bytes, bytesAtOnce), (byte)',', maxRecord);
        while (csv.Read())
        {
            rows.Add($"{csv.Line}: " + (csv.TooLong ? "TOO LONG" : csv.Problem is { } problem ? "WRONG " + problem
                : string.Join('|', Enumerable.Range(0, csv.Count).Select(i => Encoding.Latin1.GetString(csv[i].Span)))));
        }

        return rows;
    }

    private static List<string> Rows(string text) => Rows(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void What_is_written_by_the_rules_is_read_back_however_the_bytes_come() =>
        Gen.Select(Gen.OneOf(Gen.String[Gen.OneOf('a', ',', '"', '\n', '\r'), 0, 6], Gen.Const(new string('x', 5000))).Array[2, 2].Array[0, 20], Gen.OneOf("\n", "\r\n"), Gen.Bool, Gen.Int[1, 3]).Sample((rows, end, lastEnd, step) =>
        {
            var text = string.Join(end, rows.Select(r => string.Join(',', r.Select(f => f.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : f)))) + (lastEnd ? end : "");
            var read = Rows(Encoding.UTF8.GetBytes(text), bytesAtOnce: step);
            Assert.Equal(rows.Select(r => string.Join('|', r)), read.Select(r => r[(r.IndexOf(':') + 2)..]));
            Assert.Equal(Rows(text), read);
        }, iter: 300);

    [Theory]
    [InlineData("a,b\n\n\r\nc,d", new[] { "1: a|b", "4: c|d" })]
    [InlineData("\uFEFFa,\"\"\n,", new[] { "1: a|", "2: |" })]
    [InlineData("a\r\n\"b\nb\",c\r\nd", new[] { "1: a", "2: b\nb|c", "4: d" })]
    [InlineData("a\n\"b\"x\nc", new[] { "1: a", "2: WRONG there is text after the closing quote of field 1", "3: c" })]
    [InlineData("a\nb\"x\nc", new[] { "1: a", "2: WRONG there is a quote inside field 1, which does not begin with one", "3: c" })]
    [InlineData("a\n\"b\nc\nd", new[] { "1: a", "2: WRONG a quote that opens field 1 is never closed", "3: c", "4: d" })]
    [InlineData("a\n\"b\nc\n\"d\",e", new[] { "1: a", "2: WRONG there is text after the closing quote of field 1", "3: c", "4: d|e" })]
    [InlineData("a\rb\n", new[] { "1: a\rb" })]
    [InlineData("", new string[0])]
    public void Lines_and_wrong_records(string text, string[] rows) => Assert.Equal(rows, Rows(text));

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are() => Assert.Equal(["1: \u00ff\u0000|\u00e9"], Rows([0xFF, 0, (byte)',', 0xE9]));

    [Fact]
    public void A_record_above_the_limit_is_passed_over_with_the_line_ends_in_its_quotes()
    {
        var large = $"\"{new string('x', 3000)}\n{new string('y', 3000)}\"\"\n\",z";
        var text = $"a,b\n{large}\nc,d\n";
        Assert.Equal(["1: a|b", "2: TOO LONG", "5: c|d"], Rows(Encoding.UTF8.GetBytes(text), maxRecord: 1024));
        Assert.Equal(["1: TOO LONG"], Rows(Encoding.UTF8.GetBytes("\"" + new string('\n', 9000)), maxRecord: 1024));
    }

    [Fact]
    public void Any_bytes_end_and_every_line_number_is_true() =>
        Gen.OneOf<byte>((byte)'a', (byte)'"', (byte)',', (byte)'\n', (byte)'\r').Array[0, 60].Sample(bytes =>
        {
            var rows = Rows(bytes);
            var lines = rows.Select(r => int.Parse(r[..r.IndexOf(':')])).ToList();
            Assert.Equal(lines.Distinct().Order(), lines);
            Assert.True(lines.Count == 0 || lines[^1] <= bytes.Count(b => b == '\n') + 1);
            Assert.Equal(rows, Rows(bytes, bytesAtOnce: 1));
        }, iter: 3000);

    private static RecordingSink Read(string name, string text, InputOptions? options = null)
    {
        var sink = new RecordingSink();
        CsvRecords.Read(new MemoryFile(name, Encoding.UTF8.GetBytes(text)), RecordNames.Of(options ?? new InputOptions(), declaredIds: false), sink);
        return sink;
    }

    [Fact]
    public void Records_with_another_number_of_fields_fail_with_their_line_and_the_others_go_on()
    {
        var sink = Read("x.csv", "path,content\na.py,\"1\n2\"\nb.py\nc.py,3,4\nd.py,\"5\"6\ne.py,7\n");
        Assert.Equal(["a.py", "e.py"], sink.Records.Select(r => r.Path));
        Assert.Equal(["line 4: 1 fields; expected 2, as in the header", "line 5: 3 fields; expected 2, as in the header", "line 6: there is text after the closing quote of field 2"], sink.Failures.Select(f => f.Detail));
        Assert.All(sink.Failures, f => Assert.Equal(("invalid_csv", "x.csv"), (f.Reason, f.About.Path)));
    }

    [Theory]
    [InlineData("x.csv", "", "has no header")]
    [InlineData("x.csv", "\"a\n", "has no header")]
    [InlineData("x.csv", "path;source\n", "path;source")]
    [InlineData("x.tsv", "path\tsource\n", "path, source")]
    public void A_file_without_a_column_of_contents_is_a_fault_that_names_its_columns(string name, string text, string named) =>
        Assert.Contains(named, Assert.Throws<ShardFaultException>(() => Read(name, text)).Message);

    [Fact]
    public void Lists_in_one_field_are_read_as_json_and_python_write_them()
    {
        var sink = Read("x.tsv", "code\tlicenses\nx\tMIT\nx\t\"[\"\"MIT\"\", \"\"Zlib\"\"]\"\nx\t['MIT' 'Zlib']\nx\t[]\nx\t[MIT, Zlib]\nx\t\n");
        Assert.Equal(["MIT", "MIT+Zlib", "MIT+Zlib", "", "MIT+Zlib", "null"], sink.Records.Select(r => r.DetectedLicenses is null ? "null" : string.Join('+', r.DetectedLicenses)));
    }
}
