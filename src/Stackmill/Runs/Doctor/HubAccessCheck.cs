using System.Net;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;
using Stackmill.Shared.Configuration;
using Stackmill.Shared.Http;

namespace Stackmill.Runs.Doctor;

/// <summary>What a look at an input showed.</summary>
/// <param name="Check">Whether it can be read.</param>
internal sealed record InputLook(Check Check)
{
    /// <summary>True when its rows describe files, whose contents must be fetched; <c>null</c> when that is not known.</summary>
    public bool? DescribesFiles { get; init; }

    /// <summary>True when it is read with a token only; <c>null</c> when that is not known.</summary>
    public bool? NeedsToken { get; init; }

    /// <summary>Bytes that it has; <c>null</c> when that is not known.</summary>
    public InputSize? Size { get; init; }
}

/// <summary>
/// Whether the files of the configured dataset can be read: its revision is pinned and the end of one file fetched, because the
/// Hub lists files to whom it refuses them.
/// </summary>
internal static class HubAccessCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "hub-access";

    // What the end of a Parquet file is told by; reading it fetches the last 64 KiB.
    private const int TailBytes = 8;

    /// <summary>Reads the end of a file of the dataset.</summary>
    public static InputLook Run(DoctorSubject subject, CancellationToken cancellation)
    {
        if (subject.InputPlace != InputPlace.Hub)
            return new InputLook(Check.Skipped(Id, subject.WhyNoHub));
        HubClient hub;
        try
        {
            hub = subject.HubClient(cancellation);
        }
        catch (UsageException)
        {
            return new InputLook(Check.Skipped(Id, $"not tried: see {HubTokenCheck.Id}"));
        }

        using (hub)
        {
            try
            {
                return Read(subject, hub, HubLocation.Parse(subject.Input!));
            }
            catch (StackmillException fault)
            {
                cancellation.ThrowIfCancellationRequested();
                return new InputLook(Refused(subject, hub, fault))
                {
                    NeedsToken = fault.InnerException switch
                    {
                        HttpAnswerException { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => true,
                        HttpAnswerException { Status: HttpStatusCode.NotFound } => false,
                        _ => null,
                    },
                };
            }
        }
    }

    private static Check Refused(DoctorSubject subject, HubClient hub, StackmillException fault)
    {
        if (fault.InnerException is not HttpAnswerException { Code: HubFaults.Gated })
            return Check.Wrong(Id, Need.Required, fault);
        var dataset = HubLocation.Parse(subject.Input!).Dataset;
        return Check.Wrong(
            Id, Need.Required,
            $"{dataset} is gated, and {(hub.TokenSource is { } source ? $"the account of the token from {source} has no access" : "no access token was found")}",
            $"accept its terms with the account of your token: {hub.Endpoint}/datasets/{dataset}");
    }

    private static InputLook Read(DoctorSubject subject, HubClient hub, HubLocation location)
    {
        var dataset = hub.Pin(location.Dataset, location.Revision);
        var needsToken = dataset.IsGated || dataset.IsPrivate;
        var what = $"{dataset.Id}@{dataset.Revision} is commit {dataset.Commit[..12]}{(dataset.IsGated ? ", gated" : dataset.IsPrivate ? ", private" : "")}";
        if (hub.First(dataset, location.Path) is not { } file)
            return new InputLook(Check.Wrong(Id, Need.Required, $"{what}: there is no file{(location.Path.Length > 0 ? $" in '{location.Path}'" : "")}", $"see what is there: {hub.Endpoint}/datasets/{dataset.Id}/tree/{dataset.Commit}")) { NeedsToken = needsToken };

        var began = subject.Clock.GetTimestamp();
        var tail = new byte[(int)Math.Min(TailBytes, file.Length)];
        using (var stream = file.OpenSeekable())
        {
            stream.Position = file.Length - tail.Length;
            stream.ReadExactly(tail);
        }

        var time = subject.Clock.GetElapsedTime(began).TotalMilliseconds;
        var found = $"{what}: read {SizeText.FormatRounded(hub.BytesTransferred)} of {file.RelativePath} in {time:F0} ms";
        var look = new InputLook(Check.Ok(Id, found, ("read_ms", Math.Round(time, 1)))) { NeedsToken = needsToken };
        if (file.RelativePath.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            if (!tail.AsSpan().EndsWith("PAR1"u8))
                return look with { Check = Check.Wrong(Id, Need.Required, $"{what}: {file.RelativePath} does not end as Parquet does", "name another revision with --revision, or another dataset") };
            look = look with { DescribesFiles = RunSource.DescribesFiles([file], subject.Options) };
        }
        else
        {
            look = look with { DescribesFiles = false };
        }

        return dataset.IsRenamed
            ? look with { Check = Check.Warning(Id, $"{dataset.RequestedId} is called {dataset.Id} now; {found}", $"name it so: --dataset {dataset.Id}") }
            : look;
    }
}
