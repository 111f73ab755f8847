using System.Net;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;
using Stackmill.Shared.Http;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether there is an access token for the Hub, where it comes from, and whose it is.</summary>
internal static class HubTokenCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "hub-token";

    /// <summary>Asks the Hub who the token belongs to; <c>null</c> when there is none.</summary>
    public static Check? Run(DoctorSubject subject, CancellationToken cancellation)
    {
        if (subject.Hub == Need.None)
            return Check.Skipped(Id, subject.WhyNoHub);
        try
        {
            using var hub = subject.HubClient(cancellation);
            return hub.TokenSource is { } source ? WhoAmI(hub, source, subject.Hub, cancellation) : null;
        }
        catch (UsageException fault)
        {
            return Check.Wrong(Id, subject.Hub, fault);
        }
    }

    /// <summary>There is no token.</summary>
    /// <param name="subject">What is examined.</param>
    /// <param name="isNeeded">Whether the dataset asks for one; <c>null</c> when that is not known.</param>
    public static Check Missing(DoctorSubject subject, bool? isNeeded)
    {
        using var hub = subject.HubClient(CancellationToken.None);
        var remedy = $"make one at {hub.Endpoint}/settings/tokens, then: export HF_TOKEN=hf_…";
        return (subject.Hub, isNeeded) switch
        {
            (Need.Required, true) => Check.Wrong(Id, Need.Required, "none found, and the dataset asks for one", remedy),
            (Need.Required, false) => Check.Skipped(Id, "none found, and none needed: the dataset is open to all"),
            (Need.Required, null) => Check.Warning(Id, "none found", remedy),
            _ => Check.Skipped(Id, "none found; gated datasets such as The Stack v2 need one", remedy),
        };
    }

    private static Check WhoAmI(HubClient hub, string source, Need need, CancellationToken cancellation)
    {
        try
        {
            var account = hub.WhoAmI();
            return Check.Ok(Id, $"{account.Name}{(account.Role is { } role ? $" ({role})" : "")}, from {source}");
        }
        catch (UsageException fault) when (fault.InnerException is HttpAnswerException { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden })
        {
            return Check.Wrong(Id, need, $"{hub.Endpoint} refuses the token from {source}: it is wrong, expired or revoked", $"make a new one at {hub.Endpoint}/settings/tokens, then: export HF_TOKEN=hf_…");
        }
        catch (StackmillException fault)
        {
            cancellation.ThrowIfCancellationRequested();
            // Why the Hub does not answer is told by the dataset's own check, where there is one; a mirror need not know accounts.
            var cause = Check.Wrong(Id, Need.Optional, fault);
            var found = $"there is one, from {source}; whose, {hub.Endpoint} did not tell";
            return need == Need.Required ? Check.Warning(Id, found, null) : cause with { Found = $"{found}: {cause.Found}" };
        }
    }
}
