using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Containment;

/// <summary>What was found, for the report.</summary>
/// <param name="Counts">What the search counted.</param>
/// <param name="Scale">One shingle in so many was in the samples.</param>
/// <param name="Candidates">Pairs that were met.</param>
/// <param name="Verified">Pairs whose shingles were compared.</param>
/// <param name="Contained">Files that lie in others.</param>
/// <param name="Kept">Files that lie in others too, and stay because others went for them.</param>
/// <param name="Largest">The largest of those that lie in others.</param>
internal sealed record ContainmentResult(CandidateCounts Counts, int Scale, long Candidates, long Verified, long Contained, long Kept, IReadOnlyList<ContainedDocument> Largest);

/// <summary>
/// The second step: which files lie in others. Files are decided from the largest to the smallest, of equally large ones the preferred first; a file goes for
/// one that was decided before and stays, so that nothing is chained and no two go for each other. Files with the same shingles are left to
/// near-deduplication.
/// </summary>
/// <param name="options">What is looked for.</param>
/// <param name="scratch">Start of the names of files that are made on the way; its folder is there.</param>
/// <param name="memoryBytes">Most memory, apart from one bit a document and the shingles of two.</param>
internal sealed class ContainmentDecider(ContainmentOptions options, string scratch, long memoryBytes)
{
    /// <summary>Pairs that the report lists.</summary>
    public const int MostListed = 100;

    private readonly DocumentBits _gone = new();
    private readonly PriorityQueue<ContainedDocument, (uint Count, long Document)> _largest = new();
    private ulong[] _buffer = [];
    private long _candidates;
    private long _verified;
    private long _contained;
    private long _kept;

    /// <summary>Decides, and writes a row for each file that lies in another, ascending, to a file that appears whole or not at all.</summary>
    /// <param name="samples">All samples, with the documents' numbers.</param>
    /// <param name="source">Their shingles.</param>
    /// <param name="path">The file of <see cref="ContainedDocument"/>.</param>
    /// <param name="mayGo">False for a document that stays in any case.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    public ContainmentResult Decide(IEnumerable<SampledShingle> samples, IShingleSource source, string path, Func<uint, bool>? mayGo = null, CancellationToken cancellation = default)
    {
        var counts = new CandidateCounts();
        using var contained = new ExternalSort<ContainedDocument>(scratch + "-contained", memoryBytes / 4);
        using (var candidates = new ExternalSort<ContainmentCandidate>(scratch + "-candidates", memoryBytes / 4))
        {
            new CandidateSearch(options, scratch, memoryBytes / 2, counts).Find(samples, source.Count, candidates);
            var containers = new ContainerSets(source, memoryBytes / 4);
            var met = new List<(uint Container, int Times)>();
            var sorted = candidates.Sort();
            var last = default(ContainmentCandidate);
            while (sorted.Read(out var candidate))
            {
                cancellation.ThrowIfCancellationRequested();
                if (met.Count > 0 && candidate.Document != last.Document)
                    DecideOne(last.Document, met, source, containers, contained, mayGo ?? (static _ => true));
                if (met.Count > 0 && met[^1].Container == candidate.Container)
                    met[^1] = (candidate.Container, met[^1].Times + 1);
                else
                    met.Add((candidate.Container, 1));
                last = candidate;
            }

            if (met.Count > 0)
                DecideOne(last.Document, met, source, containers, contained, mayGo ?? (static _ => true));
        }

        Write(path, contained.Sort());
        var largest = new List<ContainedDocument>();
        while (_largest.TryDequeue(out var one, out _))
            largest.Add(one);
        largest.Reverse();
        return new ContainmentResult(counts, new ShingleSample(options).Scale, _candidates, _verified, _contained, _kept, largest);
    }

    /// <summary>The samples of a shard, with the documents' numbers instead of the rows'.</summary>
    /// <param name="path">A file of <see cref="SampleWriter"/>.</param>
    /// <param name="documentOf">The document of a row; <c>null</c> for one that does not stay, which takes no part.</param>
    public static IEnumerable<SampledShingle> Read(string path, Func<int, uint?> documentOf)
    {
        using var reader = new RowReader<SampledShingle>(path);
        while (reader.Read(out var sample))
        {
            if (documentOf((int)sample.Document) is { } document)
                yield return sample with { Document = document };
        }
    }

    private void DecideOne(uint document, List<(uint Container, int Times)> met, IShingleSource source, ContainerSets containers, ExternalSort<ContainedDocument> contained, Func<uint, bool> mayGo)
    {
        _candidates += met.Count;
        // Those met most often are the likeliest; the first that holds enough is taken.
        met.Sort(static (a, b) => a.Times != b.Times ? b.Times.CompareTo(a.Times) : a.Container.CompareTo(b.Container));
        var count = 0;
        foreach (var (container, _) in met)
        {
            if (_gone.Has(container))
                continue;
            count = count > 0 ? count : source.Read(document, ref _buffer);
            var larger = containers.Read(container);
            _verified++;
            var shared = SharedShingles.Count(_buffer.AsSpan(0, count), larger, SharedShingles.Needed(count, options.Threshold));
            if (shared < 0 || (shared == count && count == larger.Length))
                continue;
            if (!mayGo(document))
            {
                _kept++;
                break;
            }

            _gone.Add(document);
            _contained++;
            var found = new ContainedDocument(document, container, (uint)shared, (uint)count, (uint)larger.Length);
            contained.Add(found);
            _largest.Enqueue(found, (found.Count, -(long)found.Document));
            if (_largest.Count > MostListed)
                _largest.Dequeue();
            break;
        }

        met.Clear();
    }

    private static void Write(string path, SortedValues<ContainedDocument> contained)
    {
        var temporary = AtomicFile.TemporaryName(path);
        using (var file = new RowWriter<ContainedDocument>(temporary))
        {
            while (contained.Read(out var one))
                file.Add(one);
            file.Flush();
        }

        SummedRows.Publish(temporary, path);
    }

    // One bit a document, as far as documents were added.
    private sealed class DocumentBits
    {
        private ulong[] _bits = [];

        public bool Has(uint document) => document / 64 < _bits.Length && (_bits[document / 64] >> (int)(document % 64) & 1) != 0;

        public void Add(uint document)
        {
            if (document / 64 >= _bits.Length)
                Array.Resize(ref _bits, (int)Math.Max((document / 64) + 1, Math.Min(2L * _bits.Length, Array.MaxLength)));
            _bits[document / 64] |= 1UL << (int)(document % 64);
        }
    }

    // The sets read last: many small files often lie in the same few large ones.
    private sealed class ContainerSets(IShingleSource source, long memoryBytes)
    {
        private const int Places = 16;

        private readonly (long Document, int Count)[] _held = Enumerable.Repeat((-1L, 0), Places + 1).ToArray();
        private readonly ulong[][] _sets = Enumerable.Repeat(Array.Empty<ulong>(), Places + 1).ToArray();

        public ReadOnlySpan<ulong> Read(uint document)
        {
            // A large one has one place that all such share.
            var place = source.Count(document) * (long)sizeof(ulong) * Places > memoryBytes ? Places : (int)(document % Places);
            if (_held[place].Document != document)
            {
                _held[place].Document = -1;
                _held[place] = (document, source.Read(document, ref _sets[place]));
            }

            return _sets[place].AsSpan(0, _held[place].Count);
        }
    }
}
