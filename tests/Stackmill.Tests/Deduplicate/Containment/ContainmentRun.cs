using Stackmill.Deduplicate.Containment;
using Stackmill.Shared;

namespace Stackmill.Tests.Deduplicate.Containment;

/// <summary>The steps of containment over sets in memory: samples of a few files a shard, and one decision over all.</summary>
internal sealed class ContainmentRun : IShingleSource
{
    private readonly IReadOnlyList<ulong[]> _sets;

    private ContainmentRun(IReadOnlyList<ulong[]> sets) => _sets = sets;

    public ContainmentResult Result { get; private set; } = null!;

    public List<ContainedDocument> Contained { get; } = [];

    public Dictionary<uint, int> Reads { get; } = [];

    public static ContainmentRun Of(string folder, IReadOnlyList<ulong[]> sets, ContainmentOptions options, int perShard = 100, long memory = 1 << 20, Func<int, ulong>? scope = null, Predicate<int>? stays = null)
    {
        Directory.CreateDirectory(folder);
        var run = new ContainmentRun(sets);
        var shards = (sets.Count + perShard - 1) / perShard;
        for (var shard = 0; shard < shards; shard++)
        {
            using var writer = new SampleWriter(Path.Combine(folder, $"{shard}"), options);
            for (var row = 0; row < perShard && (shard * perShard) + row < sets.Count; row++)
                writer.Add(row, sets[(shard * perShard) + row], scope?.Invoke((shard * perShard) + row) ?? 0);
            writer.Complete();
        }

        var samples = Enumerable.Range(0, shards).SelectMany(shard => ContainmentDecider.Read(
            Path.Combine(folder, $"{shard}"), row => stays?.Invoke((shard * perShard) + row) == false ? null : (uint)((shard * perShard) + row)));
        run.Result = new ContainmentDecider(options, Path.Combine(folder, "s"), memory).Decide(samples, run, Path.Combine(folder, "found"));
        using (var reader = new RowReader<ContainedDocument>(Path.Combine(folder, "found")))
        {
            while (reader.Read(out var one))
                run.Contained.Add(one);
        }

        Assert.Equal(shards + 1, Directory.GetFiles(folder).Length);
        return run;
    }

    public int Count(uint document) => _sets[(int)document].Length;

    public int Read(uint document, ref ulong[] buffer)
    {
        Reads[document] = Reads.GetValueOrDefault(document) + 1;
        var set = _sets[(int)document];
        if (buffer.Length < set.Length)
            buffer = new ulong[set.Length];
        set.CopyTo(buffer, 0);
        return set.Length;
    }
}
