using System.Runtime.InteropServices;
using Stackmill.Core.Model;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// What the first step finds out about a document: a row of 192 bytes in a shard's <c>.documents</c> file, in the order of the shard's rows.
/// docs/dedup-index.md describes its layout.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct SketchedDocument
{
    /// <summary>SHA-256 of the content, combined with the scope.</summary>
    public ContentDigest Digest;

    /// <summary>Upper and lower half of the digest of its tokens or normalised text, combined with the scope; 0 when it isn't compared by it.</summary>
    public ulong TokenHigh, TokenLow;

    /// <summary>The first 16 bytes of the content id; <see cref="IdLow"/> has the last 4.</summary>
    public ulong IdHigh, IdMiddle;

    /// <summary>Stars, or −1.</summary>
    public long Stars;

    /// <summary>Forks, or −1.</summary>
    public long Forks;

    /// <summary>Microseconds of the last commit, or the least value.</summary>
    public long Date;

    /// <summary>Shingles before its set in the shard's <c>.shingles</c> file.</summary>
    public long ShingleOffset;

    /// <summary>Bytes before its names in the shard's <c>.names</c> file.</summary>
    public long NameOffset;

    /// <summary>The last 4 bytes of the content id.</summary>
    public uint IdLow;

    /// <summary>Bytes of content.</summary>
    public int Bytes;

    /// <summary>Distinct shingles; 0 for a document without any.</summary>
    public int ShingleCount;

    /// <summary>Lexical tokens.</summary>
    public int TokenCount;

    /// <summary>Bytes of repository and path in <c>.names</c>.</summary>
    public int PathLength;

    /// <summary>Bytes of the content id in <c>.names</c>, after the path.</summary>
    public short IdLength;

    /// <summary>0 permissive, 1 unknown, 2 none, 3 others.</summary>
    public byte LicenseRank;

    /// <summary>1 when it takes no part: it goes for another reason before duplicates are looked for.</summary>
    public byte Excluded;

    /// <summary>Of its shingles.</summary>
    public ParityBitmap Parity;

    /// <summary>The rank of a type of licences; the lesser one is preferred.</summary>
    public static byte RankOfLicense(string? type) => type switch { "permissive" => 0, null => 1, "no_license" => 2, _ => 3 };

    /// <summary>The part of a record that preference needs.</summary>
    public static SketchedDocument Of(CodeRecord record)
    {
        // A Git blob id is 20 bytes: compared as 16 and 4.
        Span<byte> id = stackalloc byte[20];
        id.Clear();
        if (record.ContentId.Length == 40)
            Convert.FromHexString(record.ContentId, id, out _, out _);
        return new SketchedDocument
        {
            LicenseRank = RankOfLicense(record.LicenseType),
            Stars = record.StarEventsCount ?? -1,
            Forks = record.ForkEventsCount ?? -1,
            Date = record.CommitterDateMicros ?? long.MinValue,
            IdHigh = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id),
            IdMiddle = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(id[8..]),
            IdLow = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(id[16..]),
            Bytes = record.Content.Length,
        };
    }
}

/// <summary>A document in order of preference: a row of 136 bytes in <c>order/documents</c>, whose number is the document's rank.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct RankedDocument
{
    /// <summary>As <see cref="SketchedDocument.Digest"/>.</summary>
    public ContentDigest Digest;

    /// <summary>As <see cref="SketchedDocument.TokenHigh"/>.</summary>
    public ulong TokenHigh, TokenLow;

    /// <summary>As <see cref="SketchedDocument.ShingleOffset"/>.</summary>
    public long ShingleOffset;

    /// <summary>Where it stands: shard, and row in it.</summary>
    public int Shard, Row;

    /// <summary>As <see cref="SketchedDocument.ShingleCount"/>.</summary>
    public int ShingleCount;

    /// <summary>As <see cref="SketchedDocument.Bytes"/>.</summary>
    public int Bytes;

    /// <summary>As <see cref="SketchedDocument.Parity"/>.</summary>
    public ParityBitmap Parity;

    /// <summary>Its shingle set.</summary>
    public readonly ShingleReference Shingles => new(Shard, ShingleCount, ShingleOffset);

    /// <summary>Is compared by digest.</summary>
    public readonly bool HasDigest => (TokenHigh | TokenLow) != 0;
}

/// <summary>The fate of a document that goes: a row of a part's decisions, in the order of shards and rows.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct DecisionRow : IComparable<DecisionRow>
{
    /// <summary>Exact Jaccard similarity to the one that stays.</summary>
    public double Similarity;

    /// <summary>Where it stands.</summary>
    public int Shard, Row;

    /// <summary>Where the document stands that stays for it.</summary>
    public int KeeperShard, KeeperRow;

    /// <summary>Where the document stands that it was found equal or similar to.</summary>
    public int MatchShard, MatchRow;

    /// <summary>Ranks of the document, of the one that stays for it, and of the one that it was found equal or similar to.</summary>
    public uint Rank, Keeper, Match;

    /// <summary>Bytes of content.</summary>
    public int Bytes;

    /// <summary>Distinct shingles of the document and of the one that stays.</summary>
    public int ShingleCount, KeeperShingleCount;

    /// <summary>A <see cref="DuplicateKind"/>; never <see cref="DuplicateKind.None"/>.</summary>
    public int Kind;

    private readonly int _unused;

    /// <inheritdoc/>
    public readonly int CompareTo(DecisionRow other) => Shard != other.Shard ? Shard.CompareTo(other.Shard) : Row.CompareTo(other.Row);
}
