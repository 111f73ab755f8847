using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Polly;
using Stackmill.Core.Faults;
using Stackmill.Core.Options;
using Stackmill.Shared.Http;

namespace Stackmill.Datasets.Hub;

/// <summary>An answer after all redirects. Disposing it ends the transfer.</summary>
/// <param name="Response">The last answer, whatever its status; its body is not read yet.</param>
/// <param name="Address">Who gave it.</param>
/// <param name="LinkedTag">Hash of the whole file that a redirect told (<c>X-Linked-Etag</c>), without quotes.</param>
internal readonly record struct HubAnswer(HttpResponseMessage Response, Uri Address, string? LinkedTag);

/// <summary>
/// Requests to the Hub. The token goes to the endpoint's own scheme, host and port only: redirects are followed by hand, and once one
/// has led away no further request carries it. Safe for several threads.
/// </summary>
internal sealed class HubHttp : IDisposable
{
    /// <summary>The Hub that everybody uses.</summary>
    public const string PublicEndpoint = "https://huggingface.co";

    // The Hub needs two (a renamed dataset, then the storage host); a mirror one more.
    private const int MostRedirects = 6;

    // Requests in a row that failed in all their attempts: it is not single files then.
    private const int FailuresToStop = 4;

    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retries;
    private readonly SemaphoreSlim _slots;
    private readonly Action<string>? _waits;
    private readonly CancellationToken _cancellation;
    private long _bytes;
    private long _requests;
    private int _failures;
    private readonly HubCounts _counts = new();

