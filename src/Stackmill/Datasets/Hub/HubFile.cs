using System.Net;
using System.Net.Http.Headers;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Storage;
using Stackmill.Shared.Http;

namespace Stackmill.Datasets.Hub;

/// <summary>
/// A file of a dataset at one commit. The Hub sends the way to its bytes: a redirect to a storage host, signed for some time, which is kept
/// and asked for again when it is a few minutes old or refused. Several threads may open streams of it.
/// </summary>
internal sealed class HubFile : SourceFile
{
    // Signed addresses are good for an hour as a rule; one that is renewed well before needs no look into its signature.
    private static readonly TimeSpan LocationLifetime = TimeSpan.FromMinutes(4);

    private readonly HubHttp _http;
    private readonly HubFaults _faults;
    private readonly HubEntry _entry;
    private readonly HubSubject _subject;
    private readonly Uri _resolve;
    private readonly Lock _lock = new();
    private Uri? _location;
    private long _locationSince;
    private EntityTagHeaderValue? _entityTag;
    private string? _entityTagOf;

    /// <summary>A file as the Hub lists it; nothing is asked yet.</summary>
    public HubFile(HubHttp http, HubFaults faults, HubDataset dataset, HubEntry entry)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(dataset);
        (_http, _faults, _entry, Dataset) = (http, faults, entry, dataset);
        _subject = new HubSubject(dataset.Id, dataset.Commit, entry.Path);
        _resolve = new Uri($"{http.Base}/datasets/{dataset.Id}/resolve/{dataset.Commit}/{HubAnswers.Encode(entry.Path)}");
        Name = $"hf://datasets/{dataset.Id}@{dataset.Commit[..12]}/{entry.Path}";
    }

    /// <summary>The dataset it belongs to.</summary>
    public HubDataset Dataset { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string RelativePath => _entry.Path;

    /// <inheritdoc/>
    public override long Length => _entry.Length;

    /// <summary>SHA-256 of the bytes for files in large file storage, else Git's id of the blob.</summary>
    public override string Tag => _entry.ContentHash is { } hash ? $"sha256:{hash}" : $"git:{_entry.GitId}";

    /// <summary>Holds its bytes against the hash that the Hub lists; <c>null</c> where it lists none.</summary>
    public HubHash? Hash() => HubHash.Of(_entry);

    /// <summary>The fault of bytes that are not those of the list.</summary>
    public ShardFaultException OtherBytes(HubHash hash) =>
        new($"'{Name}' has other bytes than the Hub lists: {hash.Algorithm} {hash.Found} instead of {hash.Expected}. Its storage host or a proxy has changed them; check the proxy and hub.endpoint, and run again.");

    /// <inheritdoc/>
    public override Stream OpenSeekable() => new HubStream(this);

    /// <inheritdoc/>
    public override Stream OpenSequential(long start = 0) => new HubSequentialStream(this, start);

    /// <summary>Runs a transfer with the retries and limits of the client, and turns its faults into messages.</summary>
    /// <exception cref="ShardFaultException">It failed for good.</exception>
    public T Run<T>(Func<T> work)
    {
        try
        {
            return _http.Run(work);
        }
        catch (Exception fault) when (fault is HttpAnswerException or UnusableAnswerException or HttpRequestException or IOException or TimeoutException or OperationCanceledException { InnerException: TimeoutException })
        {
            throw _faults.AtWork(fault, _subject, _http.IsGone(fault));
        }
    }

    /// <summary>Counts bytes of a body.</summary>
    public void Count(int bytes) => _http.Count(bytes);

    /// <summary>Opens the bytes from <paramref name="from"/> up to <paramref name="to"/> (not with it), once, without retries.</summary>
    /// <exception cref="HttpAnswerException">The Hub or the storage host doesn't give them.</exception>
    /// <exception cref="UnusableAnswerException">They are others than before, or ranges aren't known there.</exception>
    public HttpResponseMessage Open(long from, long to)
    {
        var range = new RangeHeaderValue(from, to - 1);
        if (Known() is { } known)
        {
            var direct = _http.Get(known.Location, range, known.EntityTag);
            // Whatever the storage host says to an address that was good before, a new one is asked for first.
            if (direct.Response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone))
                return Checked(direct, from, to, known.EntityTag);
            direct.Response.Dispose();
            Forget(known.Location);
        }

        var answer = _http.Get(_resolve, range);
        if (answer.Response.IsSuccessStatusCode && !_http.IsEndpoint(answer.Address))
            Remember(answer.Address);
        return Checked(answer, from, to, null);
    }

    private HttpResponseMessage Checked(HubAnswer answer, long from, long to, EntityTagHeaderValue? sent)
    {
        var response = answer.Response;
        try
        {
            var tag = response.Headers.ETag;
            if (_entry.ContentHash is { } hash && answer.LinkedTag is { Length: 64 } linked && !linked.Equals(hash, StringComparison.OrdinalIgnoreCase))
                throw Changed($"its hash is {linked[..12]}… instead of {hash[..12]}…");
            switch (response.StatusCode)
            {
                case HttpStatusCode.PartialContent:
                    var got = response.Content.Headers.ContentRange;
                    if (got?.Length is { } length && length != Length)
                        throw Changed($"it has {length} bytes instead of {Length}");
                    if (got is null || got.Unit != "bytes" || got.From != from || got.To != to - 1)
                        throw new UnusableAnswerException($"{Name}: {HttpAnswerException.Show(answer.Address)} sent the range '{got?.ToString() ?? "(none)"}'. Expected bytes {from}-{to - 1}/{Length}; check the proxy.");
                    break;
                case HttpStatusCode.OK:
                    if (response.Content.Headers.ContentLength is { } whole && whole != Length)
                        throw Changed($"it has {whole} bytes instead of {Length}");
                    if (sent is not null && tag is not null && !Same(tag, sent))
                        throw Changed("its entity tag is another one");
                    if (from != 0)
                        throw new UnusableAnswerException($"{Name}: {HttpAnswerException.Show(answer.Address)} sent the whole file where bytes {from}-{to - 1} were asked for. Expected a server that knows ranges; check hub.endpoint and the proxy, or fetch the file and read it from this disk.");
                    break;
                case HttpStatusCode.RequestedRangeNotSatisfiable:
                    throw Changed($"it ends before byte {from}; the Hub lists {Length} bytes");
                default:
                    throw HttpAnswerException.Of(response, answer.Address, _http.Clock);
            }

            CheckEntityTag(answer.Address, tag);
            return response;
        }
        catch (Exception fault) when (fault is HttpAnswerException or UnusableAnswerException or IOException)
        {
            response.Dispose();
            throw;
        }
    }

    // Entity tags belong to one address (the storage host's differ from the Hub's): another address begins anew.
    private void CheckEntityTag(Uri address, EntityTagHeaderValue? tag)
    {
        if (tag is null)
            return;
        var of = HttpAnswerException.Show(address);
        lock (_lock)
        {
            if (_entityTagOf == of && _entityTag is not null && !Same(_entityTag, tag))
                throw Changed("its entity tag is another one");
            (_entityTagOf, _entityTag) = (of, tag);
        }
    }

    private UnusableAnswerException Changed(string what) =>
        new($"{Name} changed while it was read: {what}. Expected the bytes of commit {Dataset.Commit}; check the proxy and hub.endpoint, and run again.");

    private (Uri Location, EntityTagHeaderValue? EntityTag)? Known()
    {
        lock (_lock)
        {
            if (_location is null || _http.Clock.GetElapsedTime(_locationSince) > LocationLifetime)
                return null;
            // A weak tag may not be sent with a range (RFC 9110 section 13.1.5).
            var tag = _entityTagOf == HttpAnswerException.Show(_location) && _entityTag is { IsWeak: false } ? _entityTag : null;
            return (_location, tag);
        }
    }

    private void Remember(Uri location)
    {
        lock (_lock)
            (_location, _locationSince) = (location, _http.Clock.GetTimestamp());
    }

    private void Forget(Uri location)
    {
        lock (_lock)
        {
            if (_location == location)
                _location = null;
        }
    }

    private static bool Same(EntityTagHeaderValue a, EntityTagHeaderValue b) => a.Tag == b.Tag;
}
