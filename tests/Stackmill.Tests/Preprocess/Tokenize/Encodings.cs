using System.Buffers;
using Stackmill.Preprocess.Tokenize;
using TiktokenTokenizer = Microsoft.ML.Tokenizers.TiktokenTokenizer;

namespace Stackmill.Tests.Preprocess.Tokenize;

/// <summary>One encoding, ours and the oracles for it; loaded once for all tests.</summary>
internal sealed class Encodings
{
    private static readonly Dictionary<string, Lazy<Encodings>> _all =
        BpeVocabulary.Names.ToDictionary(name => name, name => new Lazy<Encodings>(() => new Encodings(name)));

    private Encodings(string name)
    {
        Vocabulary = BpeVocabulary.Load(name);
        Library = TiktokenTokenizer.CreateForEncoding(name);
        Reference = new ReferenceTokenizer(Vocabulary);
    }

    public BpeVocabulary Vocabulary { get; }

    /// <summary>The library's tokenizer: an oracle for text without scalar values beyond U+FFFF and without special tokens.</summary>
    public TiktokenTokenizer Library { get; }

    /// <summary>The slow and simple oracle for all bytes.</summary>
    public ReferenceTokenizer Reference { get; }

    public static TheoryData<string> Names => [.. BpeVocabulary.Names];

    public static Encodings Get(string name) => _all[name].Value;

    public BpeTokenizer NewTokenizer() => new(Vocabulary);

    public static int[] Encode(BpeTokenizer tokenizer, ReadOnlySpan<byte> utf8)
    {
        var ids = new ArrayBufferWriter<int>();
        tokenizer.Encode(utf8, ids);
        return ids.WrittenSpan.ToArray();
    }

    public byte[] Decode(IEnumerable<int> ids) => [.. ids.SelectMany(id => Vocabulary.Token(id).ToArray())];
}
