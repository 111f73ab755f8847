namespace Stackmill.Acquire.Contents;

/// <summary>How one attempt to fetch a content ended.</summary>
internal enum BlobStatus
{
    /// <summary>The bytes are there.</summary>
    Fetched,

    /// <summary>The store has no such content (404).</summary>
    Missing,

    /// <summary>The store refuses (403).</summary>
    Forbidden,

    /// <summary>Too many requests (429, 503).</summary>
    Throttled,

    /// <summary>No connection to the store.</summary>
    Unreachable,

    /// <summary>A fault of the store (500, 502, 504 …).</summary>
    ServerFault,

    /// <summary>No answer, or no further byte, in time.</summary>
    TimedOut,

    /// <summary>The connection ended within the answer.</summary>
    Cut,

    /// <summary>Another answer that is not expected (a redirect, 400 …).</summary>
    Refused,

    /// <summary>Larger than the limit.</summary>
    TooLarge,

    /// <summary>No whole gzip data.</summary>
    BadGzip,

    /// <summary>Other bytes than the id names.</summary>
    WrongHash,

    /// <summary>No content at all can be had like this: wrong credentials, no such bucket, another region.</summary>
    Unusable,
}

/// <summary>What one attempt gave.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Buffer">The bytes, in a buffer rented from the shared pool that the receiver returns; empty without bytes.</param>
/// <param name="Length">Their number.</param>
/// <param name="Detail">More for people; never a credential.</param>
/// <param name="RetryAfter">How long the server wants to be left alone; zero when it says nothing.</param>
internal readonly record struct BlobAnswer(BlobStatus Status, byte[] Buffer, int Length, string Detail, TimeSpan RetryAfter = default)
{
    /// <summary>Time until the head of the answer, by which the server's load is judged; zero when none came.</summary>
    public TimeSpan Head { get; init; }

    /// <summary>An answer without bytes.</summary>
    public static BlobAnswer Without(BlobStatus status, string detail, TimeSpan retryAfter = default) => new(status, [], 0, detail, retryAfter);
}

/// <summary>Makes single attempts to fetch contents. Safe for many at once.</summary>
internal interface IBlobClient : IDisposable
{
    /// <summary>Where contents come from, for messages.</summary>
    string Where { get; }

    /// <summary>What to do when the store refuses everything.</summary>
    string Remedy { get; }

    /// <summary>One attempt, without a retry.</summary>
    /// <param name="id">The content.</param>
    /// <param name="maxBytes">Bytes of an answer from which it is too large.</param>
    /// <param name="intake">Takes the body in.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    Task<BlobAnswer> Get(BlobId id, long maxBytes, Intake intake, CancellationToken cancellation);
}
