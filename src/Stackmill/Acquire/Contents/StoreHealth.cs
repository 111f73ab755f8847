using Stackmill.Core.Faults;

namespace Stackmill.Acquire.Contents;

/// <summary>How long a store may be of no use.</summary>
/// <param name="Silence">Time without any answer.</param>
/// <param name="Barren">Time with answers of which none is of use: refusals for load, faults, cut connections.</param>
internal sealed record StorePatience(TimeSpan Silence, TimeSpan Barren)
{
    /// <summary>The patience of a configuration: a minute of silence, ten minutes without use, and longer where time-outs are.</summary>
    public static StorePatience Of(ContentOptions options) => new(
        TimeSpan.FromSeconds(Math.Max(60, options.TimeoutSeconds * 3)), TimeSpan.FromSeconds(Math.Max(600, options.TimeoutSeconds * 10)));
}

/// <summary>
/// Tells a store that is of no use from single contents that can't be had: the former stops the run, so that it ends in minutes
/// with one message and not in days with a list of all contents.
/// </summary>
/// <param name="client">The store.</param>
/// <param name="patience">How long it may be of no use.</param>
/// <param name="refusalsToStop">When so many contents were refused, and none was had before, it is not the contents; 0 for never.</param>
/// <param name="isProven">True when contents of this dataset were had from it before.</param>
/// <param name="clock">The clock.</param>
/// <param name="warn">Tells people what is strange, and no reason to stop.</param>
internal sealed class StoreHealth(IBlobClient client, StorePatience patience, int refusalsToStop, bool isProven, TimeProvider clock, Action<string> warn)
{
    // In the midst of a dataset it may be a part of the store that is closed: people are told, and the run goes on.
    private const int RefusalsInARow = 1000;
    // A dataset of which more is dead is not worth its name; a store that was closed since is still told in time.
    private const int RefusalsPerCached = 10;
    private const int MissingAtFirst = 100;
    private const long None = long.MinValue;

    private bool _isProven = isProven;
    private long _silentSince = None;
    private long _barrenSince = None;
    private int _refusals;
    private int _missing;
    private int _cached;
    private volatile RunFaultException? _fault;

    /// <summary>Fails when the store was found to be of no use: what waits for its turn must not ask any more.</summary>
    /// <exception cref="RunFaultException">It is.</exception>
    public void Require()
    {
        if (_fault is { } fault)
            throw new RunFaultException(fault.Message);
    }

    /// <summary>
    /// The cache has so many contents of a shard. They came from such a store once: ten times as many may be refused before it is thought to be of no use.
    /// </summary>
    public void Cached(int count) => Interlocked.Add(ref _cached, count);

    /// <summary>Looks at an attempt.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="detail">More for people.</param>
    /// <param name="start">When it began, by the clock's timestamp.</param>
    /// <exception cref="RunFaultException">The store is of no use.</exception>
    public void Attempted(BlobStatus status, string detail, long start)
    {
        if (status == BlobStatus.Unusable)
            throw Stop($"no content can be had from {client.Where}: {detail}. What was fetched is kept; run the same command again to go on.");
        if (status is BlobStatus.Unreachable or BlobStatus.TimedOut)
        {
            if (Since(ref _silentSince, start) is var silent && silent > patience.Silence)
            {
                throw Stop(
                    $"{client.Where} has not answered for {silent.TotalSeconds:F0} s ({detail}). What was fetched is kept. Check the network, a proxy, contents.location and contents.endpoint, then run the same command again to go on.");
            }
        }
        else
        {
            Volatile.Write(ref _silentSince, None);
        }

        if (status is not (BlobStatus.Unreachable or BlobStatus.TimedOut or BlobStatus.Throttled or BlobStatus.ServerFault or BlobStatus.Cut))
        {
            Volatile.Write(ref _barrenSince, None);
        }
        else if (Since(ref _barrenSince, start) is var barren && barren > patience.Barren)
        {
            throw Stop(
                $"{client.Where} has given nothing of use for {barren.TotalMinutes:F0} minutes (the last answer: {detail}). What was fetched is kept. Run the same command again later to go on; a lower contents.max_concurrency spares the server.");
        }
    }

    /// <summary>Looks at what became of a content after all attempts.</summary>
    /// <exception cref="RunFaultException">The store refuses everything.</exception>
    public void Ended(BlobAnswer answer)
    {
        if (answer.Status == BlobStatus.Fetched)
        {
            Volatile.Write(ref _isProven, true);
            Volatile.Write(ref _refusals, 0);
        }
        else if (answer.Status == BlobStatus.Missing)
        {
            // Contents can be missing, and the run goes on; but so many at first may be the wrong place.
            if (!Volatile.Read(ref _isProven) && Interlocked.Increment(ref _missing) == MissingAtFirst)
                warn($"{client.Where} has none of the first {MissingAtFirst} contents ({answer.Detail}); is contents.location right?");
        }
        else if (answer.Status is BlobStatus.Forbidden or BlobStatus.Refused or BlobStatus.BadGzip or BlobStatus.WrongHash)
        {
            var refusals = Interlocked.Increment(ref _refusals);
            var most = Math.Max(refusalsToStop, RefusalsPerCached * (long)Volatile.Read(ref _cached));
            if (!Volatile.Read(ref _isProven) && refusalsToStop > 0 && refusals >= most)
                throw Stop($"{Message(answer, $"the first {most} contents, and gave none")} What was fetched is kept; run the same command again to go on. Where it is only these contents, let more be refused with contents.refusals_to_stop.");
            if (refusals == RefusalsInARow)
                warn(Message(answer, $"{RefusalsInARow} contents in a row; the run goes on, and --retry-failed tries them again"));
        }
    }

    /// <summary>Ends the run for a fault that is not the store's, such as a full disk: what would still be asked for could not be kept.</summary>
    public void End(RunFaultException fault) => _fault ??= fault;

    private RunFaultException Stop(string message) => _fault ??= new RunFaultException(message);

    private string Message(BlobAnswer answer, string these) => answer.Status is BlobStatus.Forbidden or BlobStatus.Refused
        ? $"{client.Where} refused {these}: {answer.Detail}. {client.Remedy} A bucket that may not be listed refuses what it has not got, too."
        : $"{client.Where} gave other bytes than asked for: {these}: {answer.Detail}. Is it a copy of Software Heritage's contents, or does a proxy or a log-in page answer instead? Check contents.location and contents.endpoint.";

    private TimeSpan Since(ref long began, long start)
    {
        var first = Interlocked.CompareExchange(ref began, start, None);
        return clock.GetElapsedTime(first == None ? start : first);
    }
}
