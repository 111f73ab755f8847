using System.Net;

namespace Stackmill.Datasets.Hub;

/// <summary>Counts the requests of a client by the kind of their host and how they went. Safe for several threads.</summary>
internal sealed class HubCounts
{
    private static readonly string[] Hosts = ["hub", "storage"];
    private static readonly string[] Outcomes = ["answered", "redirected", "throttled", "refused", "failed"];

    private readonly long[] _requests = new long[Hosts.Length * Outcomes.Length];
    private long _retries;

    /// <summary>A request was made.</summary>
    /// <param name="isHub">True for the Hub itself, false for where its files lie.</param>
    /// <param name="status">The answer; <c>null</c> when none came.</param>
    public void Asked(bool isHub, HttpStatusCode? status)
    {
        var outcome = (int?)status switch { null => 4, 429 or 503 => 2, < 300 => 0, < 400 => 1, _ => 3 };
        Interlocked.Increment(ref _requests[((isHub ? 0 : 1) * Outcomes.Length) + outcome]);
    }

    /// <summary>A request will be made again.</summary>
    public void AskedAgain() => Interlocked.Increment(ref _retries);

    /// <summary>The counts by name; those that are nothing are left out, but for the bytes and repeated requests.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> With(long bytes) =>
    [
        .. from host in Enumerable.Range(0, Hosts.Length)
           from outcome in Enumerable.Range(0, Outcomes.Length)
           let count = Interlocked.Read(ref _requests[(host * Outcomes.Length) + outcome])
           where count > 0
           select KeyValuePair.Create($"requests.{Hosts[host]}.{Outcomes[outcome]}", count),
        KeyValuePair.Create("retries", Interlocked.Read(ref _retries)),
        KeyValuePair.Create("bytes", bytes),
    ];
}
