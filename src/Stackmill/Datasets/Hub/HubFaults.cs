using System.Globalization;
using System.Net;
using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Shared;
using Stackmill.Shared.Http;

namespace Stackmill.Datasets.Hub;

/// <summary>What a request was about.</summary>
/// <param name="Dataset"><c>owner/name</c>, or <c>null</c>.</param>
/// <param name="Revision">Branch, tag or commit, or <c>null</c>.</param>
/// <param name="Path">File or folder, or <c>null</c>.</param>
internal readonly record struct HubSubject(string? Dataset, string? Revision, string? Path);

/// <summary>
/// Turns faults of requests into messages: what was found, where, what was expected, what to do. Codes are the Hub's own
/// (header <c>X-Error-Code</c>); its 401 stands for a missing token, a wrong one, and a dataset that doesn't exist or is private.
/// </summary>
internal sealed class HubFaults(HubHttp http)
{
    /// <summary>Code for a dataset that was taken away.</summary>
    public const string Disabled = "DisabledRepo";

    /// <summary>Code for a dataset whose terms this account has not accepted.</summary>
    public const string Gated = "GatedRepo";

    /// <summary>Code for a path that doesn't exist in a revision.</summary>
    public const string EntryNotFound = "EntryNotFound";

    // What the Hub says where it gives no code of its own for it.
    private const string SaysDisabled = "Access to this resource is disabled";

    private static readonly string[] KnownDatasets =
    [
        "bigcode/the-stack-v2", "bigcode/the-stack-v2-dedup", "bigcode/the-stack-v2-train-full-ids", "bigcode/the-stack-v2-train-smol-ids",
        "bigcode/the-stack", "bigcode/the-stack-dedup", "bigcode/the-stack-smol", "bigcode/starcoderdata",
        "HuggingFaceCode/stack-v3-train", "codeparrot/github-code", "codeparrot/github-code-clean",
    ];

    /// <summary>What to do where a token is missing.</summary>
    public static string HowToSetToken(string endpoint) =>
        $"Make a token with the right to read at {endpoint}/settings/tokens, and give it by --token, HF_TOKEN or the Hub client's token file.";

    /// <summary>A fault before work begins.</summary>
    public StackmillException AtStart(Exception fault, HubSubject subject)
    {
        var message = Message(fault, subject);
        return fault is HttpAnswerException answer && RetryPolicy.IsPassing(answer.Status) || fault is not (HttpAnswerException or UnusableAnswerException or JsonException)
            ? new RunFaultException(message, fault)
            : new UsageException(message, fault);
    }

    /// <summary>A fault during work: of one file, or of all that is still to come.</summary>
    public StackmillException AtWork(Exception fault, HubSubject subject, bool isGone) => isGone
        ? new RunFaultException($"{Message(fault, subject)} The files before it failed likewise, so the run has stopped; what was finished is kept.", fault)
        : new ShardFaultException(Message(fault, subject), fault);

    /// <summary>A folder or file that isn't there.</summary>
    public UsageException NoEntry(HubSubject subject, string? nearest) =>
        new($"Dataset '{subject.Dataset}' has no '{subject.Path}' at revision {Short(subject.Revision)}.{Meant(nearest)} Capitals count; {Page(subject)}/tree/{subject.Revision} shows what is there.");

    private string Message(Exception fault, HubSubject subject)
    {
        var message = fault switch
        {
            UnusableAnswerException => fault.Message,
            JsonException => $"{http.Base} answered in another form than the Hub: {Form(fault)}{About(subject)}. Expected the Hub's API; check hub.endpoint ({http.EndpointSource}) and the proxy.",
            HttpAnswerException answer => OfAnswer(answer, subject),
            _ => $"The Hub at {http.Base} could not be reached in {Attempts()}{About(subject)}: {Cause(fault)}. Expected an answer; check the network, the proxy (HTTPS_PROXY) and the address ({http.EndpointSource}), and run again: finished work is kept.",
        };
        // A server may echo what it was sent.
        return http.Token is null ? message : message.Replace(http.Token.Secret, "(token)", StringComparison.Ordinal);
    }

