using System.Numerics;
using System.Runtime.InteropServices;

namespace Stackmill.Preprocess.Quality;

/// <summary>
/// What the repetition of words can be at most, at a small part of the price of telling it exactly: runs are counted by buckets of their
/// hashes, so that different runs in one bucket count as one. Most files are far below a threshold, and need no more. One per worker.
/// </summary>
internal sealed class WordGramBounds
{
    // Buckets for each word: more make the bounds sharper, and the tables slower.
    private const int BucketsPerWord = 4;
    private const int FewestBuckets = 1024;
    private const ulong Odd = 0x9E3779B97F4A7C15UL;

    private readonly int[][] _characters = [[], [], []];
    private byte[] _times = [];
    private int[] _places = [];
    private readonly double[] _top = new double[WordGrams.LongestTop + 1];
    private readonly double[] _repeated = new double[WordGrams.Longest + 1];

    /// <summary>At most <see cref="WordGrams.RepeatedShare"/>.</summary>
    /// <param name="size">5 to 10 words.</param>
    public double RepeatedShare(int size) => _repeated[size];

    /// <summary>At most <see cref="WordGrams.TopShare"/>.</summary>
    /// <param name="size">2 to 4 words.</param>
    public double TopShare(int size) => _top[size];

    /// <summary>Takes the next text's words.</summary>
    /// <param name="words">A hash of each word.</param>
    /// <param name="before">Code points of all words before each, and before the end.</param>
    public void Load(ReadOnlySpan<ulong> words, ReadOnlySpan<long> before)
    {
        // Each word counts in four runs at most; what could be too much for the sums is left to exact counting.
        var isTooLong = before[words.Length] > int.MaxValue / WordGrams.LongestTop;
        Array.Fill(_top, isTooLong ? 1 : 0);
        Array.Fill(_repeated, isTooLong ? 1 : 0);
        if (isTooLong || words.Length < 2)
            return;
        var buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(FewestBuckets, BucketsPerWord * words.Length));
        Clear(words.Length, buckets);
        Count(words, before, 64 - BitOperations.Log2((uint)buckets));
        var all = (double)before[words.Length];
        for (var size = 2; size <= WordGrams.LongestTop; size++)
            _top[size] = all > 0 ? Greatest(_characters[size - 2].AsSpan(0, buckets)) / all : 0;
        if (all > 0)
            FindRepeated(words.Length, before, all);
    }

    private void Clear(int words, int buckets)
    {
        if (_times.Length < buckets)
        {
            _times = new byte[buckets];
            for (var i = 0; i < _characters.Length; i++)
                _characters[i] = new int[buckets];
        }

        if (_places.Length < words)
            _places = new int[(int)BitOperations.RoundUpToPowerOf2((uint)words)];
        Array.Clear(_times, 0, buckets);
        foreach (var sums in _characters)
            Array.Clear(sums, 0, buckets);
    }

    // No branch depends on the text. Two words behind the last one stand for none, and their runs are not counted.
    private void Count(ReadOnlySpan<ulong> words, ReadOnlySpan<long> before, int shift)
    {
        var (pairs, threes, fours, times, places) = (_characters[0], _characters[1], _characters[2], _times, _places);
        var i = 0;
        for (; i + WordGrams.Shortest <= words.Length; i++)
        {
            var start = before[i];
            var hash = Mix(words[i], words[i + 1]);
            pairs[hash >> shift] += (int)(before[i + 2] - start);
            hash = Mix(hash, words[i + 2]);
            threes[hash >> shift] += (int)(before[i + 3] - start);
            hash = Mix(hash, words[i + 3]);
            fours[hash >> shift] += (int)(before[i + 4] - start);
            var place = (int)(Mix(hash, words[i + 4]) >> shift);
            places[i] = place;
            var seen = times[place];
            times[place] = (byte)((seen << 1) | 1);
        }

        for (; i + 2 <= words.Length; i++)
        {
            var hash = words[i];
            for (var size = 2; size <= WordGrams.LongestTop && i + size <= words.Length; size++)
            {
                hash = Mix(hash, words[i + size - 1]);
                _characters[size - 2][hash >> shift] += (int)(before[i + size] - before[i]);
            }
        }
    }

    // Where a longer run comes twice, so do all runs of five words in it: what stands in too few of them one after the other is no part of one.
    private void FindRepeated(int words, ReadOnlySpan<long> before, double all)
    {
        var starts = words - WordGrams.Shortest + 1;
        for (var i = 0; i < starts; i++)
        {
            if (_times[_places[i]] <= 1)
                continue;
            var first = i;
            while (i < starts && _times[_places[i]] > 1)
                i++;
            var longest = Math.Min(WordGrams.Longest, i - first - 1 + WordGrams.Shortest);
            _repeated[longest] += before[i - 1 + WordGrams.Shortest] - before[first];
        }

        for (var size = WordGrams.Longest - 1; size >= WordGrams.Shortest; size--)
            _repeated[size] += _repeated[size + 1];
        for (var size = WordGrams.Shortest; size <= WordGrams.Longest; size++)
            _repeated[size] /= all;
    }

    private static int Greatest(ReadOnlySpan<int> sums)
    {
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(sums);
        var most = Vector<int>.Zero;
        foreach (var vector in vectors)
            most = Vector.Max(most, vector);
        var greatest = 0;
        for (var i = 0; i < Vector<int>.Count; i++)
            greatest = Math.Max(greatest, most[i]);
        return greatest;
    }

    private static ulong Mix(ulong hash, ulong word) => (hash ^ (hash >> 29) ^ word) * Odd;
}
