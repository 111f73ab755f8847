using System.Buffers.Binary;
using LibGit2Sharp;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>A set of object ids: some 40 bytes of memory each, so that a long history fits.</summary>
internal sealed class ObjectKeys
{
    /// <summary>
    /// Most ids of one repository: 600 MB. The history of Linux has ten million trees and blobs.
    /// </summary>
    public const int Most = 16_000_000;

    private readonly HashSet<(UInt128, uint)> _keys = [];

    /// <summary>Adds an id; false when it was there.</summary>
    /// <exception cref="ShardFaultException">There are more than <see cref="Most"/>.</exception>
    public bool Add(ObjectId id)
    {
        if (!_keys.Add(Key(id)))
            return false;
        return _keys.Count <= Most ? true
            : throw new ShardFaultException($"its history holds more than {Most} trees and blobs, the most that are kept in memory. Read it at single revisions, without input.git.history.");
    }

    /// <summary>True when the id is there.</summary>
    public bool Contains(ObjectId id) => _keys.Contains(Key(id));

    private static (UInt128, uint) Key(ObjectId id) =>
        (BinaryPrimitives.ReadUInt128LittleEndian(id.RawId), BinaryPrimitives.ReadUInt32LittleEndian(id.RawId.AsSpan(16)));
}
