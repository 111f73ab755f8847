namespace Stackmill.Preprocess.Quality;

/// <summary>
/// How the words of a text repeat in a row. Each share is worked out when it is first asked for: pairs are counted once, and what
/// is longer only where all of its pairs come twice. One per worker.
/// </summary>
internal sealed class WordGrams
{
    /// <summary>Longest run of words whose most frequent one is told.</summary>
    public const int LongestTop = 4;

    /// <summary>Shortest run of words whose repetition is told.</summary>
    public const int Shortest = 5;

    /// <summary>Longest run of words whose repetition is told.</summary>
    public const int Longest = 10;

    // So many are sorted faster without the library.
    private const int FewMembers = 12;

    private readonly GramTable _table = new();
    private readonly WordGramBounds _bounds = new();
    private readonly double[] _top = new double[LongestTop + 1];
    private readonly double[] _repeated = new double[Longest + 1];
    private ulong[] _words = new ulong[1024];
    private long[] _before = new long[1025];
    private int[] _pairs = new int[1024];
    private int[] _places = new int[1024];
    private int[] _members = new int[1024];
    private int[] _starts = new int[1024];
    private int[] _grouped = new int[1024];
    private byte[] _same = new byte[1024];
    private readonly Comparison<int> _follow;
    private int _count;
    private int _most;
    private bool _hasPairs;
    private bool _hasTop;
    private bool _hasRepeated;
    private bool _hasBounds;

    /// <summary>Makes the counts for one worker.</summary>
    public WordGrams() => _follow = Follow;

    /// <summary>Hashes that were passed over since the beginning: the work that must stay linear.</summary>
    public long Collisions => _table.Collisions;

    /// <summary>What the shares of runs are at most.</summary>
    public WordGramBounds Bounds
    {
        get
        {
            if (!_hasBounds)
                _bounds.Load(_words.AsSpan(0, _count), _before);
            _hasBounds = true;
            return _bounds;
        }
    }

    private long Characters => _before[_count];

    /// <summary>Takes the next text's words.</summary>
    /// <param name="words">A hash of each word.</param>
    /// <param name="lengths">Code points of each.</param>
    public void Load(ReadOnlySpan<ulong> words, ReadOnlySpan<int> lengths)
    {
        _count = words.Length;
        (_hasPairs, _hasTop, _hasRepeated, _hasBounds) = (false, false, false, false);
        if (_words.Length < _count)
        {
            var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_count);
            (_words, _before, _pairs, _places) = (new ulong[size], new long[size + 1], new int[size], new int[size]);
            (_members, _starts, _grouped, _same) = (new int[size], new int[size], new int[size], new byte[size]);
        }

