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
            BandKeyTable.Hash(_signature, 6, _keys);
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

/// <summary>
/// Buckets and decisions for sets of 60 shingles, one document in three a near copy of the one before it, and for
/// a chain in which each document differs by one shingle from the next.
/// </summary>
[MemoryDiagnoser]
public class DecisionBenchmarks : IShingleStore
{
    private const int SetSize = 60;

    private readonly LshParameters _parameters = LshParameters.For(0.85);
    private DocumentSketch[] _sketches = [];
    private ContentDigest[] _digests = [];
    private BandKeyTable _table = new(1);

    [Params(100_000, 1_000_000)]
    public int Documents { get; set; }

    [Params(false, true)]
    public bool Chain { get; set; }

    // Deciding uses the keys up, so that they are made again for each run.
    [IterationSetup]
    public void Setup()
    {
        _table = new BandKeyTable(_parameters.Bands);
        _sketches = new DocumentSketch[Documents];
        _digests = new ContentDigest[Documents];
        var hasher = new MinHasher(_parameters.Permutations);
        var signature = new uint[hasher.PaddedLength];
        var keys = new ulong[_parameters.Bands];
        ulong[] set = [];
        for (int i = 0; i < Documents; i++)
        {
            Read(new(0, SetSize, i), ref set);
            hasher.Compute(set, signature);
            BandKeyTable.Hash(signature, _parameters.Rows, keys);
            _sketches[i] = new(SetSize + 4, _table.Add(keys), new(0, SetSize, i), default);
            _digests[i] = new(StableHash.Finalise((ulong)i + 1), 0, 0, (ulong)i);
        }
    }

    [Benchmark]
    public int Decide() => new DuplicateDecider(_parameters, _table, this).Decide(_digests, _sketches).Count(static decision => decision.Kind == DuplicateKind.Near);

    /// <inheritdoc/>
    void IShingleStore.Read(ShingleReference set, ref ulong[] buffer) => Read(set, ref buffer);

    private void Read(ShingleReference set, ref ulong[] buffer)
    {
        if (buffer.Length < SetSize)
            buffer = new ulong[SetSize];
        ulong document = (ulong)set.Offset;
        ulong source = !Chain && document % 3 == 1 ? document - 1 : document;
        for (int k = 0; k < SetSize; k++)
        {
            bool changed = source != document && k < 2;
            buffer[k] = StableHash.Finalise(Chain ? document + (ulong)k + 1 : ((changed ? document : source) << 8) + (ulong)k + 1);
        }
        buffer.AsSpan(0, SetSize).Sort();
    }
}
