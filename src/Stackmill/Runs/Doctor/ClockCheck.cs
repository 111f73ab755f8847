namespace Stackmill.Runs.Doctor;

/// <summary>A server that is used.</summary>
/// <param name="Address">Its address, without user and path.</param>
/// <param name="IsSigned">True when requests to it are signed, and so hold the time.</param>
internal sealed record UsedServer(Uri Address, bool IsSigned);

/// <summary>Whether this machine's clock agrees with those of the servers: requests signed at another time are refused.</summary>
internal static class ClockCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "clock";

    // Servers tell whole seconds, and some of the way is unknown: less than this is no difference.
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Tolerable = TimeSpan.FromMinutes(1);

    // One silent server must not keep the others' time from being told.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(8);

    /// <summary>What signed requests may differ by (AWS Signature Version 4).</summary>
    private static readonly TimeSpan MostForSigned = TimeSpan.FromMinutes(15);

    /// <summary>Asks each server for its time.</summary>
    public static async Task<Check> RunAsync(DoctorSubject subject, IReadOnlyList<UsedServer> servers, CancellationToken cancellation)
    {
        if (servers.Count == 0)
            return Check.Skipped(Id, "not looked at: no server is used");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
        var answers = await Task.WhenAll(servers.Select(s => AheadAsync(client, s, subject.Clock, cancellation))).ConfigureAwait(false);
        var worst = answers.Where(a => a.Ahead is not null).OrderByDescending(a => a.Ahead!.Value.Duration()).FirstOrDefault();
        return worst is null
            ? Check.Skipped(Id, "not known: no server told its time")
            : Judge(worst.Server, worst.Ahead!.Value, answers.Any(a => a is { Server.IsSigned: true, Ahead: { } ahead } && ahead.Duration() > MostForSigned));
    }

    private static Check Judge(UsedServer server, TimeSpan ahead, bool isRefused)
    {
        (string, double) figure = ("ahead_seconds", Math.Round(ahead.TotalSeconds));
        var host = server.Address.Authority;
        if (ahead.Duration() <= Unseen)
            return Check.Ok(Id, $"as that of {host}", figure);
        var found = $"{Text(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} {host}";
        const string remedy = "set it by the network's time: sudo timedatectl set-ntp true";
        return isRefused ? Check.Wrong(Id, Need.Required, $"{found}; signed requests may differ by {MostForSigned.TotalMinutes:F0} min", remedy, figure)
            : ahead.Duration() > Tolerable ? Check.Warning(Id, found, remedy, figure)
            : Check.Ok(Id, found, figure);
    }

    private static string Text(TimeSpan time) => time.TotalHours >= 2 ? $"{time.TotalHours:F0} h" : time.TotalMinutes >= 2 ? $"{time.TotalMinutes:F0} min" : $"{time.TotalSeconds:F0} s";

    private static async Task<ServerTime> AheadAsync(HttpClient client, UsedServer server, TimeProvider clock, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(LongestRequest);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, server.Address);
            var before = clock.GetUtcNow();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
            var middle = before + ((clock.GetUtcNow() - before) / 2);
            // An answer that was kept on the way tells how old it is.
            return new ServerTime(server, response.Headers.Date is { } date ? middle - (date + (response.Headers.Age ?? TimeSpan.Zero)) : null);
        }
        catch (Exception fault) when (fault is HttpRequestException or HttpIOException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Why a server does not answer is told by the check of what it is needed for.
            return new ServerTime(server, null);
        }
    }

    private sealed record ServerTime(UsedServer Server, TimeSpan? Ahead);
}
