using System.Runtime.InteropServices;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>Makes the index of benchmarks: part by part, then without what is common.</summary>
/// <param name="options">What counts.</param>
/// <param name="maxBytes">Memory that the index may take.</param>
internal sealed class ContaminationIndexBuilder(DecontaminationOptions options, long maxBytes)
{
    /// <summary>Memory of one n-gram while the index is made, in bytes; afterwards it is about half.</summary>
    public const long BytesPerNgram = 200;

    /// <summary>An n-gram that more problems of one benchmark have is the frame that it puts around each of them.</summary>
    public const int MaxProblems = 10;

    private readonly Vocabulary _vocabulary = new();
    private readonly List<IndexedBenchmark> _benchmarks = [];
    private readonly List<IndexedProblem> _problems = [];
    private readonly List<ProblemPart> _parts = [];
    private readonly List<int> _sequence = [];
    private readonly List<Ngram> _ngrams = [];
    private readonly Dictionary<ulong, int> _newest = [];
    private readonly List<(int Ngram, int Part)> _postings = [];
    private readonly List<int> _words = [];
    private readonly Dictionary<int, int> _counts = [];

    /// <summary>Adds the problems of a benchmark.</summary>
    /// <exception cref="UsageException">The file can't be read as a benchmark, or has too much text.</exception>
    public void Add(Benchmark benchmark)
    {
        foreach (var problem in benchmark.Read())
        {
            _problems.Add(new IndexedProblem(_benchmarks.Count, problem.Id));
            foreach (var (kind, text) in problem.Texts)
                AddPart(kind, text, benchmark.Name);
        }

        _benchmarks.Add(new IndexedBenchmark(benchmark.Name, benchmark.Form, benchmark.Hash()));
    }

    /// <summary>Leaves out what is common, and gives the index.</summary>
    public ContaminationIndex Build()
    {
        var sizes = _ngrams.Select(n => (int)n.Size).Distinct().ToList();
        foreach (var text in sizes.Count > 0 ? CommonText.All() : [])
            MarkCommon(text, sizes);
        foreach (var (ngram, part) in _postings)
        {
            if (!_ngrams[ngram].IsCommon)
                _parts[part].Ngrams++;
        }

        foreach (var part in _parts)
            Judge(part);
        return Pack();
    }

