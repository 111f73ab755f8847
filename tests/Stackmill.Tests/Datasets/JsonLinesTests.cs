using System.IO.Compression;
using System.Text;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class JsonLinesTests
{
    private static LocalFile Local(string path) => new(path, Path.GetFileName(path));

    private static List<string> Lines(string path, long start = 0, long end = long.MaxValue) =>
        [.. JsonLines.Read(Local(path), start, end).Select(l => l.TooLong ? "TOO LONG" : Encoding.UTF8.GetString(l.Bytes.Span))];

    private static readonly Gen<string> Document = Gen.Select(
        Gen.OneOf(Gen.String[Gen.Char['a', 'e'], 0, 10], Gen.OneOf("", " ", "\t", "é", "字字", new string('x', 5000))),
        Gen.OneOf("\n", "\r\n", "\n\n"), (text, end) => text + end).Array[0, 30].Select(lines => string.Concat(lines));

    [Fact]
    public void Pieces_of_any_size_give_the_same_lines_as_one_reading() =>
        Gen.Select(Document, Gen.Bool, Gen.Int[1, 6000]).Sample((text, cutLastFeed, bytes) =>
        {
            using var folder = new TempFolder();
            var path = folder.Write("x.jsonl", cutLastFeed ? text.TrimEnd('\n') : text);
            var starts = JsonLines.Split(Local(path), bytes);
            var pieces = starts.SelectMany((start, i) => Lines(path, start, i + 1 < starts.Count ? starts[i + 1] : long.MaxValue));
            Assert.Equal(Lines(path), pieces);
            Assert.Equal(text.Split('\n').Select(l => l.Trim(' ', '\t', '\r')).Where(l => l.Length > 0), Lines(path));
            Assert.Equal(starts.Distinct().Order(), starts);
        }, iter: 300);

    [Theory]
    [InlineData("x.jsonl")]
    [InlineData("x.jsonl.gz")]
    [InlineData("x.jsonl.zst")]
    public void Line_ends_marks_blank_lines_and_numbers(string name)
    {
        using var folder = new TempFolder();
        var path = Compressed(folder, name, "\uFEFF{\"a\":1}\r\n\r\n  \t\n {\"b\":2} \n\n{\"c\":3}\n  "u8);
        Assert.Equal(["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"], Lines(path));
        Assert.Equal([1, 4, 6], JsonLines.Read(Local(path)).Select(l => l.Number));
    }

    [Theory]
    [InlineData("x.jsonl")]
    [InlineData("x.jsonl.gz")]
    [InlineData("x.jsonl.zst")]
    public void An_empty_file_has_no_lines(string name)
    {
        using var folder = new TempFolder();
        Assert.Empty(Lines(Compressed(folder, name, ""u8)));
        File.WriteAllBytes(folder[name], []);
        if (!PackedFile.IsCompressed(name))
            Assert.Equal([0], JsonLines.Split(Local(folder[name]), 1));
    }

    [Fact]
    public void Several_compressed_members_are_read_to_the_end()
    {
        using var folder = new TempFolder();
        byte[] gzip = [.. Gzip("one\n"u8), .. Gzip("two\n"u8)];
        byte[] zstd = [.. Zstd("one\n"u8), .. Zstd("two\n"u8)];
        Assert.Equal(["one", "two"], Lines(folder.Write("x.jsonl.gz", gzip)));
        Assert.Equal(["one", "two"], Lines(folder.Write("x.jsonl.zst", zstd)));
    }

    [Theory]
    [InlineData("x.jsonl.gz")]
    [InlineData("x.jsonl.zst")]
    public void Cut_or_damaged_compressed_data_is_the_shards_fault_and_names_the_file(string name)
    {
        using var folder = new TempFolder();
        var noise = new byte[200_000];
        new Random(1).NextBytes(noise);
        var whole = name.EndsWith("gz", StringComparison.Ordinal) ? Gzip(noise) : Zstd(noise);
        foreach (var broken in new[] { whole[..(whole.Length / 2)], whole[..^3], [1, 2, 3, .. whole] })
        {
            var path = folder.Write(name, broken);
            Assert.Contains(path, Assert.Throws<ShardFaultException>(() => Lines(path)).Message);
        }
    }

    [Fact]
    public void A_line_above_the_limit_is_told_of_and_passed_over()
    {
        using var folder = new TempFolder();
        var path = folder["x.jsonl"];
        using (var stream = File.Create(path))
        {
            stream.Write("before\n"u8);
            var block = new byte[1 << 20];
            block.AsSpan().Fill((byte)'x');
            for (var i = 0; i <= JsonLines.MaxLineBytes >> 20; i++)
                stream.Write(block);
            stream.Write("\nafter\n"u8);
        }

        Assert.Equal(["before", "TOO LONG", "after"], Lines(path));
        Assert.Equal([1, 2, 3], JsonLines.Read(Local(path)).Select(l => l.Number));
    }

    [Fact]
    public void A_line_that_just_fits_is_read()
    {
        using var folder = new TempFolder();
        var line = new byte[JsonLines.MaxLineBytes - 1];
        line.AsSpan().Fill((byte)'x');
        var path = folder.Write("x.jsonl", [.. line, (byte)'\n', (byte)'y']);
        Assert.Equal([line.Length, 1], JsonLines.Read(Local(path)).Select(l => l.Bytes.Length));
    }

    [Theory]
    [InlineData("a.jsonl", true)]
    [InlineData("a.JSONL.GZ", true)]
    [InlineData("a.ndjson.zst", true)]
    [InlineData("a.json", false)]
    [InlineData("a.jsonl.bz2", false)]
    public void Names(string name, bool isLines) => Assert.Equal(isLines, JsonLines.IsName(name));

    private static string Compressed(TempFolder folder, string name, ReadOnlySpan<byte> bytes) =>
        folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(bytes) : name.EndsWith(".zst", StringComparison.Ordinal) ? Zstd(bytes) : bytes);

    private static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return target.ToArray();
    }

    private static byte[] Zstd(ReadOnlySpan<byte> bytes)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(bytes).ToArray();
    }
}
