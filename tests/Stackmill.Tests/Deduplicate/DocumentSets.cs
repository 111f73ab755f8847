using Stackmill.Deduplicate;
using Stackmill.Tests.Deduplicate.Search;

namespace Stackmill.Tests.Deduplicate;

/// <summary>
/// Documents given as sets of hashes instead of text: element k of document d is a hash of <c>element(d, k)</c>.
/// </summary>
internal sealed class DocumentSets(int[] documents, Func<int, int, ulong> element, int size)
{
    public long ComparedPairs { get; private set; }

    public long? WorkerMemory { get; init; }

    public int Shards { get; init; } = 1;

    public int Workers { get; init; } = 1;

    public Decision[] Decide(double threshold) => Decide(LshParameters.For(threshold));

    public Decision[] Decide(LshParameters parameters)
    {
        using var harness = new SearchHarness(parameters) { WorkerMemory = WorkerMemory, Shards = Shards, Workers = Workers };
        var decisions = harness.Decide(documents.Length, Make);
        ComparedPairs = harness.ComparedPairs;
        return decisions;
    }

    private ulong[] Make(int index)
    {
        var set = new ulong[size];
        for (int k = 0; k < size; k++)
            set[k] = StableHash.Finalise(element(documents[index], k) + 1);
        Array.Sort(set);
        return set;
    }
}
