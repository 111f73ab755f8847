using Stackmill.Datasets;

namespace Stackmill.Deduplicate.Search;

/// <summary>A shard of a dataset whose index was kept.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Shard">The shard's place in its manifest.</param>
/// <param name="Prefix">Path of its files in the index, without their endings.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record IndexedShard(Dataset Dataset, int Shard, string Prefix, long Rows)
{
    /// <summary>One of its files.</summary>
    public string PathOf(string what) => $"{Prefix}.{what}";
}
