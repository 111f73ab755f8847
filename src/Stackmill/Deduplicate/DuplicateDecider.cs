using System.Diagnostics;

namespace Stackmill.Deduplicate;

/// <summary>How a document was found to be a duplicate.</summary>
internal enum DuplicateKind
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>The same bytes as an earlier document.</summary>
    Exact,

    /// <summary>The same tokens as an earlier document that stays where both are too short for shingles, or the same normalised text.</summary>
    Normalized,

    /// <summary>At least as similar as the threshold to an earlier document that stays.</summary>
    Near,
}

/// <summary>The fate of one document.</summary>
/// <param name="Kind">Why it goes, or <see cref="DuplicateKind.None"/>.</param>
/// <param name="Keeper">Index of the document that stays for it; its own index if it stays.</param>
/// <param name="Match">
/// Index of the document it was found equal or similar to. This is the keeper, but for an exact copy of a
/// document that goes itself: then it is that document.
/// </param>
/// <param name="Similarity">
/// Exact Jaccard similarity of its shingle set and the keeper's; 1 for equal bytes or tokens. At least the
/// threshold, always.
/// </param>
internal readonly record struct Decision(DuplicateKind Kind, int Keeper, int Match, double Similarity);

/// <summary>
/// The third step: who stays. Documents come in order of preference, and each is compared with the keepers
/// before it: first by content, then by digest where it has one (too short for shingles, or normalised texts are compared), else by exact Jaccard
/// similarity with the keepers that share a band. It goes only if it equals, or is at least as similar as the
/// threshold to, a document that stays. So nothing is chained together, every group keeps one, and the result
/// depends on order and content alone. Each comparison is linear in the two sets and stops when the threshold is
/// out of reach; a bucket costs its members times its keepers, which are mutually below the threshold.
/// </summary>
internal sealed class DuplicateDecider
{
    private readonly LshParameters _parameters;
    private readonly BandKeyTable _table;
    private readonly IShingleStore _store;
    private readonly List<int> _candidates = [];
    private ulong[] _own = [];
    private ulong[] _other = [];

    /// <param name="parameters">Threshold.</param>
    /// <param name="table">Band keys; used up by <see cref="Decide"/>, which overwrites them.</param>
    /// <param name="store">Shingle sets.</param>
    public DuplicateDecider(LshParameters parameters, BandKeyTable table, IShingleStore store)
    {
        _parameters = parameters;
        _table = table;
        _store = store;
    }

    /// <summary>Pairs whose shingle sets were intersected.</summary>
    public long ComparedPairs { get; private set; }

    /// <summary>
    /// An upper bound of the bytes that deciding holds at once, keys and inputs included:
    /// n × (18 × bands + 184) + 2 MiB, without the store's cache. A document costs 8 bytes a band for keys, at most
    /// 8 for keepers in buckets (only those that share one) and 2 for bucket heads; and 32 digest, 48 sketch,
    /// 24 decision, 12 exact index, 48 slots (16 bytes, a power of two at most 3 n of them), 20 rows, counts and flags.
    /// With few duplicates it is about n × (8 × bands + 184): 520 bytes a document with 42 bands.
    /// </summary>
    public static long EstimateBytes(long documents, LshParameters parameters) =>
        (documents * ((18L * parameters.Bands) + 184)) + (2 << 20);

    /// <summary>Decides on all documents. Call it once: it uses the band keys up.</summary>
    /// <param name="contents">Content digests, in order of preference.</param>
    /// <param name="sketches">Sketches in the same order; unused, and so may be default, for repeated content.</param>
    /// <returns>The fate of each, in the same order.</returns>
    /// <exception cref="ArgumentException">The two have different lengths.</exception>
    public Decision[] Decide(ReadOnlySpan<ContentDigest> contents, ReadOnlySpan<DocumentSketch> sketches)
    {
        if (contents.Length != sketches.Length)
            throw new ArgumentException($"{sketches.Length} sketches for {contents.Length} documents.", nameof(sketches));

        int[] firstEqual = ExactIndex.FirstEqual(contents);
        var decisions = new Decision[contents.Length];
        DecideUnequal(sketches, firstEqual, decisions);
        for (int i = 0; i < decisions.Length; i++)
        {
            int first = firstEqual[i];
            if (first == i)
                continue;
            // The first of equal documents is decided by now, and what holds for it holds for its copies.
            Decision original = decisions[first];
            decisions[i] = new(DuplicateKind.Exact, original.Keeper, first, original.Similarity);
        }
        return decisions;
    }

