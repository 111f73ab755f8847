namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// The merges of <see cref="WordMerger"/> in n log n steps for a word of n bytes: the parts are a linked list, and a heap
/// holds the possible merges by rank, then position. Needs up to 50 bytes of memory for each byte of the word.
/// </summary>
/// <param name="vocabulary">The tokens and their ranks.</param>
internal sealed class LongWordMerger(BpeVocabulary vocabulary)
{
    // Scratch for longer words isn't kept: one strange file shouldn't hold memory until the end of the run.
    private const int KeptLength = 1 << 16;

    private readonly MergeHeap _heap = new();
    private int[] _ids = [];
    private int[] _next = [];
    private int[] _previous = [];

    // The rank of the part that starts here joined with the one after it; None as well once the part is part of another.
    private int[] _ranks = [];

    /// <summary>The ids of the word's tokens; valid until the next call.</summary>
    public ReadOnlySpan<int> Merge(ReadOnlySpan<byte> word)
    {
        Start(word);
        while (_heap.TryPop(out var rank, out var at))
        {
            // A merge that was overtaken by another one stays in the heap; its rank can't come back at this position.
            if (_ranks[at] != rank) continue;
            var gone = _next[at];
            var after = _next[gone];
            _ids[at] = rank;
            _ranks[gone] = BpeVocabulary.None;
            _next[at] = after;
            if (after < word.Length) _previous[after] = at;

            Offer(word, at);
            if (at > 0) Offer(word, _previous[at]);
        }

        var count = 0;
        for (var at = 0; at < word.Length; at = _next[at]) _ids[count++] = _ids[at];
        var ids = _ids.AsSpan(0, count);
        if (word.Length > KeptLength) Forget();
        return ids;
    }

    private void Start(ReadOnlySpan<byte> word)
    {
        if (_ids.Length < word.Length)
        {
            _ids = new int[word.Length];
            _next = new int[word.Length];
            _previous = new int[word.Length];
            _ranks = new int[word.Length];
        }

        for (var i = 0; i < word.Length; i++)
        {
            _ids[i] = vocabulary.IdOf(word[i]);
            _next[i] = i + 1;
            _previous[i] = i - 1;
            _ranks[i] = i + 1 < word.Length ? vocabulary.IdOf(word[i], word[i + 1]) : BpeVocabulary.None;
            if (_ranks[i] != BpeVocabulary.None) _heap.Push(_ranks[i], i);
        }
    }

    private void Offer(ReadOnlySpan<byte> word, int at)
    {
        var middle = _next[at];
        _ranks[at] = middle < word.Length ? vocabulary.IdOf(word[at.._next[middle]]) : BpeVocabulary.None;
        if (_ranks[at] != BpeVocabulary.None) _heap.Push(_ranks[at], at);
    }

    private void Forget()
    {
        _ids = _next = _previous = _ranks = [];
        _heap.Trim(KeptLength);
    }
}
