using Stackmill.Core.Model;

namespace Stackmill.Deduplicate;

/// <summary>
/// What is known of one document when survivors are chosen: 88 bytes beside its sketch and digest. The order of
/// preference is: licence, stars, forks, newest, then content id; documents of equal content are told apart by
/// their place in the dataset, which does not depend on workers.
/// </summary>
internal readonly record struct Candidate(
    int Shard, int Row, byte LicenseRank, long Stars, long Forks, long Date, UInt128 IdHigh, uint IdLow, int Bytes) : IComparable<Candidate>
{
    /// <summary>The document of a record.</summary>
    public static Candidate Of(CodeRecord record, int shard, int row)
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
            record.Content.Length);
    }

    /// <summary>Negative when this document is preferred.</summary>
    public int CompareTo(Candidate other)
    {
        var order = LicenseRank.CompareTo(other.LicenseRank);
        if (order == 0)
            order = other.Stars.CompareTo(Stars);
        if (order == 0)
            order = other.Forks.CompareTo(Forks);
        if (order == 0)
            order = other.Date.CompareTo(Date);
        if (order == 0)
            order = IdHigh.CompareTo(other.IdHigh);
        if (order == 0)
            order = IdLow.CompareTo(other.IdLow);
        if (order == 0)
            order = Shard.CompareTo(other.Shard);
        return order != 0 ? order : Row.CompareTo(other.Row);
    }
}
