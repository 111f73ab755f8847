using Stackmill.Core.Model;

namespace Stackmill.Deduplicate;

/// <summary>
/// What is known of one document when survivors are chosen: 96 bytes beside its sketch and digest. <see cref="Preference"/> has the rules; where
/// they are equal the content id decides, and documents of equal content are told apart by their place in the dataset, which does not depend
/// on workers.
/// </summary>
internal readonly record struct Candidate(
    int Shard, int Row, byte LicenseRank, long Stars, long Forks, long Date, UInt128 IdHigh, uint IdLow, int Bytes) : IComparable<Candidate>
{
    /// <summary>Repository and path, only where a rule asks for it.</summary>
    public string? Path { get; init; }

    /// <summary>The document of a record.</summary>
    public static Candidate Of(CodeRecord record, int shard, int row, bool withPath = false)
    {
        // A Git blob id is 20 bytes: compared as 16 and 4.
        Span<byte> id = stackalloc byte[20];
        id.Clear();
        if (record.ContentId.Length == 40)
            Convert.FromHexString(record.ContentId, id, out _, out _);
        return new Candidate(
            shard,
            row,
            record.LicenseType switch { "permissive" => 0, null => 1, "no_license" => 2, _ => 3 },
            record.StarEventsCount ?? -1,
            record.ForkEventsCount ?? -1,
            record.CommitterDateMicros ?? long.MinValue,
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(id),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(id[16..]),
            record.Content.Length)
        {
            Path = withPath ? record.DisplayPath : null,
        };
    }

    /// <summary>The order of content ids, then of places: the last resort of every preference.</summary>
    public int CompareTo(Candidate other)
    {
        var order = IdHigh.CompareTo(other.IdHigh);
        if (order == 0)
            order = IdLow.CompareTo(other.IdLow);
        if (order == 0)
            order = Shard.CompareTo(other.Shard);
        return order != 0 ? order : Row.CompareTo(other.Row);
    }
}
