using System.Text;

namespace Stackmill.Shared.Licenses;

/// <summary>A text that others are compared with.</summary>
/// <param name="Ids">The ids that have this text; the first is the one to give.</param>
/// <param name="Words">Hashes of its words.</param>
/// <param name="Optional">Which words may be missing: titles, copyright lines, what stands behind the terms.</param>
/// <param name="Required">How many words may not be missing.</param>
/// <param name="Shingles">How many different shingles it has.</param>
internal sealed record IndexedText(IReadOnlyList<string> Ids, uint[] Words, bool[] Optional, int Required, int Shingles)
{
    /// <summary>True when the licence asks for no more than notices.</summary>
    public bool IsPermissive { get; } = LicenseTypes.IsPermissive(Ids[0]);

    /// <summary>True for an exception to a licence.</summary>
    public bool IsException { get; } = LicenseList.KindOf(Ids[0]) == LicenseKind.Exception;
}

/// <summary>
/// An inverted index of the shingles (runs of four words) of all licence texts: for each shingle the texts and places that have it. Made once a
/// process, when the first file may hold a licence; about 15 MB.
/// </summary>
internal sealed class LicenseIndex
{
    /// <summary>Words of a shingle.</summary>
    public const int ShingleWords = 4;

    private const int FilterBits = 22;

    private const int MostTitleLines = 4;
    private const int MostTitleWords = 12;

    private static readonly Lazy<LicenseIndex> Made = new(() => new LicenseIndex(LicenseText.Load()));

    private static readonly uint[] EndOfTerms = [.. "end of terms and conditions".Split(' ').Select(LicenseWords.HashOf)];

    private readonly ulong[] _keys;
    private readonly int[] _slots;
    private readonly int[] _starts;
    private readonly (ushort Text, ushort Word)[] _places;
    private readonly int _shift;

    // One bit for each shingle in half a megabyte, which stays near the processor: most words of a file are of no licence.
    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)];

    private LicenseIndex(IReadOnlyList<LicenseText> texts)
    {
        var words = new LicenseWords();
        Texts = [.. texts.Select(t => Indexed(t, words))];
        var count = Texts.Sum(t => Math.Max(0, t.Words.Length - ShingleWords + 1));
        var (shingles, places) = (new ulong[count], new uint[count]);
        var next = 0;
        for (var t = 0; t < Texts.Count; t++)
        {
            var hashes = Texts[t].Words;
            for (var w = 0; w + ShingleWords <= hashes.Length; w++)
                (shingles[next], places[next++]) = (Shingle(hashes, w), ((uint)t << 16) | (ushort)w);
        }

        // Two sorts of plain numbers take a fifth of the time of one of tuples.
        Array.Sort(shingles, places);
        var starts = new List<int>();
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && shingles[i] == shingles[i - 1])
                continue;
            if (starts.Count > 0)
                places.AsSpan(starts[^1]..i).Sort();
            starts.Add(i);
        }

        if (starts.Count > 0)
            places.AsSpan(starts[^1]).Sort();
        _places = Array.ConvertAll(places, p => ((ushort)(p >> 16), (ushort)p));
        Shingles = starts.Count;
        _starts = [.. starts, count];
        var bits = 2 + System.Numerics.BitOperations.Log2((uint)Shingles);
        _shift = 64 - bits;
        _keys = new ulong[1 << bits];
        _slots = new int[1 << bits];
        Array.Fill(_slots, -1);
        for (var s = 0; s < Shingles; s++)
        {
            var at = Place(shingles[_starts[s]]);
            while (_slots[at] >= 0)
                at = (at + 1) & (_keys.Length - 1);
            (_keys[at], _slots[at]) = (shingles[_starts[s]], s);
            var bit = shingles[_starts[s]] >> (64 - FilterBits);
            _filter[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    /// <summary>The index of all texts on the SPDX list.</summary>
    public static LicenseIndex Shared => Made.Value;

    /// <summary>The texts.</summary>
    public IReadOnlyList<IndexedText> Texts { get; }

    /// <summary>How many different shingles the texts have.</summary>
    public int Shingles { get; }

    /// <summary>Key of the shingle that begins at a word.</summary>
    public static ulong Shingle(ReadOnlySpan<uint> words, int at)
    {
        var key = 0UL;
        for (var i = 0; i < ShingleWords; i++)
            key = (key ^ words[at + i]) * 0x9E3779B97F4A7C15;
        return key;
    }

    /// <summary>Number of a shingle; -1 when no text has it.</summary>
    public int Find(ulong shingle)
    {
        var bit = shingle >> (64 - FilterBits);
        if ((_filter[bit >> 6] >> (int)(bit & 63) & 1) == 0)
            return -1;
        for (var at = Place(shingle); _slots[at] >= 0; at = (at + 1) & (_keys.Length - 1))
        {
            if (_keys[at] == shingle)
                return _slots[at];
        }

        return -1;
    }

    /// <summary>Where a shingle is, by text and then by word.</summary>
    public ReadOnlySpan<(ushort Text, ushort Word)> Places(int shingle) => _places.AsSpan(_starts[shingle].._starts[shingle + 1]);

    private int Place(ulong shingle) => (int)((shingle * 0xD6E8FEB86659FD93) >> _shift);

    private static IndexedText Indexed(LicenseText text, LicenseWords words)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Text);
        words.Read(bytes, 0, bytes.Length);
        var (hashes, optional) = (words.Hashes.ToArray(), new bool[words.Count]);
        for (var i = 0; i < optional.Length; i++)
            optional[i] = (words.Marks[i] & WordMarks.Copyright) != 0;
        Array.Fill(optional, true, 0, TitleWords(words));
        // What follows says how to apply the licence, and is left out more often than not.
        var end = hashes.AsSpan().IndexOf(EndOfTerms);
        if (end > optional.Length / 2)
            Array.Fill(optional, true, end, optional.Length - end);
        if (optional.All(o => o))
            Array.Clear(optional);
        var shingles = new HashSet<ulong>();
        for (var w = 0; w + ShingleWords <= hashes.Length; w++)
        {
            if (!optional[w])
                shingles.Add(Shingle(hashes, w));
        }

        return new IndexedText(text.Ids, hashes, optional, optional.Count(o => !o), shingles.Count);
    }

    // Short lines at the begin, as long as they are a small part of the text.
    private static int TitleWords(LicenseWords words)
    {
        var (title, start) = (0, 0);
        for (var lines = 0; lines < MostTitleLines; lines++)
        {
            var end = start + 1;
            while (end < words.Count && (words.Marks[end] & WordMarks.LineStart) == 0)
                end++;
            if (end - start > MostTitleWords || end > words.Count / 4)
                break;
            (title, start) = (end, end);
        }

        return title;
    }
}
