using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stackmill.Core.Model;

namespace Stackmill.Deduplicate.Repositories;

/// <summary>
/// Files of one repository that stand in a row in one shard; a row in the shard's file, followed by the repository's name in UTF-8. A repository may have any
/// number of them, in any shards: what is known of it is their sum.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct RepositoryRun
{
    /// <summary>Hash of the repository's name.</summary>
    public UInt128 Name;

    /// <summary>Sum of the hashes of the files, in which their order doesn't count.</summary>
    public UInt128 Tree;

    /// <summary>Files.</summary>
    public long Files;

    /// <summary>The first one's row in the shard.</summary>
    public long FirstRow;

    /// <summary>What the repository is preferred by.</summary>
    public RepositoryMerits Merits;

    /// <summary>Bytes of the name.</summary>
    public int NameLength;
}

/// <summary>
/// What the rules of preference tell of a repository, in their order; of two repositories the one with the lesser values is preferred. Of files it has the best
/// licence, the most stars and forks, and the newest date.
/// </summary>
[InlineArray(Rules)]
internal struct RepositoryMerits : IComparable<RepositoryMerits>
{
    // License, stars, forks, newest: equal trees are equally long, and the name decides where paths would.
    private const int Rules = 4;

    private long _first;

    /// <summary>The merits of a file.</summary>
    /// <param name="record">The file.</param>
    /// <param name="prefer">Words of <see cref="DedupOptions.Prefer"/>; what follows <c>path</c> decides nothing.</param>
    public static RepositoryMerits Of(CodeRecord record, IReadOnlyList<string> prefer)
    {
        var merits = default(RepositoryMerits);
        var at = 0;
        foreach (var rule in prefer)
        {
            if (rule == "path")
                break;
            if (rule == "longest")
                continue;
            merits[at++] = rule switch
            {
                "license" => Search.SketchedDocument.RankOfLicense(record.LicenseType),
                // The complement turns the order around, also that of the least value.
                "stars" => ~(record.StarEventsCount ?? -1),
                "forks" => ~(record.ForkEventsCount ?? -1),
                "newest" => ~(record.CommitterDateMicros ?? long.MinValue),
                _ => throw new ArgumentException($"'{rule}' is no rule of preference.", nameof(prefer)),
            };
        }

        return merits;
    }

    /// <summary>The best of both, rule by rule.</summary>
    public void Add(in RepositoryMerits other)
    {
        for (var i = 0; i < Rules; i++)
            this[i] = Math.Min(this[i], other[i]);
    }

    /// <summary>Negative when these are preferred.</summary>
    public readonly int CompareTo(RepositoryMerits other)
    {
        for (var i = 0; i < Rules; i++)
        {
            if (this[i].CompareTo(other[i]) is var order and not 0)
                return order;
        }

        return 0;
    }
}
