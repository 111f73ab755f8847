using System.Runtime.CompilerServices;
using Stackmill.Core.Faults;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// The ordinary tokens of one tiktoken encoding, found by their bytes. A token's id is its rank: of two possible merges,
/// the one with the lower id comes first. Immutable: load it once and share it between all workers.
/// </summary>
internal sealed class BpeVocabulary
{
    /// <summary>What <see cref="IdOf(ReadOnlySpan{byte})"/> gives for bytes that aren't a token: worse than every rank.</summary>
    public const int None = int.MaxValue;

    // 2^19 slots for at most 200 000 tokens: four slots in ten are used, so a search ends after one or two.
    private const int SlotBits = 19;

    // The sizes are tiktoken's: 200 019 and 100 277 ids less the gap and the special tokens above the ordinary ones.
    private static readonly Dictionary<string, VocabularyResource> _known = new(StringComparer.Ordinal)
    {
        ["o200k_base"] = new("Microsoft.ML.Tokenizers.Data.O200kBase", "o200k_base.tiktoken.deflate", 199_998, SplitterKind.O200k),
        ["cl100k_base"] = new("Microsoft.ML.Tokenizers.Data.Cl100kBase", "cl100k_base.tiktoken.deflate", 100_256, SplitterKind.Cl100k),
    };

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _pairs = new int[1 << 16];

    // High half: the low half of the token's hash, whose top bits choose the slot. Low half: id + 1; 0 in an empty slot.
    private readonly ulong[] _slots = new ulong[1 << SlotBits];

    private readonly int[] _singles = new int[256];

    private BpeVocabulary(string name, SplitterKind splitter, byte[] bytes, int[] starts)
    {
        Name = name;
        Splitter = splitter;
        _bytes = bytes;
        _starts = starts;
        Index();
    }

    /// <summary>The names that <see cref="Load"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => _known.Keys;

    /// <summary>The encoding's name in tiktoken.</summary>
    public string Name { get; }

    /// <summary>How text is cut before tokens are looked for.</summary>
    public SplitterKind Splitter { get; }

    /// <summary>Number of ordinary tokens; their ids are 0 to one less.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Length in bytes of the longest token.</summary>
    public int LongestToken { get; private set; }

    /// <summary>Reads the vocabulary that ships with the program.</summary>
    /// <exception cref="UsageException">No encoding has that name.</exception>
    /// <exception cref="RunFaultException">The installation lacks the vocabulary, or it is damaged.</exception>
    public static BpeVocabulary Load(string encodingName)
    {
        if (!_known.TryGetValue(encodingName, out var resource))
            throw new UsageException($"There is no tokenizer '{encodingName}'. Expected one of: {string.Join(", ", Names)}.");
        var (bytes, starts) = resource.Read();
        return new BpeVocabulary(encodingName, resource.Splitter, bytes, starts);
    }

    /// <summary>The bytes of the token <paramref name="id"/>.</summary>
    public ReadOnlySpan<byte> Token(int id) => _bytes.AsSpan(_starts[id].._starts[id + 1]);

    /// <summary>Id of the token that is one byte long: every byte is one.</summary>
    public int IdOf(byte single) => _singles[single];

    /// <summary>Id of the token of two bytes, or <see cref="None"/>.</summary>
    public int IdOf(byte first, byte second) => _pairs[(first << 8) | second];

    /// <summary>Id of the token that has exactly these bytes, or <see cref="None"/>.</summary>
    public int IdOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= 2)
        {
            if (bytes.Length == 2) return IdOf(bytes[0], bytes[1]);
            return bytes.IsEmpty ? None : IdOf(bytes[0]);
        }

        if (bytes.Length > LongestToken) return None;
        var hash = WordHash.Of(bytes);
        for (var slot = (int)(hash >> (64 - SlotBits)); ; slot = (slot + 1) & ((1 << SlotBits) - 1))
        {
            var entry = _slots[slot];
            if (entry == 0) return None;
            if ((uint)(entry >> 32) != (uint)hash) continue;
            var id = (int)(uint)entry - 1;
            if (Token(id).SequenceEqual(bytes)) return id;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Index()
    {
        Array.Fill(_pairs, None);
        Array.Fill(_singles, None);
        for (var id = 0; id < Count; id++)
        {
            var token = Token(id);
            LongestToken = Math.Max(LongestToken, token.Length);
            if (token.Length == 1)
            {
                _singles[token[0]] = id;
            }
            else if (token.Length == 2)
            {
                _pairs[(token[0] << 8) | token[1]] = id;
            }
            else
            {
                var hash = WordHash.Of(token);
                var slot = (int)(hash >> (64 - SlotBits));
                while (_slots[slot] != 0) slot = (slot + 1) & ((1 << SlotBits) - 1);
                _slots[slot] = (hash << 32) | (uint)(id + 1);
            }
        }

        if (_singles.Contains(None))
            throw new RunFaultException($"The tokenizer's vocabulary {Name} is unusable: not every byte is a token. Reinstall Stackmill.");
    }
}
