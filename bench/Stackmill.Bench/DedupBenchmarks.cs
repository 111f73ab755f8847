using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Stackmill.Deduplicate;

namespace Stackmill.Bench;

/// <summary>
/// Signatures of 8 MB of made-up code in files of about 10 KB, at each SIMD level. Real code is what counts in
/// the end: set STACKMILL_BENCH_CORPUS to a folder to measure its files of up to 1 MiB instead.
/// MB/s is <see cref="Megabytes"/>, printed at the start, over the mean.
/// </summary>
[MemoryDiagnoser]
public class SignatureBenchmarks
{
    private byte[][] _files = [];
    private Shingler _shingler = new();
    private MinHasher _hasher = new(1);
    private uint[] _signature = [];
    private ulong[] _keys = [];

    [Params("Scalar", "Vector128", "Vector256", "Vector512")]
    public string Level { get; set; } = "";

    /// <summary>Size of the corpus in millions of bytes.</summary>
    public double Megabytes => _files.Sum(static file => (long)file.Length) / 1e6;

    [GlobalSetup]
    public void Setup()
    {
        _files = Environment.GetEnvironmentVariable("STACKMILL_BENCH_CORPUS") is { Length: > 0 } folder ? ReadCorpus(folder) : MakeCorpus();
        SimdLevel level = Enum.Parse<SimdLevel>(Level);
        _shingler = new Shingler(level);
        _hasher = new MinHasher(LshParameters.DefaultPermutations, level);
        _signature = new uint[_hasher.PaddedLength];
        _keys = new ulong[42];
        Console.WriteLine($"// {_files.Length} files, {Megabytes:F2} MB; this processor's best level is {SimdLevels.Best}");
    }

    [Benchmark]
    public int Shingles()
    {
        int shingles = 0;
        foreach (byte[] file in _files)
            shingles += _shingler.Read(file).Length;
        return shingles;
    }

    [Benchmark]
    public ulong ShinglesMinHashAndBands()
    {
        ulong all = 0;
        foreach (byte[] file in _files)
        {
            ReadOnlySpan<ulong> shingles = _shingler.Read(file);
            if (shingles.IsEmpty)
                continue;
            _hasher.Compute(shingles, _signature);
            BandKeys.Hash(_signature, 6, _keys);
            all ^= _keys[0];
        }
        return all;
    }

    private static byte[][] ReadCorpus(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return [.. Directory.EnumerateFiles(folder, "*", options)
            .Where(static path => new FileInfo(path).Length is > 0 and <= 1 << 20)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)];
    }

    private static byte[][] MakeCorpus()
    {
        var random = new Random(1);
        string[] words = [.. Enumerable.Range(0, 3000).Select(i => new string((char)('a' + (i % 26)), 1 + random.Next(11)) + i.ToString(CultureInfo.InvariantCulture))];
        string[] marks = [" = ", "(", ", ", ")\n    ", ".", " + ", "[", "]", ": ", ";\n"];
        var files = new byte[800][];
        var text = new StringBuilder();
        for (int i = 0; i < files.Length; i++)
        {
            text.Clear();
            while (text.Length < 10_000)
                text.Append(words[random.Next(random.Next(1, words.Length))]).Append(marks[random.Next(marks.Length)]);
            files[i] = Encoding.UTF8.GetBytes(text.ToString());
        }
        return files;
    }
}
