using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using LibGit2Sharp;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>A set of object ids, alone or at paths: some 40 bytes of memory each, so that a long history fits.</summary>
internal sealed class ObjectKeys
{
    /// <summary>
    /// Most ids of one repository: 600 MB. The history of Linux has ten million trees and blobs.
    /// </summary>
    public const int Most = 16_000_000;

    private readonly HashSet<(UInt128, uint)> _keys = [];

    /// <summary>How many there are.</summary>
    public int Count => _keys.Count;

    /// <summary>Adds an id; false when it was there.</summary>
    /// <exception cref="ShardFaultException">There are more than <see cref="Most"/>.</exception>
    public bool Add(ObjectId id) => Add(Key(id));

    /// <summary>Adds an id at a path; false when it was there at this path.</summary>
    /// <exception cref="ShardFaultException">There are more than <see cref="Most"/>.</exception>
    public bool Add(ObjectId id, string path)
    {
        var hash = new XxHash128();
        hash.Append(id.RawId);
        hash.Append(MemoryMarshal.AsBytes(path.AsSpan()));
        return Add((hash.GetCurrentHashAsUInt128(), 0));
    }

    /// <summary>True when the id is there.</summary>
    public bool Contains(ObjectId id) => _keys.Contains(Key(id));

    private bool Add((UInt128, uint) key)
    {
        if (!_keys.Add(key))
            return false;
        return _keys.Count <= Most ? true
            : throw new ShardFaultException($"its history holds more than {Most} trees and blobs, the most that are kept in memory. Read it at single revisions, without input.git.history.");
    }

    private static (UInt128, uint) Key(ObjectId id) =>
        (BinaryPrimitives.ReadUInt128LittleEndian(id.RawId), BinaryPrimitives.ReadUInt32LittleEndian(id.RawId.AsSpan(16)));
}