    private void AddPart(string kind, string text, string benchmark)
    {
        _vocabulary.Split(Encoding.UTF8.GetBytes(text), add: true, _words);
        var part = new ProblemPart(_benchmarks.Count, _problems.Count - 1, kind, _words.Count) { DistinctWords = _words.Distinct().Count(_vocabulary.IsAlphabetic), Threshold = options.Threshold };
        _parts.Add(part);
        var isWhole = _words.Count < options.Ngram;
        if (isWhole && part.DistinctWords < options.MinDistinctWordsWhole)
            return;
        var (size, first) = (isWhole ? _words.Count : options.Ngram, _sequence.Count);
        _sequence.AddRange(_words);
        var window = new WindowHash(size);
        _counts.Clear();
        var distinct = 0;
        for (var i = 0; i < _words.Count; i++)
        {
            var (word, leaving) = (_words[i], i >= size ? _words[i - size] : -1);
            var key = window.Roll(_vocabulary.HashOf(word), leaving < 0 ? 0 : _vocabulary.HashOf(leaving));
            if (_vocabulary.IsAlphabetic(word) && ++CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out _) == 1)
                distinct++;
            if (leaving >= 0 && _vocabulary.IsAlphabetic(leaving) && --CollectionsMarshal.GetValueRefOrAddDefault(_counts, leaving, out _) == 0)
                distinct--;
            if (i >= size - 1 && (isWhole || distinct >= options.MinDistinctWords))
                AddNgram(key, first + i - size + 1, size, benchmark);
        }
    }

    private void AddNgram(ulong key, int place, int size, string benchmark)
    {
        var (part, problem) = (_parts.Count - 1, _problems.Count - 1);
        var words = CollectionsMarshal.AsSpan(_sequence).Slice(place, size);
        var index = Find(key, words);
        if (index < 0)
        {
            if ((_ngrams.Count + 1) * BytesPerNgram > maxBytes)
            {
                throw new UsageException(
                    $"the benchmarks up to '{benchmark}' (decontamination.benchmarks) have more than {_ngrams.Count} different n-grams, and their index would take more than {SizeText.FormatRounded(maxBytes)}, a quarter of the memory limit. Give more with --memory, or name fewer columns in decontamination.columns (prompts alone, for example).");
            }

            index = _ngrams.Count;
            _ngrams.Add(new Ngram { Place = place, Size = (byte)size, Key = key, Older = _newest.GetValueOrDefault(key, -1), Part = -1, Problem = -1, Benchmark = -1 });
            _newest[key] = index;
        }

        ref var ngram = ref CollectionsMarshal.AsSpan(_ngrams)[index];
        if (ngram.Part == part)
            return;
        ngram.Part = part;
        _parts[part].Indexed++;
        _postings.Add((index, part));
        if (ngram.Benchmark != _benchmarks.Count)
            (ngram.Benchmark, ngram.Problems) = (_benchmarks.Count, 0);
        if (ngram.Problem != problem)
            (ngram.Problem, ngram.Problems) = (problem, ngram.Problems + 1);
        ngram.IsCommon |= ngram.Problems > MaxProblems;
    }

    private int Find(ulong key, ReadOnlySpan<int> words)
    {
        var index = _newest.GetValueOrDefault(key, -1);
        while (index >= 0 && !CollectionsMarshal.AsSpan(_sequence).Slice(_ngrams[index].Place, _ngrams[index].Size).SequenceEqual(words))
            index = _ngrams[index].Older;
        return index;
    }

    private void MarkCommon(string text, List<int> sizes)
    {
        _vocabulary.Split(Encoding.UTF8.GetBytes(text), add: false, _words);
        var words = CollectionsMarshal.AsSpan(_words);
        foreach (var size in sizes)
        {
            var window = new WindowHash(size);
            for (var i = 0; i < words.Length; i++)
            {
                var key = window.Roll(_vocabulary.HashOf(words[i]), i >= size ? _vocabulary.HashOf(words[i - size]) : 0);
                if (i >= size - 1 && Find(key, words.Slice(i - size + 1, size)) is >= 0 and var found)
                    CollectionsMarshal.AsSpan(_ngrams)[found].IsCommon = true;
            }
        }
    }

    private void Judge(ProblemPart part)
    {
        if (part.Ngrams >= options.MinHits && part.Words >= options.Ngram)
        {
            part.Search = PartSearch.Ngrams;
            // A share of a whole number of n-grams must not fail by the last bit of its product.
            part.Needed = Math.Max(options.MinHits, (int)Math.Ceiling((part.Ngrams * options.Threshold) - 1e-9));
            return;
        }

        // Too few n-grams for a share to mean anything: all of it must be there.
        (part.Needed, part.Threshold) = (part.Ngrams, 1);
        part.Search = part.Indexed > 0 && part.Ngrams == 0 ? PartSearch.TooCommon
            : part.DistinctWords < options.MinDistinctWordsWhole || part.Ngrams == 0 ? PartSearch.TooShort
            : PartSearch.Whole;
    }

    private ContaminationIndex Pack()
    {
        var live = new int[_ngrams.Count];
        var postings = _postings.FindAll(p => !_ngrams[p.Ngram].IsCommon && _parts[p.Part].IsLookedFor);
        foreach (var (ngram, _) in postings)
            live[ngram]++;
        var count = live.Count(l => l > 0);
        var (table, places, lengths, starts) = (new NgramTable(count), new int[count], new byte[count], new int[count + 1]);
        var next = 0;
        for (var i = 0; i < live.Length; i++)
        {
            if (live[i] == 0)
                continue;
            table.Add(_ngrams[i].Key, next);
            (places[next], lengths[next], starts[next + 1]) = (_ngrams[i].Place, _ngrams[i].Size, starts[next] + live[i]);
            live[i] = starts[next++];
        }

        var packed = new int[postings.Count];
        foreach (var (ngram, part) in postings)
            packed[live[ngram]++] = part;
        return new ContaminationIndex
        {
            Benchmarks = _benchmarks,
            Problems = _problems,
            Parts = _parts,
            Sizes = [.. lengths.Select(l => (int)l).Distinct().Order()],
            Table = table,
            Places = places,
            Lengths = lengths,
            PostingStarts = starts,
            Postings = packed,
            Sequence = [.. _sequence],
            Words = _vocabulary.ToArray(),
        };
    }

    private record struct Ngram
    {
        public int Place;
        public byte Size;
        public bool IsCommon;
        public ulong Key;
        public int Older;
        public int Part;
        public int Problem;
        public int Benchmark;
        public int Problems;
    }
}
