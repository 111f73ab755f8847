using Stackmill.Acquire.Contents;
using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether contents can be fetched from where the configuration says, and how fast an answer comes.</summary>
internal static class ContentsCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "contents";

    /// <summary>Name of the check of the terms.</summary>
    public const string TermsId = "contents-terms";

    private const int MostBytes = 1 << 20;

    // The empty content: every archive of any size has met it. Where it is missing, the answer tells as much.
    private static readonly BlobId Empty = BlobId.Of([]);

    /// <summary>Whether the terms of the archive are accepted, where they apply.</summary>
    public static Check Terms(DoctorSubject subject, ContentsUse use)
    {
        var options = subject.Options.Contents;
        if (use.Need == Need.None)
            return Check.Skipped(TermsId, use.Why);
        if (!Acquire.Contents.Terms.Apply(options.Location))
            return Check.Skipped(TermsId, "not needed: contents do not come from Software Heritage's bucket");
        return options.AcceptTerms
            ? Check.Ok(TermsId, "the terms of bulk access to Software Heritage are accepted")
            : Check.Wrong(TermsId, use.Need, "the terms of bulk access to Software Heritage are not accepted", "read https://www.softwareheritage.org/legal/bulk-access-terms-of-use/ and add: --accept-terms");
    }

    /// <summary>True when the first request may be sent.</summary>
    public static bool MayAsk(DoctorSubject subject) => !Acquire.Contents.Terms.Apply(subject.Options.Contents.Location) || subject.Options.Contents.AcceptTerms;

    /// <summary>Asks for one content, twice: the first request pays for the connection.</summary>
    public static async Task<Check> RunAsync(DoctorSubject subject, Need need, CancellationToken cancellation)
    {
        try
        {
            using var client = BlobClients.Create(subject.Options.Contents, subject.Environment, subject.Clock, cancellation);
            var first = await AskAsync(client, subject.Clock, cancellation).ConfigureAwait(false);
            var began = subject.Clock.GetTimestamp();
            var answer = first.Status is BlobStatus.Unreachable or BlobStatus.TimedOut ? first : await AskAsync(client, subject.Clock, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return Judge(answer, Where(subject.Options.Contents), need, subject.Clock.GetElapsedTime(began));
        }
        catch (UsageException fault)
        {
            return Check.Wrong(Id, need, fault);
        }
    }

    /// <summary>The server that contents come from; <c>null</c> when the configuration names none that can be.</summary>
    public static Uri? Server(ContentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var text = options.Location.StartsWith("s3://", StringComparison.Ordinal)
            ? options.Endpoint.Length > 0 ? options.Endpoint : $"https://s3.{options.Region}.amazonaws.com"
            : options.Location;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new Uri(address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)) : null;
    }

    /// <summary>The server as a client of object storage sees it, to ask it who sends signed requests.</summary>
    public static StorageOptions Store(ContentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isAmazon = options.Location.StartsWith("s3://", StringComparison.Ordinal) && options.Endpoint.Length == 0;
        return new StorageOptions
        {
            Endpoint = isAmazon ? "" : Server(options)?.AbsoluteUri ?? options.Endpoint,
            Region = options.Region,
            Profile = options.Profile,
            RequestPayer = options.RequestPayer,
        };
    }

    private static string Where(ContentOptions options) =>
        options.Location.StartsWith("s3://", StringComparison.Ordinal) ? $"{options.Location.TrimEnd('/')} at {Server(options)?.Authority}" : Server(options)?.Authority ?? "";

    // Bytes are held against the id here, so that only the verdict goes on.
    private static async Task<BlobAnswer> AskAsync(IBlobClient client, TimeProvider clock, CancellationToken cancellation)
    {
        using var intake = new Intake(new ByteRate(0, clock), new ByteBudget(MostBytes));
        var answer = await client.Get(Empty, MostBytes, intake, cancellation).ConfigureAwait(false);
        if (answer.Status != BlobStatus.Fetched)
            return answer;
        var content = BlobContent.Unpack(Empty, answer.Buffer, answer.Length, MostBytes);
        BlobBuffers.Return(answer.Buffer);
        if (content.Buffer.Length > 0)
            BlobBuffers.Return(content.Buffer);
        return content with { Buffer = [] };
    }

    private static Check Judge(in BlobAnswer answer, string where, Need need, TimeSpan time)
    {
        const string settings = "check contents.location, contents.endpoint and contents.region";
        (string, double) latency = ("latency_ms", Math.Round(time.TotalMilliseconds, 1));
        // Codes only: what a server says beside them may hold what it was sent.
        var told = answer.Detail.StartsWith("status ", StringComparison.Ordinal) ? answer.Detail["status ".Length..].Split([": ", "; "], 2, StringSplitOptions.None)[0] : answer.Detail.TrimEnd('.');
        return answer.Status switch
        {
            BlobStatus.Fetched => Check.Ok(Id, $"{where} answers in {time.TotalMilliseconds:F0} ms with whole bytes", latency),
            BlobStatus.Unusable when told == "404 NoSuchBucket" => Check.Wrong(Id, need, $"there is no such bucket: {where} ({told})", settings, latency),
            BlobStatus.Missing when told == "404 NoSuchKey" => Check.Ok(Id, $"{where} answers in {time.TotalMilliseconds:F0} ms (404 NoSuchKey to a trial: it may be read)", latency),
            BlobStatus.Missing => Check.Warning(Id, $"{where} answers {told} to a trial, not as S3 does: is it the store of contents?", settings, latency),
            // The last part is what to do.
            BlobStatus.Unusable => Check.Wrong(Id, need, $"{where} can't be used so ({told})", answer.Detail[(answer.Detail.LastIndexOf("; ", StringComparison.Ordinal) + 2)..], latency),
            BlobStatus.Forbidden => Check.Wrong(Id, need, $"{where} refuses to be read ({told})", "sign requests, with AWS credentials: --signed; where the requester pays, also: --set contents.request_payer=true", latency),
            BlobStatus.Throttled => Check.Warning(Id, $"{where} asks for fewer requests ({told})", "wait, or run with fewer at once: --set contents.max_concurrency=16", latency),
            BlobStatus.BadGzip or BlobStatus.WrongHash => Check.Wrong(Id, need, $"{where} gives other bytes than the id names ({told})", "contents.location must be where objects are named by the SHA-1 of their contents", latency),
            BlobStatus.Refused when answer.Detail.Contains("(contents.region)", StringComparison.Ordinal) =>
                Check.Wrong(Id, need, $"{where} answers {answer.Detail["status ".Length..].Split("; ")[^1]}", "name that region: --set contents.region=REGION", latency),
            BlobStatus.Refused or BlobStatus.TooLarge => Check.Wrong(Id, need, $"{where} answers {told}", settings, latency),
            BlobStatus.ServerFault or BlobStatus.Cut => Check.Wrong(Id, need, $"{where} is there, but faulty ({told})", "run again later; if it stays so, tell its operator", latency),
            _ => Check.Wrong(Id, need, $"{where} does not answer ({told})", "check the network, the proxy (HTTPS_PROXY) and contents.endpoint"),
        };
    }
}
