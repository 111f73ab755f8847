namespace Stackmill.Shared.Licenses;

/// <summary>A licence text that was met.</summary>
/// <param name="Text">Its number in the index.</param>
/// <param name="Score">Share of words that agree, of both texts together.</param>
/// <param name="Start">First word in the file.</param>
/// <param name="End">Word after the last one.</param>
/// <param name="Weight">What decides between texts that overlap.</param>
internal readonly record struct TextMatch(int Text, double Score, int Start, int End, double Weight);

/// <summary>
/// Finds licence texts among the words of a file. Shingles that the file shares with a text give candidates; for each, runs of shared
/// shingles are joined to stretches, and the words of a stretch and of the text that agree are counted exactly. Of
/// stretches that overlap, the one with more agreeing words and the better score stays. Time is linear in the file for a given list.
/// </summary>
/// <param name="index">The texts.</param>
internal sealed class TextMatcher(LicenseIndex index)
{
    /// <summary>Texts that agree less are not the licence.</summary>
    public const double Accept = 0.9;

    // Of the shingles of a text, this share must be in the file for it to be looked at: a word in ten that differs can spoil four in ten.
    private const double CandidateShare = 0.5;

    // A better score counts for more than a longer text, unless that is much longer.
    private const double ScorePower = 8;

    private readonly int[] _seen = new int[index.Shingles];
    private readonly int[] _counts = new int[index.Texts.Count];
    private readonly List<int> _touched = [];
    private readonly List<int> _candidates = [];
    private readonly List<(int Word, int Shingle)> _hits = [];
    private readonly List<(int Word, int Place)> _stretch = [];
    private readonly List<TextMatch> _found = [];
    private int[] _placeMarks = new int[1 << 13];
    private int[] _plain = new int[1024];
    private int[] _next = [];
    private bool[] _taken = [];
    private int _file;
    private int _stretches;

    /// <summary>Finds the texts, in the order of their begin.</summary>
    public List<TextMatch> Find(LicenseWords words)
    {
        _file++;
        _hits.Clear();
        _found.Clear();
        Count(words);
        foreach (var text in _touched)
        {
            if (_counts[text] >= Math.Max(1, (int)(index.Texts[text].Shingles * CandidateShare)))
                _candidates.Add(text);
            _counts[text] = 0;
        }

        _touched.Clear();
        if (_candidates.Count == 0)
            return [];
        Stretches(words);
        return Choose(words.Count);
    }

    /// <summary>Marks which words of the file, and of the text, agree in a match.</summary>
    /// <param name="match">A match of the last call of <see cref="Find"/>.</param>
    /// <param name="inFile">One for each word from the match's first to its last.</param>
    /// <param name="inText">One for each word of the text.</param>
    public void Mark(in TextMatch match, Span<bool> inFile, Span<bool> inText)
    {
        foreach (var (word, shingle) in _hits)
        {
            if (word < match.Start || word + LicenseIndex.ShingleWords > match.End)
                continue;
            foreach (var place in PlacesOf(shingle, match.Text))
            {
                inFile.Slice(word - match.Start, LicenseIndex.ShingleWords).Fill(true);
                inText.Slice(place.Word, LicenseIndex.ShingleWords).Fill(true);
            }
        }
    }

    private void Count(LicenseWords words)
    {
        var hashes = words.Hashes;
        if (_plain.Length <= hashes.Length)
            _plain = new int[hashes.Length * 2];
        for (var i = 0; i < hashes.Length; i++)
            _plain[i + 1] = _plain[i] + ((words.Marks[i] & WordMarks.Copyright) == 0 ? 1 : 0);
        for (var i = 0; i + LicenseIndex.ShingleWords <= hashes.Length; i++)
        {
            var shingle = index.Find(LicenseIndex.Shingle(hashes, i));
            if (shingle < 0)
                continue;
            _hits.Add((i, shingle));
            if (_seen[shingle] == _file)
                continue;
            _seen[shingle] = _file;
            var last = -1;
            foreach (var (text, _) in index.Places(shingle))
            {
                if (text == last)
                    continue;
                last = text;
                if (_counts[text]++ == 0)
                    _touched.Add(text);
            }
        }
    }

    // Texts in the order of their numbers, in which the places of a shingle stand: each is gone through once for all texts.
    private void Stretches(LicenseWords words)
    {
        _candidates.Sort();
        if (_next.Length < _hits.Count)
            _next = new int[2 * _hits.Count];
        Array.Clear(_next, 0, _hits.Count);
        foreach (var number in _candidates)
            Stretches(words, number);
        _candidates.Clear();
    }