    /// <exception cref="UsageException">Endpoint or token can't be one.</exception>
    public HubHttp(HubOptions options, Func<string, string?> environment, RetrySettings? retries, Action<string>? waits, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Endpoint, EndpointSource) = FindEndpoint(options, environment);
        Base = Endpoint.AbsoluteUri.TrimEnd('/');
        Token = HubToken.Find(options, environment);
        retries = (retries ?? new RetrySettings { Retries = options.Retries }) with { OnRetry = Tell };
        (Retries, Clock, _waits, _cancellation) = (retries.Retries, retries.Clock, waits, cancellation);
        _retries = RetryPolicy.Create(retries);
        _slots = new SemaphoreSlim(options.Concurrency, options.Concurrency);
        _http = HttpTransport.Create(TimeSpan.FromSeconds(options.TimeoutSeconds));
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("stackmill", typeof(HubHttp).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>The Hub's address.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where the address was found.</summary>
    public string EndpointSource { get; }

    /// <summary>The Hub's address without a slash at its end.</summary>
    public string Base { get; }

    /// <summary>The token, where there is one.</summary>
    public HubToken? Token { get; }

    /// <summary>Further attempts.</summary>
    public int Retries { get; }

    /// <summary>The clock of waits and of signed addresses.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Bytes of files received so far.</summary>
    public long BytesTransferred => Interlocked.Read(ref _bytes);

    /// <summary>Requests sent so far, redirects and repeated ones among them.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>What was asked and how it went, for metrics.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counts => _counts.With(BytesTransferred);

    /// <summary>Runs work within one of the allowed requests at once, and again when it failed for a passing reason.</summary>
    /// <exception cref="OperationCanceledException">The run stops.</exception>
    public T Run<T>(Func<T> work)
    {
        _slots.Wait(_cancellation);
        try
        {
            var result = _retries.Execute(_ => work(), _cancellation);
            Interlocked.Exchange(ref _failures, 0);
            return result;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Counts a request that failed in all its attempts, and tells whether so many have in a row that going on is no use.</summary>
    public bool IsGone(Exception fault) =>
        fault is not (UnusableAnswerException or HttpAnswerException { Status: HttpStatusCode.NotFound or HttpStatusCode.Gone }) && Interlocked.Increment(ref _failures) >= FailuresToStop;

    /// <summary>Counts bytes of a body.</summary>
    public void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Asks once, without retries, and follows redirects.</summary>
    /// <param name="address">Where to begin.</param>
    /// <param name="range">Bytes wanted, or <c>null</c> for all.</param>
    /// <param name="entityTag">Send a range only if the file still has this strong entity tag.</param>
    /// <exception cref="UnusableAnswerException">A redirect goes in circles, away from https, or nowhere.</exception>
    public HubAnswer Get(Uri address, RangeHeaderValue? range = null, EntityTagHeaderValue? entityTag = null)
    {
        var first = address;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var trusted = IsEndpoint(address);
        string? linkedTag = null;
        while (true)
        {
            if (!seen.Add(address.AbsoluteUri) || seen.Count > MostRedirects)
                throw new UnusableAnswerException($"{HttpAnswerException.Show(first)} leads in circles: {seen.Count} redirects, the last one to {HttpAnswerException.Show(address)}. Expected at most {MostRedirects}; check hub.endpoint ({EndpointSource}) and the proxy.");
            var response = Send(address, trusted, range, entityTag);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return new HubAnswer(response, address, linkedTag);
            using (response)
            {
                linkedTag ??= HttpAnswerException.Header(response, "X-Linked-Etag")?.Trim('"');
                address = Next(address, HttpAnswerException.Header(response, "Location"));
                trusted &= IsEndpoint(address);
            }
        }
    }

    /// <summary>True if an address lies on the endpoint's own scheme, host and port.</summary>
    public bool IsEndpoint(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Scheme == Endpoint.Scheme && address.Port == Endpoint.Port && address.IdnHost.Equals(Endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _slots.Dispose();
    }

    private HttpResponseMessage Send(Uri address, bool withToken, RangeHeaderValue? range, EntityTagHeaderValue? entityTag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = range;
        if (entityTag is not null)
            request.Headers.IfRange = new RangeConditionHeaderValue(entityTag);
        if (withToken && Token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token.Secret);
        Interlocked.Increment(ref _requests);
        HttpResponseMessage? response = null;
        try
        {
            return response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead, _cancellation);
        }
        finally
        {
            _counts.Asked(IsEndpoint(address), response?.StatusCode);
        }
    }

    private static Uri Next(Uri from, string? location)
    {
        var shown = HttpAnswerException.Show(from);
        // A signed address is sent back as it came: another spelling of the same characters may not fit its signature.
        var exact = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = location.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 };
        if (location is null || !(Uri.TryCreate(location, exact, out var next) && next.IsAbsoluteUri && next.Scheme != Uri.UriSchemeFile || Uri.TryCreate(from, location, out next)))
            throw new UnusableAnswerException($"{shown} answered with a redirect without a usable address. Expected a Location header; check the endpoint and the proxy.");
        if (next.Scheme != Uri.UriSchemeHttps && (next.Scheme != Uri.UriSchemeHttp || from.Scheme == Uri.UriSchemeHttps))
            throw new UnusableAnswerException($"{shown} redirects to {HttpAnswerException.Show(next)}, from {from.Scheme} to {next.Scheme}: refused, as others could read or change what is sent. Check the endpoint and the proxy.");
        return next.UserInfo.Length == 0
            ? next
            : throw new UnusableAnswerException($"{shown} redirects to {HttpAnswerException.Show(next)} with a user name in the address: refused. Check the endpoint and the proxy.");
    }

    private static (Uri Endpoint, string Source) FindEndpoint(HubOptions options, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var (text, source) = (options.Endpoint.Trim(), "hub.endpoint");
        if (text.Length == 0)
            (text, source) = (environment("HF_ENDPOINT")?.Trim() ?? "", "HF_ENDPOINT");
        if (text.Length == 0)
            (text, source) = (PublicEndpoint, "the default");
        if (WebAddress.Problem(text) is null)
            return (new Uri(text), source);
        // The address itself is not told: one with a user or a query may hold a password.
        throw new UsageException($"The Hub's address from {source} can't be used. Expected http:// or https:// with a host, without user, query and fragment, such as {PublicEndpoint}.");
    }

    private void Tell(RetryNotice notice)
    {
        _counts.AskedAgain();
        _waits?.Invoke(string.Create(CultureInfo.InvariantCulture, $"attempt {notice.Attempt} of {Retries + 1} failed ({notice.Cause.TrimEnd('.')}); the next one in {notice.Wait.TotalSeconds:0.0} s"));
    }
}
