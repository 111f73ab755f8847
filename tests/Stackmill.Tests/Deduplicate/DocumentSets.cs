using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

/// <summary>
/// Documents given as sets of hashes instead of text: element k of document d is a hash of <c>element(d, k)</c>.
/// Sets are made anew for each reading, so that many thousand of them take no memory.
/// </summary>
internal sealed class DocumentSets(int[] documents, Func<int, int, ulong> element, int size) : IShingleStore
{
    private DuplicateDecider? _decider;
    private DocumentSketch[] _sketches = [];
    private ContentDigest[] _digests = [];

    public long ComparedPairs => _decider!.ComparedPairs;

    /// <summary>Bytes that making sets allocated: what a store would have read into its buffers.</summary>
    public long ReadBytes { get; private set; }

    public void Read(ShingleReference set, ref ulong[] buffer)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        buffer = Make((int)set.Offset);
        ReadBytes += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public Decision[] Decide(double threshold) => Decide(LshParameters.For(threshold));

    public Decision[] Decide(LshParameters parameters)
    {
        Prepare(parameters);
        return DecidePrepared();
    }

    public void Prepare(LshParameters parameters)
    {
        var table = new BandKeyTable(parameters.Bands);
        var hasher = new MinHasher(parameters.Permutations);
        var signature = new uint[hasher.PaddedLength];
        var keys = new ulong[parameters.Bands];
        _sketches = new DocumentSketch[documents.Length];
        _digests = new ContentDigest[documents.Length];
        for (int i = 0; i < documents.Length; i++)
        {
            hasher.Compute(Make(i), signature);
            BandKeyTable.Hash(signature, parameters.Rows, keys);
            _sketches[i] = new(size + 4, table.Add(keys), new(0, size, i), default);
            _digests[i] = ExactIndexTests.Digest(i);
        }
        _decider = new DuplicateDecider(parameters, table, this);
    }

    public Decision[] DecidePrepared() => _decider!.Decide(_digests, _sketches);

    private ulong[] Make(int index)
    {
        var set = new ulong[size];
        for (int k = 0; k < size; k++)
            set[k] = StableHash.Finalise(element(documents[index], k) + 1);
        Array.Sort(set);
        return set;
    }
}