    private string OfAnswer(HttpAnswerException answer, HubSubject subject) => answer switch
    {
        { Code: Gated } => OfGated(answer, subject),
        { Code: Disabled } or { Says: SaysDisabled } =>
            $"Dataset '{subject.Dataset}' is disabled at {http.Base}. Its owner or the Hub has closed it: {Page(subject)} may say why; choose another dataset.",
        { Code: "RevisionNotFound" } =>
            $"Dataset '{subject.Dataset}' at {http.Base} has no revision '{subject.Revision}'. Expected a branch, tag or commit; {Page(subject)}/commits/main shows the commits.",
        { Code: EntryNotFound } => NoEntry(subject, null).Message,
        { Code: "RepoNotFound" } => NotFound(answer, subject),
        { Status: HttpStatusCode.NotFound } when subject is { Dataset: not null, Path: null } => NotFound(answer, subject),
        { Status: HttpStatusCode.Unauthorized } when http.Token is null =>
            $"{answer.Address} asks for an access token, and none was found{Says(answer)}. {HowToSetToken(http.Base)}",
        { Status: HttpStatusCode.Unauthorized } =>
            $"The Hub at {http.Base} refused the access token from {http.Token.Source}{Says(answer)}. It is wrong, expired or revoked: put a new one there, made at {http.Base}/settings/tokens.",
        { Status: HttpStatusCode.Forbidden } =>
            $"{answer.Address} refused access{About(subject)}{Says(answer)}. {(http.Token is null ? HowToSetToken(http.Base) : $"The token from {http.Token.Source} lacks the right to read it: give it that right at {http.Base}/settings/tokens (a fine-grained token needs access to public gated repositories).")}",
        { Status: HttpStatusCode.TooManyRequests } => Limited(answer),
        { Status: HttpStatusCode.UnavailableForLegalReasons } =>
            $"{answer.Address} withholds it for legal reasons (451){About(subject)}{Says(answer)}. It has been taken down there: {Page(subject)} may say why; leave it out, or choose another dataset.",
        _ when RetryPolicy.IsPassing(answer.Status) =>
            $"{answer.Address} answered {(int)answer.Status} in {Attempts()}{About(subject)}{Says(answer)}. This passes as a rule: run again later (finished work is kept), or raise hub.retries.",
        _ => $"{answer.Address} answered {(int)answer.Status}{About(subject)}{Says(answer)}. Expected the file or list that was asked for; check hub.endpoint ({http.EndpointSource}) and the proxy.",
    };

    private string OfGated(HttpAnswerException answer, HubSubject subject) => http.Token is null
        ? $"Dataset '{subject.Dataset}' is gated, and no access token was found. Open {Page(subject)} and accept the terms. {HowToSetToken(http.Base)}"
        : $"Dataset '{subject.Dataset}' is gated, and the account of the token from {http.Token.Source} has no access{Says(answer)}. Open {Page(subject)}, accept the terms with the account of this token, wait for approval where the page asks for it, and run again.";

    private string NotFound(HttpAnswerException answer, HubSubject subject)
    {
        var nearest = subject.Dataset is null || KnownDatasets.Contains(subject.Dataset) ? null : NearestName.Find(subject.Dataset, KnownDatasets);
        var seen = http.Token is null
            ? $"Dataset '{subject.Dataset}' was not found at {http.Base}, or it is private and no access token was found{Says(answer)}."
            : $"Dataset '{subject.Dataset}' was not found at {http.Base}, or the account of the token from {http.Token.Source} may not see it{Says(answer)}.";
        return $"{seen}{Meant(nearest)} Check owner and name (capitals count).{(http.Token is null ? $" If it is private: {HowToSetToken(http.Base)}" : "")}";
    }

    private string Limited(HttpAnswerException answer)
    {
        var wait = answer.Wait is { } time ? $"Wait {Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture)} s" : "Wait five minutes";
        var more = http.Token is null ? $" The limits are higher with a token. {HowToSetToken(http.Base)}" : " A lower hub.concurrency asks less often.";
        return $"{answer.Address} limits the number of requests (429 in {Attempts()}{Says(answer)}). {wait} and run again: finished work is kept.{more}";
    }

    private string Attempts() => http.Retries == 0 ? "1 attempt" : $"{http.Retries + 1} attempts";

    private string Page(HubSubject subject) => $"{http.Base}/datasets/{subject.Dataset}";

    private static string About(HubSubject subject) => subject switch
    {
        { Dataset: null } => "",
        { Path: null or "" } => $" for dataset '{subject.Dataset}'",
        _ => $" for '{subject.Path}' of dataset '{subject.Dataset}'",
    };

    private static string Says(HttpAnswerException answer) => string.IsNullOrEmpty(answer.Says) ? "" : $" ({(int)answer.Status}: {answer.Says})";

    private static string Meant(string? nearest) => nearest is null ? "" : $" Did you mean '{nearest}'?";

    private static string Short(string? revision) => revision is { Length: 40 } ? revision[..12] : revision ?? HubClient.DefaultRevision;

    // The parser's own exceptions are of a type derived from the public one, which our own checks throw with the name of what is missing.
    private static string Form(Exception fault) => fault.GetType() == typeof(JsonException) ? $"without {fault.Message}" : "no JSON";

    // The outer message of a connection's fault says little; the innermost one says what the system said.
    private static string Cause(Exception fault)
    {
        while (fault.InnerException is not null)
            fault = fault.InnerException;
        return fault.Message.TrimEnd('.');
    }
}
