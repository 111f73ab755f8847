using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Stackmill.Preprocess.Clean;
using Stackmill.Preprocess.Decode;
using Stackmill.Preprocess.Measure;

namespace Stackmill.Bench;

/// <summary>
/// Decoding, cleaning and measuring of single files, over 30 MB of the folder that the environment variable
/// <c>STACKMILL_BENCH_INPUT</c> names. MB/s is <see cref="Megabytes"/> (printed at set-up) over the mean time.
/// </summary>
public class TextBenchmarks
{
    private const int WantedBytes = 30_000_000;

    private readonly ArrayBufferWriter<byte> output = new(4 << 20);
    private readonly TextDecoder decoder = new();
    private readonly TextCleaner cleaner = new(new CleanOptions());
    private readonly OffsetMap map = new();
    private List<byte[]> asFound = [];
    private List<byte[]> clean = [];
    private List<byte[]> withReturns = [];
    private List<byte[]> russian = [];

    /// <summary>Size of the files as found.</summary>
    public double Megabytes { get; private set; }

    [GlobalSetup]
    public void ReadFiles()
    {
        var folder = Environment.GetEnvironmentVariable("STACKMILL_BENCH_INPUT")
            ?? throw new InvalidOperationException("STACKMILL_BENCH_INPUT is not set: expected a folder of source code of 30 MB or more.");
        long total = 0;
        string[] extensions = [".py", ".js", ".c", ".h", ".cs", ".java", ".cpp"];
        var paths = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(p => extensions.Contains(Path.GetExtension(p)))
            .Order(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var raw = File.ReadAllBytes(path);
            if (decoder.Decode(raw, null, output).Kind != DecodeKind.Utf8)
                continue;
            asFound.Add(raw);
            total += raw.Length;
            if (total >= WantedBytes)
                break;
        }

        Megabytes = total / 1e6;
        clean = [.. asFound.Select(Cleaned)];
        withReturns = [.. clean.Select(b => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(b).Replace("\n", "\r\n", StringComparison.Ordinal)))];
        var comment = Encoding.GetEncoding("windows-1251").GetBytes("\n// Открываем файл и читаем строки\n");
        russian = [.. clean.Select(b => (byte[])[.. b, .. comment])];
        Console.WriteLine($"{asFound.Count} files, {Megabytes:0.0} MB");
    }

    [Benchmark]
    public void Decode_utf8() => ForEach(clean, b => decoder.Decode(b, null, output));

    [Benchmark]
    public void Decode_windows_1251_with_one_comment() => ForEach(russian, b => decoder.Decode(b, null, output));

    [Benchmark]
    public void Clean_files_that_are_clean() => ForEach(clean, b => cleaner.Clean(b, "Python", output));

    [Benchmark]
    public void Clean_files_as_found() => ForEach(asFound, b => cleaner.Clean(b, "Python", output));

    [Benchmark]
    public void Clean_line_ends_in_every_line() => ForEach(withReturns, b => cleaner.Clean(b, "Python", output));

    [Benchmark]
    public void Clean_line_ends_in_every_line_with_map() => ForEach(withReturns, b => cleaner.Clean(b, "Python", output, map));

    [Benchmark]
    public int Measure()
    {
        var lines = 0;
        foreach (var file in clean)
            lines += TextMeasures.Of(file).Lines;
        return lines;
    }

    private void ForEach(List<byte[]> files, Action<byte[]> act)
    {
        foreach (var file in files)
        {
            output.ResetWrittenCount();
            act(file);
        }
    }

    private byte[] Cleaned(byte[] raw)
    {
        var result = new ArrayBufferWriter<byte>();
        return cleaner.Clean(raw, "Python", result) == CleanChange.None ? raw : result.WrittenSpan.ToArray();
    }
}
