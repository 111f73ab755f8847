using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The order in which documents are preferred, as bytes: of two keys the lesser one belongs to the preferred document. Documents of datasets that are compared with come before all others; then the rules, then
/// the content id, then the place in the dataset, so that no two keys are equal; then the document itself. Not thread-safe.
/// </summary>
/// <param name="rules">Names of <see cref="DedupOptions.Prefer"/>; the first that tells two documents apart decides.</param>
internal sealed class PreferenceKey(IReadOnlyList<string> rules)
{
    private byte[] _key = new byte[512];
    private int _length;

    /// <summary>True when a rule asks for repository and path.</summary>
    public bool NeedsPath { get; } = rules.Contains("path");

    /// <summary>The key of a document; valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(in SketchedDocument document, ReadOnlySpan<byte> path, int shard, int row, bool isOld = false)
    {
        _length = 0;
        Take(1)[0] = isOld ? (byte)0 : (byte)1;
        foreach (var rule in rules)
            AddRule(rule, document, path);
        Add(document.IdHigh);
        Add(document.IdMiddle);
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), document.IdLow);
        BinaryPrimitives.WriteInt32BigEndian(Take(4), shard);
        BinaryPrimitives.WriteInt32BigEndian(Take(4), row);
        var ranked = new RankedDocument
        {
            Digest = document.Digest,
            TokenHigh = document.TokenHigh,
            TokenLow = document.TokenLow,
            ShingleOffset = document.ShingleOffset,
            ShingleCount = document.ShingleCount,
            Bytes = document.Bytes,
            Parity = document.Parity,
            Shard = shard,
            Row = row,
        };
        MemoryMarshal.Write(Take(Unsafe.SizeOf<RankedDocument>()), ranked);
        return _key.AsSpan(0, _length);
    }

    private void AddRule(string rule, in SketchedDocument document, ReadOnlySpan<byte> path)
    {
        switch (rule)
        {
            case "license":
                Take(1)[0] = document.LicenseRank;
                break;
            case "stars":
                AddDescending(document.Stars);
                break;
            case "forks":
                AddDescending(document.Forks);
                break;
            case "newest":
                AddDescending(document.Date);
                break;
            case "longest":
                AddDescending(document.Bytes);
                break;
            case "path":
                AddPath(path);
                break;
            default:
                throw new ArgumentException($"'{rule}' is no rule of preference.", nameof(rule));
        }
    }

    // The sign turned, so that the order of the bytes is that of the numbers; then all bits, for the largest first.
    private void AddDescending(long value) => Add(~((ulong)value ^ (1UL << 63)));

    // A path ends with two zeros, and a zero in it becomes 0 1: none is the beginning of another.
    private void AddPath(ReadOnlySpan<byte> path)
    {
        foreach (var value in path)
        {
            Take(1)[0] = value;
            if (value == 0)
                Take(1)[0] = 1;
        }

        Take(2).Clear();
    }

    private void Add(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    private Span<byte> Take(int bytes)
    {
        if (_key.Length - _length < bytes)
            Array.Resize(ref _key, 2 * _key.Length);
        _length += bytes;
        return _key.AsSpan(_length - bytes, bytes);
    }
}
