using System.Text;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>The words of benchmarks, each once and in ASCII's lower case, with a number.</summary>
internal sealed class Vocabulary
{
    /// <summary>Number of a word that isn't there.</summary>
    public const int Unknown = -1;

    private readonly FoldedWords _reader = new(keep: 0);
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private readonly record struct Entry(byte[] Word, ulong Hash, bool IsAlphabetic);

    /// <summary>The numbers of a text's words, into <paramref name="numbers"/>.</summary>
    public void Split(ReadOnlySpan<byte> text, bool add, List<int> numbers)
    {
        numbers.Clear();
        _reader.Begin();
        while (_reader.Next(text))
        {
            for (var i = 0; i < _reader.Count; i++)
                numbers.Add(NumberOf(_reader.Word(text, i), _reader.Hashes[i], add));
        }
    }

    /// <summary>Hash of a word; 0 for an unknown one.</summary>
    public ulong HashOf(int word) => word == Unknown ? 0 : _entries[word].Hash;

    /// <summary>True for a word of two letters or more: indices and operators tell nothing.</summary>
    public bool IsAlphabetic(int word) => _entries[word].IsAlphabetic;

    /// <summary>The words by number.</summary>
    public byte[][] ToArray() => [.. _entries.Select(e => e.Word)];

    private int NumberOf(ReadOnlySpan<byte> word, ulong hash, bool add)
    {
        var folded = new byte[word.Length];
        for (var i = 0; i < folded.Length; i++)
            folded[i] = FoldedWords.Lower(word[i]);
        // Latin-1 gives every byte a character of its own.
        var text = Encoding.Latin1.GetString(folded);
        if (_numbers.TryGetValue(text, out var number) || !add)
            return _numbers.GetValueOrDefault(text, Unknown);
        number = _entries.Count;
        _numbers.Add(text, number);
        _entries.Add(new Entry(folded, hash, folded.Count(b => b is >= (byte)'a' and <= (byte)'z' or >= 0x80) >= 2));
        return number;
    }
}