    private void Stretches(LicenseWords words, int number)
    {
        var text = index.Texts[number];
        var length = text.Words.Length;
        var gap = 24 + (length / 16);
        _stretch.Clear();
        for (var hit = 0; hit < _hits.Count; hit++)
        {
            var (word, shingle) = _hits[hit];
            var places = NextPlaces(ref _next[hit], index.Places(shingle), number);
            if (places.IsEmpty)
                continue;
            if (_stretch.Count > 0)
            {
                var (lastWord, lastPlace) = _stretch[^1];
                var place = Nearest(places, lastPlace + (word - lastWord));
                // From near its end back to its begin: the same text once more.
                var again = lastPlace > length * 3 / 4 && place < length / 4;
                if (!again && _plain[word] - _plain[Math.Min(word, lastWord + LicenseIndex.ShingleWords)] <= gap)
                {
                    _stretch.Add((word, place));
                    continue;
                }

                Close(words, number);
            }

            _stretch.Add((word, places[0].Word));
        }

        Close(words, number);
    }

    private void Close(LicenseWords words, int number)
    {
        if (_stretch.Count == 0)
            return;
        var (first, last) = Trimmed();
        var text = index.Texts[number];
        if (_placeMarks.Length < text.Words.Length)
            _placeMarks = new int[text.Words.Length];
        _stretches++;
        var (required, optional, agreeing, plainAgreeing, end) = (0, 0, 0, 0, 0);
        for (var hit = first; hit < last; hit++)
        {
            var (word, place) = _stretch[hit];
            for (var i = 0; i < LicenseIndex.ShingleWords; i++)
            {
                if (word + i >= end)
                {
                    agreeing++;
                    plainAgreeing += (words.Marks[word + i] & WordMarks.Copyright) == 0 ? 1 : 0;
                    end = word + i + 1;
                }

                if (_placeMarks[place + i] == _stretches)
                    continue;
                _placeMarks[place + i] = _stretches;
                if (text.Optional[place + i])
                    optional++;
                else
                    required++;
            }
        }

        var start = _stretch[first].Word;
        var all = _plain[end] - _plain[start] + (agreeing - plainAgreeing);
        var score = (double)(required + optional + agreeing) / (text.Required + optional + all);
        if (score >= Accept)
            _found.Add(new TextMatch(number, score, start, end, (required + optional) * Math.Pow(score, ScorePower)));
        _stretch.Clear();
    }

    // Single shared shingles before and after the licence are common words, not its begin and end.
    private (int First, int Last) Trimmed()
    {
        var (first, last) = (0, _stretch.Count);
        while (EdgeRun(first, last, fromStart: true) is > 0 and var run)
            first += run;
        while (EdgeRun(first, last, fromStart: false) is > 0 and var run)
            last -= run;
        return (first, last);
    }

    // How many shingles stand apart at an edge: a sentence at most, and farther from the rest than they are long.
    private int EdgeRun(int first, int last, bool fromStart)
    {
        const int SentenceWords = 40;
        const int FewestBetween = 8;
        for (var run = 1; run < last - first; run++)
        {
            var (a, b) = fromStart ? (_stretch[first + run - 1], _stretch[first + run]) : (_stretch[last - run - 1], _stretch[last - run]);
            var length = LicenseIndex.ShingleWords + (fromStart ? a.Word - _stretch[first].Word : _stretch[last - 1].Word - b.Word);
            var between = b.Word - a.Word - LicenseIndex.ShingleWords;
            if (length > SentenceWords)
                return 0;
            if (between >= FewestBetween && between >= length)
                return run;
        }

        return 0;
    }

    private List<TextMatch> Choose(int wordCount)
    {
        _found.Sort((a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Start != b.Start ? a.Start.CompareTo(b.Start) : Rank(a.Text).CompareTo(Rank(b.Text)));
        if (_taken.Length < wordCount)
            _taken = new bool[wordCount * 2];
        Array.Clear(_taken, 0, wordCount);
        var chosen = new List<TextMatch>();
        foreach (var match in _found)
        {
            var place = _taken.AsSpan(match.Start, match.End - match.Start);
            if (place.Count(true) >= place.Length / 2)
                continue;
            place.Fill(true);
            chosen.Add(match);
        }

        chosen.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
        return chosen;
    }

    // Of equal texts the better known, which has the shorter id.
    private (int, string) Rank(int text) => (index.Texts[text].Ids[0].Length, index.Texts[text].Ids[0]);

    private static ReadOnlySpan<(ushort Text, ushort Word)> NextPlaces(ref int next, ReadOnlySpan<(ushort Text, ushort Word)> places, int text)
    {
        var start = next;
        while (start < places.Length && places[start].Text < text)
            start++;
        next = start;
        while (next < places.Length && places[next].Text == text)
            next++;
        return places[start..next];
    }

    private ReadOnlySpan<(ushort Text, ushort Word)> PlacesOf(int shingle, int text)
    {
        var places = index.Places(shingle);
        var (low, high) = (0, places.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (places[middle].Text < text)
                low = middle + 1;
            else
                high = middle;
        }

        var end = low;
        while (end < places.Length && places[end].Text == text)
            end++;
        return places[low..end];
    }

    private static int Nearest(ReadOnlySpan<(ushort Text, ushort Word)> places, int expected)
    {
        var best = (int)places[0].Word;
        foreach (var (_, word) in places)
        {
            if (Math.Abs(word - expected) < Math.Abs(best - expected))
                best = word;
        }

        return best;
    }
}