        words.CopyTo(_words);
        for (var i = 0; i < _count; i++)
            _before[i + 1] = _before[i] + lengths[i];
    }

    /// <summary>Different words as a share of all, 0 to 1; <c>null</c> without words.</summary>
    public double? UniqueShare()
    {
        if (_count == 0)
            return null;
        _table.Reset(_count, _count);
        var different = 0;
        for (var i = 0; i < _count; i++)
            different += _table.Add(_words[i], i) == i ? 1 : 0;
        return (double)different / _count;
    }

    /// <summary>Code points of all occurrences of the most frequent run, the first of equals, as a share of those of all words; 0 when none comes twice.</summary>
    /// <param name="size">2 to 4 words.</param>
    public double TopShare(int size)
    {
        if (!_hasTop)
        {
            _hasTop = true;
            Array.Clear(_top);
            CountPairs();
            var most = _most;
            for (var run = 3; run <= LongestTop && most > 1; run++)
                most = FindTop(run, most);
        }

        return _top[size];
    }

    /// <summary>Code points of words in runs that come more than once, as a share of those of all words.</summary>
    /// <param name="size">5 to 10 words.</param>
    public double RepeatedShare(int size)
    {
        if (!_hasRepeated)
        {
            _hasRepeated = true;
            Array.Clear(_repeated);
            CountPairs();
            FindRepeated();
        }

        return _repeated[size];
    }

    // How often the pair at each place comes.
    private void CountPairs()
    {
        if (_hasPairs)
            return;
        (_hasPairs, _most) = (true, 1);
        var first = 0;
        _table.Reset(_count, _count);
        for (var i = 0; i + 1 < _count; i++)
            _places[i] = _table.Add(Hash(i, 2), i);
        for (var i = 0; i + 1 < _count; i++)
        {
            _pairs[i] = _table.CountAt(_places[i]);
            if (_pairs[i] > _most)
                (_most, first) = (_pairs[i], i);
        }

        _top[2] = _most > 1 ? TopOf(first, 2, _most) : 0;
    }

    // A run comes no more often than any pair in it: rare pairs are looked at only when frequent ones gave nothing.
    private int FindTop(int size, int limit)
    {
        for (var least = Math.Max(2, limit / 2); ; least = Math.Max(2, least / 4))
        {
            var candidates = 0;
            var run = 0;
            for (var i = 0; i + 1 < _count; i++)
            {
                run = _pairs[i] >= least ? run + 1 : 0;
                if (run >= size - 1)
                    _members[candidates++] = i + 2 - size;
            }

            var (most, first) = (1, 0);
            _table.Reset(candidates, _count);
            foreach (var i in _members.AsSpan(0, candidates))
                _places[i] = _table.Add(Hash(i, size), i);
            foreach (var i in _members.AsSpan(0, candidates))
            {
                if (_table.CountAt(_places[i]) is var count && count > most)
                    (most, first) = (count, i);
            }

            if (most < least && least > 2)
                continue;
            if (most > 1)
                _top[size] = TopOf(first, size, most);
            return most;
        }
    }

    private double TopOf(int first, int size, int count) => (double)((_before[first + size] - _before[first]) * count) / Characters;

    private void FindRepeated()
    {
        var (candidates, run) = (0, 0);
        for (var i = 0; i + 1 < _count; i++)
        {
            run = _pairs[i] > 1 ? run + 1 : 0;
            if (run >= Shortest - 1)
                _members[candidates++] = i + 2 - Shortest;
        }

        _table.Reset(candidates, _count);
        foreach (var i in _members.AsSpan(0, candidates))
            _places[i] = _table.Add(Hash(i, Shortest), i);
        Array.Clear(_same, 0, _count);
        Group(candidates);
        Span<int> covered = stackalloc int[Longest + 1];
        Span<long> characters = stackalloc long[Longest + 1];
        for (var i = 0; i < _count; i++)
        {
            for (var size = Shortest; size <= _same[i]; size++)
            {
                characters[size] += _before[i + size] - _before[Math.Max(covered[size], i)];
                covered[size] = i + size;
            }
        }

        for (var size = Shortest; size <= Longest && Characters > 0; size++)
            _repeated[size] = (double)characters[size] / Characters;
    }

    // Places of equal runs stand together; how far each goes on like another one of its group is what makes the longer runs.
    private void Group(int candidates)
    {
        var (held, next) = (0, 0);
        for (var c = 0; c < candidates; c++)
        {
            if (_table.CountAt(_places[_members[c]]) > 1)
                _members[held++] = _members[c];
        }

        var grouped = _grouped.AsSpan(0, held);
        foreach (var i in _members.AsSpan(0, held))
        {
            if (_places[i] == i)
            {
                _starts[i] = next;
                next += _table.CountAt(i);
            }

            grouped[_starts[_places[i]]++] = i;
        }

        for (var from = 0; from < held;)
        {
            var size = _table.CountAt(_places[grouped[from]]);
            Extend(grouped.Slice(from, size));
            from += size;
        }
    }

    private void Extend(Span<int> group)
    {
        // Neighbours in the order of what follows have the longest common beginnings.
        if (group.Length > FewMembers)
            group.Sort(_follow);
        else if (group.Length > 2)
            SortFew(group);
        for (var i = 1; i < group.Length; i++)
        {
            var same = Common(group[i - 1], group[i]);
            _same[group[i - 1]] = Math.Max(_same[group[i - 1]], same);
            _same[group[i]] = Math.Max(_same[group[i]], same);
        }
    }

    private void SortFew(Span<int> group)
    {
        for (var i = 1; i < group.Length; i++)
        {
            var (member, at) = (group[i], i);
            for (; at > 0 && Follow(group[at - 1], member) > 0; at--)
                group[at] = group[at - 1];
            group[at] = member;
        }
    }

    private byte Common(int left, int right)
    {
        var same = Shortest;
        while (same < Longest && Math.Max(left, right) + same < _count && _words[left + same] == _words[right + same])
            same++;
        return (byte)same;
    }

    private ulong Hash(int start, int size)
    {
        var hash = _words[start];
        for (var i = start + 1; i < start + size; i++)
            hash = (hash ^ (hash >> 29) ^ _words[i]) * 0x9E3779B97F4A7C15UL;
        return hash;
    }

    // The order of what follows two equal runs; the end of the text comes first.
    private int Follow(int left, int right)
    {
        for (var i = Shortest; i < Longest; i++)
        {
            if (Math.Max(left, right) + i >= _count)
                return right.CompareTo(left);
            var (a, b) = (_words[left + i], _words[right + i]);
            if (a != b)
                return a < b ? -1 : 1;
        }

        return 0;
    }
}
