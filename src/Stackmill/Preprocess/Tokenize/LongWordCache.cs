namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// Remembers words that <see cref="ShortWordCache"/> has no room for and that aren't one token. Found by hash, believed only
/// when the bytes are equal. About 1.2 MiB, whatever is put in: a word replaces the one at its place, and when the
/// stores of bytes or ids are full, everything is forgotten.
/// </summary>
internal sealed class LongWordCache
{
    /// <summary>Longest word kept, in bytes: longer ones seldom come twice.</summary>
    public const int LongestWord = 256;

    private const int PlaceBits = 13;

    private readonly byte[] _bytes = new byte[512 << 10];
    private readonly Entry[] _entries = new Entry[1 << PlaceBits];
    private readonly int[] _ids = new int[128 << 10];
    private int _bytesUsed;
    private int _idsUsed;

    /// <summary>The ids of a word; empty when it isn't remembered. Valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<int> Find(ReadOnlySpan<byte> word, ulong hash)
    {
        ref readonly var entry = ref _entries[hash >> (64 - PlaceBits)];
        if (entry.Hash != hash || !_bytes.AsSpan(entry.BytesStart, entry.BytesLength).SequenceEqual(word)) return default;
        return _ids.AsSpan(entry.IdsStart, entry.IdsLength);
    }

    /// <summary>Remembers a word, unless it is longer than <see cref="LongestWord"/>.</summary>
    public void Add(ReadOnlySpan<byte> word, ulong hash, ReadOnlySpan<int> ids)
    {
        if (word.Length > LongestWord) return;
        if (_bytesUsed + word.Length > _bytes.Length || _idsUsed + ids.Length > _ids.Length)
        {
            _entries.AsSpan().Clear();
            _bytesUsed = _idsUsed = 0;
        }

        word.CopyTo(_bytes.AsSpan(_bytesUsed));
        ids.CopyTo(_ids.AsSpan(_idsUsed));
        _entries[hash >> (64 - PlaceBits)] = new Entry(hash, _bytesUsed, word.Length, _idsUsed, ids.Length);
        _bytesUsed += word.Length;
        _idsUsed += ids.Length;
    }

    private readonly record struct Entry(ulong Hash, int BytesStart, int BytesLength, int IdsStart, int IdsLength);
}
