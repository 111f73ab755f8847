using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// Fetched contents by their SHA-1, as they came (gzip), so that nothing is fetched twice: not by an interrupted run, not by
/// the next one with other filters. They lie in few large segments with sorted indexes that are searched where they lie, so
/// neither the number of files nor memory grows with the contents. An entry is on its way to the disk as soon as it is added:
/// a killed process loses none, a power cut loses the last seconds at most, and what is damaged is found by its checksum
/// and fetched again. Several processes may use one folder: each writes segments of its own, and sees those that the others
/// had closed when it began.
/// </summary>
internal sealed class BlobCache : IDisposable
{
    // Another form of segments gets another folder: neither version reads, or cuts, what the other wrote.
    private const string FormFolder = "v1";

    // Sixteen chains by the first hex digit keep locks and indexes apart.
    private const int Chains = 16;
    private const int MaxWriters = 256;

    private readonly string _folder;
    private readonly BlobChain[] _chains;
    private readonly OutputLock _lock;

    private BlobCache(string folder, BlobChain[] chains, OutputLock taken) => (_folder, _chains, _lock) = (folder, chains, taken);

    /// <summary>Entries added by this process.</summary>
    public long Added => _chains.Sum(c => c.Added);

    /// <summary>Opens a folder, which is made when missing. Segments that a killed process left open are closed first.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="segmentBytes">Length from which a segment is closed.</param>
    /// <exception cref="UsageException">The folder can't be used.</exception>
    /// <exception cref="RunFaultException">All places for writers are taken, or the disk is full.</exception>
    public static BlobCache Open(string folder, long segmentBytes = 256 << 20)
    {
        try
        {
            return OpenForm(folder, Directory.CreateDirectory(Path.Combine(folder, FormFolder)).FullName, segmentBytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (StorageFault.IsDiskFull(fault))
                throw Unwritable(folder, fault);
            throw new UsageException($"the cache of contents '{folder}' can't be used: {fault.Message} Name a folder that can be written with contents.cache.", fault);
        }
    }

    /// <summary>Gives the bytes of a content as they were fetched, in a rented buffer that the caller returns.</summary>
    /// <returns>False when it is not there, or damaged.</returns>
    public bool TryRead(BlobId id, out byte[] buffer, out int length) => Chain(id).TryRead(id, out buffer, out length);

    /// <summary>True when the content is there.</summary>
    public bool Contains(BlobId id) => Chain(id).Contains(id);

    /// <summary>Adds a content; one that is there already is left as it is.</summary>
    /// <exception cref="RunFaultException">It can't be written.</exception>
    public void Add(BlobId id, ReadOnlySpan<byte> packed)
    {
        try
        {
            Chain(id).Add(id, packed);
        }
        catch (IOException fault)
        {
            throw Unwritable(_folder, fault);
        }
    }

    /// <summary>Forgets an entry that turned out to be damaged, so that it can be added anew.</summary>
    public void Forget(BlobId id) => Chain(id).Forget(id);

    /// <summary>Closes the open segments and gives this process's place free.</summary>
    public void Dispose()
    {
        foreach (var chain in _chains)
        {
            try
            {
                chain.Close();
            }
            catch (IOException)
            {
                // The disk is full, say: the entries are there, and the next process makes their index, as after a kill.
            }
            finally
            {
                chain.Dispose();
            }
        }

        _lock.Dispose();
    }

    private BlobChain Chain(BlobId id) => _chains[id.High >> 60];

    private static BlobCache OpenForm(string folder, string form, long segmentBytes)
    {
        var (taken, own) = TakePlace(form);
        var chains = new BlobChain[Chains];
        var whole = false;
        try
        {
            var places = Directory.EnumerateDirectories(form, "writer-*").Order(StringComparer.Ordinal).ToList();
            foreach (var place in places)
                Recover(place, own);
            for (var i = 0; i < Chains; i++)
                chains[i] = new BlobChain(places, own, $"{i:x1}", segmentBytes);
            whole = true;
            return new BlobCache(folder, chains, taken);
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

    // Not as a cause: the engine would take a full disk for the one of the dataset.
    private static RunFaultException Unwritable(string folder, Exception fault) => new(
        $"the cache of contents '{folder}' can't be written: {(StorageFault.IsDiskFull(fault) ? "its disk is full." : fault.Message)} What was fetched is kept. Make room, or name another folder with contents.cache, and run the same command again to go on.");
}