    private void DecideUnequal(ReadOnlySpan<DocumentSketch> sketches, int[] firstEqual, Decision[] decisions)
    {
        var takesPart = new bool[_table.Count];
        for (int i = 0; i < sketches.Length; i++)
        {
            decisions[i] = new(DuplicateKind.None, i, i, 1);
            if (firstEqual[i] == i && sketches[i].HasShingles)
                takesPart[sketches[i].KeyRow] = true;
        }
        BandBuckets buckets = BandBuckets.Build(_table, takesPart);
        var digests = new Dictionary<UInt128, int>();
        var shared = new int[sketches.Length];
        for (int i = 0; i < sketches.Length; i++)
        {
            if (firstEqual[i] != i)
                continue;
            if (sketches[i].HasDigest && digests.TryGetValue(sketches[i].TokenDigest, out int equal))
                decisions[i] = new(DuplicateKind.Normalized, equal, equal, 1);
            else if (sketches[i].HasShingles)
                DecideNear(i, sketches, buckets, shared, decisions);
            if (sketches[i].HasDigest && decisions[i].Kind == DuplicateKind.None)
                digests.Add(sketches[i].TokenDigest, i);
        }
    }

    private void DecideNear(int document, ReadOnlySpan<DocumentSketch> sketches, BandBuckets buckets, int[] shared, Decision[] decisions)
    {
        int row = sketches[document].KeyRow;
        buckets.FindKeepers(row, _candidates, shared);
        if (FindBest(document, sketches, shared) is { } best)
            decisions[document] = new(DuplicateKind.Near, best.Keeper, best.Keeper, best.Similarity);
        else
            buckets.AddKeeper(row, document);
        foreach (int candidate in _candidates)
            shared[candidate] = 0;
        _candidates.Clear();
    }

    /// <summary>The most similar keeper at or above the threshold; the earliest of equals.</summary>
    private (int Keeper, double Similarity)? FindBest(int document, ReadOnlySpan<DocumentSketch> sketches, int[] shared)
    {
        if (_candidates.Count == 0)
            return null;

        // The likeliest first: once it is found, most others fail on the sizes alone. The order can't change
        // the result, since all of them are looked at.
        _candidates.Sort((left, right) => shared[left] != shared[right] ? shared[right].CompareTo(shared[left]) : left.CompareTo(right));
        ShingleReference own = sketches[document].Shingles;
        bool ownRead = false;
        int best = -1;
        double similarity = _parameters.Threshold;
        foreach (int candidate in _candidates)
        {
            ShingleReference other = sketches[candidate].Shingles;
            int needed = Jaccard.MinIntersection(own.Count, other.Count, similarity);
            if (needed > Math.Min(own.Count, other.Count))
                continue;
            if (!ownRead)
                _store.Read(own, ref _own);
            ownRead = true;
            _store.Read(other, ref _other);
            ComparedPairs++;
            int common = Jaccard.Intersection(_own.AsSpan(0, own.Count), _other.AsSpan(0, other.Count), needed);
            if (common < 0)
                continue;
            double found = Jaccard.Similarity(common, own.Count, other.Count);
            Debug.Assert(found >= similarity, "The needed intersection gives the needed similarity.");
            if (best >= 0 && found == similarity && candidate > best)
                continue;
            best = candidate;
            similarity = found;
        }
        return best < 0 ? null : (best, similarity);
    }
}
