using System.Buffers;
using System.Text;
using System.Text.Unicode;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Tokenizers;
using Stackmill.Preprocess.Tokenize;
using BpeTokenizer = Stackmill.Preprocess.Tokenize.BpeTokenizer;

namespace Stackmill.Bench;

/// <summary>Counting and encoding of up to 8 MB of source code: the C headers of this machine, else the files beside the program.</summary>
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private const int Limit = 8 << 20;

    private readonly List<byte[]> _files = [];
    private readonly ArrayBufferWriter<int> _ids = new(1 << 20);
    private readonly List<string> _texts = [];
    private TiktokenTokenizer _library = null!;
    private BpeTokenizer _tokenizer = null!;

    [Params("o200k_base", "cl100k_base")]
    public string Encoding { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = new BpeTokenizer(BpeVocabulary.Load(Encoding));
        _library = TiktokenTokenizer.CreateForEncoding(Encoding);
        var folder = Directory.Exists("/usr/include") ? "/usr/include" : AppContext.BaseDirectory;
        var size = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetExtension(path) is not (".h" or ".hpp" or ".xml" or ".json")) continue;
            var bytes = File.ReadAllBytes(path);
            if (!Utf8.IsValid(bytes)) continue;
            if ((size += bytes.Length) > Limit) break;
            _files.Add(bytes);
            _texts.Add(System.Text.Encoding.UTF8.GetString(bytes));
        }
    }

    [Benchmark(Baseline = true)]
    public long Count()
    {
        var sum = 0L;
        foreach (var file in _files) sum += _tokenizer.Count(file);
        return sum;
    }

    [Benchmark]
    public long Encode()
    {
        var sum = 0L;
        foreach (var file in _files)
        {
            _ids.ResetWrittenCount();
            _tokenizer.Encode(file, _ids);
            sum += _ids.WrittenCount;
        }

        return sum;
    }

    [Benchmark]
    public long LibraryCount()
    {
        var sum = 0L;
        foreach (var text in _texts) sum += _library.CountTokens(text);
        return sum;
    }

    [Benchmark]
    public int LoadVocabulary() => BpeVocabulary.Load(Encoding).Count;
}
