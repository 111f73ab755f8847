using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What arrived is not what the server keeps; asking again may help.</summary>
internal sealed class DamagedTransferException(string message) : IOException(message);

/// <summary>
/// Tells faults of object storage apart and into words. Only codes, headers and names that the user gave are repeated: texts of
/// servers are left out where they can hold a key's id or the signed request.
/// </summary>
internal static class StoreFaults
{
    private static readonly HashSet<string> TransientCodes = new(StringComparer.Ordinal)
    {
        "SlowDown", "Throttling", "ThrottlingException", "RequestTimeout", "RequestTimeoutException", "InternalError", "ServiceUnavailable",
        "BadDigest", "IncompleteBody", "OperationAborted", "TooManyRequests",
    };

    /// <summary>True when the same request may succeed later. <paramref name="cancellation"/> tells a time-out from a stopped run.</summary>
    public static bool IsTransient(Exception fault, CancellationToken cancellation) => fault switch
    {
        DamagedTransferException or TimeoutException => true,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        AmazonServiceException service when (int)service.StatusCode is >= 400 =>
            (int)service.StatusCode is 408 or 429 or 500 or 502 or 503 or 504 || TransientCodes.Contains(service.ErrorCode ?? ""),
        _ => IsNetwork(fault),
    };

    /// <summary>True when the fault comes from the connection, not from this machine's files.</summary>
    public static bool IsNetwork(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
        {
            if (e is HttpRequestException or SocketException or HttpIOException or WebException)
                return true;
        }

        return false;
    }

    /// <summary>True when a condition on the object did not hold: somebody else has written it.</summary>
    public static bool IsConflict(AmazonServiceException fault) =>
        fault.StatusCode == HttpStatusCode.PreconditionFailed || fault.ErrorCode is "PreconditionFailed" or "ConditionalRequestConflict";

    /// <summary>True when the object (not the bucket) is not there.</summary>
    public static bool IsMissing(AmazonServiceException fault) => fault.StatusCode == HttpStatusCode.NotFound && fault.ErrorCode != "NoSuchBucket";

    /// <summary>The fault in words, as the exception to throw.</summary>
    /// <param name="fault">What the client threw.</param>
    /// <param name="action">What was being done, e.g. <c>read</c>.</param>
    /// <param name="place">Address that it was done to.</param>
    /// <param name="endpoint">Host that was asked.</param>
    /// <param name="credentials">Where the credentials come from, without their values.</param>
    /// <param name="now">This machine's time.</param>
    public static StackmillException Explain(Exception fault, string action, string place, string endpoint, string credentials, DateTimeOffset now)
    {
        var begin = $"can't {action} '{place}' at {endpoint}: ";
        if (fault is not AmazonServiceException service || service.StatusCode == 0)
            return Unreachable(fault, begin);
        var code = service.ErrorCode ?? "";
        var status = $"HTTP {(int)service.StatusCode}{(IsPlain(code) ? " " + code : "")}";
        if (code == "NoSuchBucket")
            return new UsageException($"{begin}there is no such bucket ({status}). Check the bucket's name and storage.endpoint, or make the bucket first.", fault);
        if (code is "SignatureDoesNotMatch" or "InvalidAccessKeyId" or "InvalidToken" or "ExpiredToken" or "TokenRefreshRequired")
        {
            var why = code switch
            {
                "InvalidAccessKeyId" => "the server does not know the access key",
                "SignatureDoesNotMatch" => "the secret key does not fit the access key",
                _ => "the session's token is invalid or has expired",
            };
            return new RunFaultException($"{begin}{why} ({status}; credentials: {credentials}). Renew the credentials there, or choose others with storage.profile.", fault);
        }

        if (code is "RequestTimeTooSkewed" or "RequestExpired")
            return new RunFaultException($"{begin}this machine's clock and the server's differ{Difference(service, now)} ({status}). Set the clock right; signed requests may differ by 15 minutes at most.", fault);
        if (Region(service, code) is { } region)
            return new RunFaultException($"{begin}the bucket lies in {region} ({status}). Set storage.region to its region (and storage.endpoint, when it is given).", fault);
        if (service.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return new RunFaultException(
                $"{begin}access is denied ({status}; credentials: {credentials}). The identity needs the right to {action} there; a bucket whose readers pay needs storage.request_payer: true, a public one may need storage.unsigned: true.", fault);
        }

        if (IsConflict(service))
            return new RunFaultException($"{begin}it changed meanwhile ({status}). Run it again.", fault);
        if (service.StatusCode == HttpStatusCode.NotFound)
            return new RunFaultException($"{begin}it is not there (any more) ({status}). Check the address, and run it again.", fault);
        if (IsTransient(fault, CancellationToken.None))
            return new RunFaultException($"{begin}the server was asked {ObjectStore.Attempts} times and still answered {status}. Run it again later; what was transferred is kept. A lower storage.concurrency spares the server.", fault);
        return new RunFaultException($"{begin}the server answered {status}. Check storage.endpoint, and the server's log{(service.RequestId is { Length: > 0 } id && IsPlain(id) ? $" for the request {id}" : "")}.", fault);
    }

    private static RunFaultException Unreachable(Exception fault, string begin)
    {
        for (var e = fault; e is not null; e = e.InnerException)
        {
            if (e is DamagedTransferException)
                return new RunFaultException($"{begin}{e.Message}, {ObjectStore.Attempts} times. The object or the way to it is damaged; publish the object again.", fault);
            if (e is SocketException socket)
                return new RunFaultException($"{begin}no connection ({socket.SocketErrorCode}) in {ObjectStore.Attempts} attempts. Check storage.endpoint and the network; what was transferred is kept.", fault);
        }

        return new RunFaultException($"{begin}no whole answer in {ObjectStore.Attempts} attempts ({fault.GetType().Name}). Check storage.endpoint and the network; what was transferred is kept.", fault);
    }

    private static string? Region(AmazonServiceException fault, string code)
    {
        if (code is not ("PermanentRedirect" or "AuthorizationHeaderMalformed" or "TemporaryRedirect" or "IllegalLocationConstraintException") && fault.StatusCode != HttpStatusCode.MovedPermanently)
            return null;
        var named = Header(fault, "x-amz-bucket-region");
        return named is { Length: > 0 } && IsPlain(named) ? $"the region '{named}'" : "another region";
    }

    private static string Difference(AmazonServiceException fault, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(Header(fault, "Date"), out var server))
            return "";
        var difference = now - server;
        return $" by {Math.Abs(difference.TotalMinutes):F0} minutes (this one is {(difference > TimeSpan.Zero ? "ahead" : "behind")})";
    }

    private static string? Header(AmazonServiceException fault, string name) =>
        fault.InnerException is HttpErrorResponseException { Response: { } answer } && answer.IsHeaderPresent(name) ? answer.GetHeaderValue(name) : null;

    private static bool IsPlain(string text) => text.Length is > 0 and <= 80 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
