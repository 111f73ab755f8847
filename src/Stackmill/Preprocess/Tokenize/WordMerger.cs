namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// Byte-pair encoding of one word: starts from its bytes and joins, again and again, the leftmost of the neighbouring pairs
/// whose concatenation has the lowest rank, until no pair is a token. One per worker.
/// </summary>
/// <param name="vocabulary">The tokens and their ranks.</param>
internal sealed class WordMerger(BpeVocabulary vocabulary)
{
    // Up to here a scan for the lowest rank is cheaper than keeping a heap; a scan makes it quadratic, so it can't be much more.
    private const int ScanLimit = 96;

    private readonly int[] _ids = new int[ScanLimit];
    private readonly int[] _ranks = new int[ScanLimit];
    private readonly int[] _starts = new int[ScanLimit + 1];
    private readonly LongWordMerger _longWords = new(vocabulary);

    /// <summary>The ids of the word's tokens; valid until the next call.</summary>
    public ReadOnlySpan<int> Merge(ReadOnlySpan<byte> word) => word.Length <= ScanLimit ? MergeByScan(word) : _longWords.Merge(word);

    private ReadOnlySpan<int> MergeByScan(ReadOnlySpan<byte> word)
    {
        var count = word.Length;
        var ids = _ids.AsSpan(0, count);
        var starts = _starts.AsSpan(0, count + 1);
        // ranks[i] is that of parts i and i + 1 together.
        var ranks = _ranks.AsSpan(0, count);
        for (var i = 0; i < count; i++)
        {
            ids[i] = vocabulary.IdOf(word[i]);
            starts[i] = i;
            ranks[i] = i + 1 < count ? vocabulary.IdOf(word[i], word[i + 1]) : BpeVocabulary.None;
        }

        starts[count] = count;
        while (count > 1)
        {
            var at = 0;
            for (var i = 1; i < count; i++) at = ranks[i] < ranks[at] ? i : at;
            if (ranks[at] == BpeVocabulary.None) break;

            ids[at] = ranks[at];
            ids[(at + 2)..count].CopyTo(ids[(at + 1)..]);
            ranks[(at + 2)..count].CopyTo(ranks[(at + 1)..]);
            starts[(at + 2)..(count + 1)].CopyTo(starts[(at + 1)..]);
            count--;
            ranks[at] = at + 1 < count ? vocabulary.IdOf(word[starts[at]..starts[at + 2]]) : BpeVocabulary.None;
            if (at > 0) ranks[at - 1] = vocabulary.IdOf(word[starts[at - 1]..starts[at + 1]]);
        }

        return ids[..count];
    }
}
