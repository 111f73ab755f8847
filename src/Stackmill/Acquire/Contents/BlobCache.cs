using System.Buffers;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// Fetched contents by their SHA-1, as they came (gzip), so that nothing is fetched twice: not by an interrupted run, not by
/// the next one with other filters. They lie in few large segments with sorted indexes that are searched where they lie, so
/// neither the number of files nor memory grows with the contents. An entry is on its way to the disk as soon as it is added:
/// a killed process loses none, a power cut loses the last seconds at most, and what is damaged is found by its checksum
/// and fetched again. Several processes may use one folder: each writes segments of its own.
/// </summary>
internal sealed class BlobCache : IDisposable
{
    // Sixteen chains by the first hex digit keep locks and indexes apart.
    private const int Chains = 16;
    private const int MaxWriters = 256;

    private readonly BlobChain[] _chains;
    private readonly OutputLock _lock;

    private BlobCache(BlobChain[] chains, OutputLock taken)
    {
        _chains = chains;
        _lock = taken;
    }

    /// <summary>Entries added by this process.</summary>
    public long Added => _chains.Sum(c => c.Added);

    /// <summary>Opens a folder, which is made when missing. Segments that a killed process left open are closed first.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="segmentBytes">Length from which a segment is closed.</param>
    /// <exception cref="RunFaultException">All places for writers are taken.</exception>
    public static BlobCache Open(string folder, long segmentBytes = 256 << 20)
    {
        Directory.CreateDirectory(folder);
        var (taken, own) = TakePlace(folder);
        var chains = new BlobChain[Chains];
        var whole = false;
        try
        {
            var places = Directory.EnumerateDirectories(folder, "writer-*").Order(StringComparer.Ordinal).ToList();
            foreach (var place in places)
                Recover(place, own);
            for (var i = 0; i < Chains; i++)
                chains[i] = new BlobChain(places, own, $"{i:x1}", segmentBytes);
            whole = true;
            return new BlobCache(chains, taken);
        }
        finally
        {
            if (!whole)
            {
                foreach (var chain in chains)
                    chain?.Dispose();
                taken.Dispose();
            }
        }
    }

    /// <summary>Gives the bytes of a content as they were fetched, in a rented buffer that the caller returns.</summary>
    /// <returns>False when it is not there, or damaged.</returns>
    public bool TryRead(BlobId id, out byte[] buffer, out int length) => Chain(id).TryRead(id, ArrayPool<byte>.Shared, out buffer, out length);

    /// <summary>True when the content is there.</summary>
    public bool Contains(BlobId id) => Chain(id).Contains(id);

    /// <summary>Adds a content; one that is there already is left as it is.</summary>
    public void Add(BlobId id, ReadOnlySpan<byte> packed) => Chain(id).Add(id, packed);

    /// <summary>Forgets an entry that turned out to be damaged, so that it can be added anew.</summary>
    public void Forget(BlobId id) => Chain(id).Forget(id);

    /// <summary>Closes the open segments and gives this process's place free.</summary>
    public void Dispose()
    {
        foreach (var chain in _chains)
            chain.Dispose();
        _lock.Dispose();
    }

    private BlobChain Chain(BlobId id) => _chains[id.High >> 60];

    private static void Recover(string place, string own)
    {
        if (place == own)
        {
            BlobChain.Recover(place);
            return;
        }

        try
        {
            using var taken = OutputLock.Take(place);
            BlobChain.Recover(place);
        }
        catch (RunFaultException)
        {
            // A living process is writing there; what it has closed can be read.
        }
    }

    private static (OutputLock Taken, string Own) TakePlace(string folder)
    {
        for (var i = 0; ; i++)
        {
            var own = Path.Combine(folder, $"writer-{i:D3}");
            try
            {
                return (OutputLock.Take(own), own);
            }
            catch (RunFaultException) when (i + 1 < MaxWriters)
            {
                // Another process has this place; the next one may be free.
            }
        }
    }
}
