namespace Stackmill.Deduplicate.Decontamination;

/// <summary>Looks for problems in files: one pass over a file's words, whatever the number of problems. One per worker.</summary>
/// <param name="index">What is looked for.</param>
internal sealed class ContaminationScanner(ContaminationIndex index)
{
    /// <summary>Most parts that are given of one file, the best ones: a copy of a whole benchmark holds all of them.</summary>
    public const int MaxHits = 100;

    private readonly FoldedWords _words = new(index.Sizes.DefaultIfEmpty(1).Max());
    private readonly WindowHash[] _windows = [.. index.Sizes.Select(size => new WindowHash(size))];
    private readonly int[] _lastText = new int[index.Ngrams];
    private readonly int[] _hits = new int[index.Parts.Count];
    private readonly List<int> _touched = [];
    private int _text;

    /// <summary>The parts that a text holds, best first; the same for the same text.</summary>
    public IReadOnlyList<PartHit> Scan(ReadOnlySpan<byte> text)
    {
        if (_windows.Length == 0)
            return [];
        if (_text == int.MaxValue)
        {
            Array.Clear(_lastText);
            _text = 0;
        }

        _text++;
        _words.Begin();
        foreach (ref var window in _windows.AsSpan())
            window.Reset();
        while (_words.Next(text))
        {
            foreach (ref var window in _windows.AsSpan())
                Look(text, ref window);
        }

        return _touched.Count == 0 ? [] : Collect();
    }

    private void Look(ReadOnlySpan<byte> text, ref WindowHash shared)
    {
        var hashes = _words.Hashes;
        var (table, size) = (index.Table, shared.Size);
        // A copy that the compiler can keep in registers.
        var window = shared;
        var i = _words.Kept;
        // Words are kept for the largest window, so only the start of a text has windows that are not full.
        for (; i < Math.Min(size, hashes.Length); i++)
        {
            var key = window.Roll(hashes[i], 0);
            if (i == size - 1 && table.MayHold(key))
                Check(text, key, size, i);
        }

        for (; i < hashes.Length; i++)
        {
            var key = window.Roll(hashes[i], hashes[i - size]);
            if (table.MayHold(key))
                Check(text, key, size, i);
        }

        shared = window;
    }

    private void Check(ReadOnlySpan<byte> text, ulong key, int size, int last)
    {
        var slot = -1;
        for (var ngram = index.Table.Find(key, ref slot); ngram >= 0; ngram = index.Table.Find(key, ref slot))
        {
            if (index.Lengths[ngram] != size || _lastText[ngram] == _text || !index.IsAt(ngram, _words, text, last))
                continue;
            _lastText[ngram] = _text;
            foreach (var part in index.PartsOf(ngram))
            {
                if (_hits[part]++ == 0)
                    _touched.Add(part);
            }
        }
    }

    private List<PartHit> Collect()
    {
        var found = new List<PartHit>();
        foreach (var part in _touched)
        {
            if (_hits[part] >= index.Parts[part].Needed)
                found.Add(new PartHit(part, _hits[part], (double)_hits[part] / index.Parts[part].Ngrams));
            _hits[part] = 0;
        }

        _touched.Clear();
        // A longer part says more than a shorter one with the same score.
        found.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Hits != b.Hits ? b.Hits.CompareTo(a.Hits) : a.Part.CompareTo(b.Part));
        if (found.Count > MaxHits)
            found.RemoveRange(MaxHits, found.Count - MaxHits);
        return found;
    }
}
