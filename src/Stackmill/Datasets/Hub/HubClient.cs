using System.Net;
using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Shared;
using Stackmill.Shared.Http;

namespace Stackmill.Datasets.Hub;

/// <summary>
/// Reads datasets of the Hugging Face Hub: the commit behind a name, its files, and their bytes by ranges. Safe for several threads.
/// Forms of requests and answers: the Hub's own API (https://huggingface.co/docs/hub/api).
/// </summary>
internal sealed class HubClient : IDisposable
{
    /// <summary>The default branch.</summary>
    public const string DefaultRevision = "main";

    private const int MostAnswerBytes = 64 << 20;

    private readonly HubHttp _http;
    private readonly HubFaults _faults;

    /// <summary>Nothing is asked yet.</summary>
    /// <param name="options">The section <c>hub</c>.</param>
    /// <param name="environment">Gives an environment variable's value or <c>null</c>; <c>null</c> for the process's own.</param>
    /// <param name="retries">Delays and clock, for tests; <c>null</c> for the usual ones with the configured number of attempts.</param>
    /// <param name="waits">Hears of waits, one sentence each.</param>
    /// <param name="cancellation">Ends requests and waits.</param>
    /// <exception cref="UsageException">Endpoint or token can't be one.</exception>
    public HubClient(
        HubOptions options, Func<string, string?>? environment = null, RetrySettings? retries = null, Action<string>? waits = null, CancellationToken cancellation = default)
    {
        _http = new HubHttp(options, environment ?? Environment.GetEnvironmentVariable, retries, waits, cancellation);
        _faults = new HubFaults(_http);
    }

    /// <summary>The Hub's address, without a slash at its end.</summary>
    public string Endpoint => _http.Base;

    /// <summary>Where the token was found, or <c>null</c> when there is none.</summary>
    public string? TokenSource => _http.Token?.Source;

    /// <summary>Bytes of files received so far, repeated ones among them; answers of the API are not counted.</summary>
    public long BytesTransferred => _http.BytesTransferred;

    /// <summary>Requests sent so far, redirects and repeated ones among them.</summary>
    public long Requests => _http.Requests;

    /// <summary>Requests by host and outcome, repeated ones, and bytes, for metrics.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counts => _http.Counts;

    /// <summary>
    /// Finds the commit of a revision, and makes sure that the dataset's files may be read: for a gated one the Hub is asked whether
    /// this token's account has accepted its terms, so that a run fails at its start.
    /// </summary>
    /// <exception cref="UsageException">There is no such dataset or revision, or this account may not read it.</exception>
    /// <exception cref="RunFaultException">The Hub is not reached or doesn't answer.</exception>
    public HubDataset Pin(string dataset, string? revision = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!HubLocation.IsDataset(dataset))
            throw new UsageException($"'{dataset}' is no name of a dataset on the Hub. Expected OWNER/NAME, for example bigcode/the-stack-v2.");
        revision ??= DefaultRevision;
        var subject = new HubSubject(dataset, revision, null);
        var pinned = Ask(subject, Api(dataset, $"/revision/{Uri.EscapeDataString(revision)}"), (root, _) => Pinned(root, dataset, revision));
        if (pinned.IsGated)
            CheckAccess(pinned);
        return pinned;
    }

    /// <summary>The files of a folder and of all folders in it, in ordinal order of their paths; a path of a file gives that file.</summary>
    /// <param name="dataset">A pinned dataset.</param>
    /// <param name="folder">Folder or file, as it is (not percent-encoded); empty for all.</param>
    /// <exception cref="UsageException">There is no such folder or file, or this account may not see it.</exception>
    /// <exception cref="RunFaultException">The Hub is not reached or doesn't answer.</exception>
    public IReadOnlyList<HubFile> List(HubDataset dataset, string folder = "")
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(folder);
        folder = folder.Trim('/');
        var entries = Entries(dataset, folder, recursive: true, missingIsEmpty: folder.Length > 0);
        if (entries is null)
        {
            var beside = Entries(dataset, Parent(folder), recursive: false, missingIsEmpty: true) ?? [];
            entries = [.. beside.Where(e => e.IsFile && e.Path == folder)];
            if (entries.Count == 0)
                throw _faults.NoEntry(new HubSubject(dataset.Id, dataset.Commit, folder), NearestName.Find(folder, beside.Select(e => e.Path)));
        }

        return [.. entries.Where(e => e.IsFile).OrderBy(e => e.Path, StringComparer.Ordinal).Select(e => new HubFile(_http, _faults, dataset, e))];
    }

    /// <summary>
    /// One file of a folder: Parquet if the first page of its list that holds data has any, else other data, else what there is; <c>null</c>
    /// without any. Of a long list only the beginning is asked for.
    /// </summary>
    /// <param name="dataset">A pinned dataset.</param>
    /// <param name="folder">Folder or file, as it is (not percent-encoded); empty for all.</param>
    /// <exception cref="UsageException">There is no such folder or file, or this account may not see it.</exception>
    /// <exception cref="RunFaultException">The Hub is not reached or doesn't answer.</exception>
    public HubFile? First(HubDataset dataset, string folder = "")
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(folder);
        folder = folder.Trim('/');
        var entries = Entries(dataset, folder, recursive: true, missingIsEmpty: folder.Length > 0, enough: e => e.Exists(IsData));
        if (entries is null)
            return List(dataset, folder)[0];
        var files = entries.Where(e => e is { IsFile: true, Length: > 0 }).OrderBy(e => !e.Path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)).ThenBy(e => !IsData(e)).ToList();
        return files.Count > 0 ? new HubFile(_http, _faults, dataset, files[0]) : null;
    }

    /// <summary>Who the token belongs to.</summary>
    /// <exception cref="UsageException">There is no token, or the Hub doesn't take it.</exception>
    /// <exception cref="RunFaultException">The Hub is not reached or doesn't answer.</exception>
    public HubAccount WhoAmI()
    {
        if (_http.Token is null)
            throw new UsageException($"No access token for the Hub was found. {HubFaults.HowToSetToken(Endpoint)}");
        return Ask(new HubSubject(null, null, null), $"{Endpoint}/api/whoami-v2", (root, _) => new HubAccount(
            HubAnswers.Text(root, "name") ?? throw new JsonException("name"),
            HubAnswers.Text(root, "type") ?? "user",
            root.TryGetProperty("auth", out var auth) && auth.ValueKind == JsonValueKind.Object
                && auth.TryGetProperty("accessToken", out var token) && token.ValueKind == JsonValueKind.Object ? HubAnswers.Text(token, "role") : null));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HubDataset Pinned(JsonElement root, string dataset, string revision)
    {
        if (HubAnswers.IsTrue(root, "disabled"))
            throw new HttpAnswerException(HttpStatusCode.Forbidden, Endpoint, HubFaults.Disabled, null, null);
        var commit = HubAnswers.Text(root, "sha");
        if (commit is not { Length: 40 } || commit.AsSpan().ContainsAnyExcept(HubAnswers.Hexadecimal))
            throw new JsonException("sha, a commit of 40 hexadecimal digits");
        return new HubDataset
        {
            Id = HubAnswers.Text(root, "id") ?? dataset,
            RequestedId = dataset,
            Revision = revision,
            Commit = commit,
            IsGated = root.TryGetProperty("gated", out var gated) && gated.ValueKind is not (JsonValueKind.False or JsonValueKind.Null),
            IsPrivate = HubAnswers.IsTrue(root, "private"),
        };
    }

    private void CheckAccess(HubDataset dataset)
    {
        try
        {
            _http.Run(() =>
            {
                var (response, address, _) = _http.Get(new Uri(Api(dataset.Id, "/auth-check")));
                using (response)
                    return response.IsSuccessStatusCode ? true : throw HttpAnswerException.Of(response, address, _http.Clock);
            });
        }
        catch (HttpAnswerException answer) when (answer.Status == HttpStatusCode.NotFound && answer.Code is null)
        {
            // Mirrors of the Hub don't all know this question; the first file read will tell.
        }
        catch (Exception fault) when (fault is HttpAnswerException or UnusableAnswerException or HttpRequestException or IOException or TimeoutException or OperationCanceledException { InnerException: TimeoutException })
        {
            throw _faults.AtStart(fault, new HubSubject(dataset.Id, dataset.Revision, null));
        }
    }

    private List<HubEntry>? Entries(HubDataset dataset, string folder, bool recursive, bool missingIsEmpty, Predicate<List<HubEntry>>? enough = null)
    {
        var subject = new HubSubject(dataset.Id, dataset.Commit, folder);
        var entries = new List<HubEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var next = Api(dataset.Id, $"/tree/{dataset.Commit}{(folder.Length == 0 ? "" : "/")}{HubAnswers.Encode(folder)}?recursive={(recursive ? "true" : "false")}&expand=false");
        try
        {
            while (next is not null)
            {
                if (!seen.Add(next))
                    throw _faults.AtStart(new UnusableAnswerException($"The list of files of '{dataset.Id}' at {Endpoint} leads in circles after {seen.Count} pages. Check the endpoint and the proxy."), subject);
                next = Ask(subject, next, (root, response) =>
                {
                    entries.AddRange(HubAnswers.Entries(root));
                    return enough?.Invoke(entries) == true ? null : HubAnswers.NextPage(response, _http);
                });
            }
        }
        catch (UsageException fault) when (missingIsEmpty && fault.InnerException is HttpAnswerException { Status: HttpStatusCode.NotFound, Code: HubFaults.EntryNotFound })
        {
            return null;
        }

        return entries;
    }

    private T Ask<T>(HubSubject subject, string address, Func<JsonElement, HttpResponseMessage, T> read)
    {
        try
        {
            return _http.Run(() =>
            {
                var (response, from, _) = _http.Get(new Uri(address));
                using (response)
                {
                    if (!response.IsSuccessStatusCode)
                        throw HttpAnswerException.Of(response, from, _http.Clock);
                    using var body = Whole(response, from);
                    using var document = JsonDocument.Parse(body);
                    return read(document.RootElement, response);
                }
            });
        }
        catch (Exception fault) when (fault is HttpAnswerException or UnusableAnswerException or HttpRequestException or IOException or TimeoutException or OperationCanceledException { InnerException: TimeoutException } or JsonException)
        {
            throw _faults.AtStart(fault, subject);
        }
    }

    // A page of a list has a thousand files; an answer without an end must not fill memory.
    private static MemoryStream Whole(HttpResponseMessage response, Uri from)
    {
        using var body = response.Content.ReadAsStream();
        var whole = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (var read = body.Read(buffer); read > 0; read = body.Read(buffer))
        {
            if (whole.Length + read > MostAnswerBytes)
                throw new UnusableAnswerException($"The answer of {HttpAnswerException.Show(from)} has more than {MostAnswerBytes >> 20} MiB. Expected the Hub's API; check hub.endpoint and the proxy.");
            whole.Write(buffer, 0, read);
        }

        whole.Position = 0;
        return whole;
    }

    // Neither an empty file nor what stands beside the data of every repository.
    private static bool IsData(HubEntry entry) =>
        entry is { IsFile: true, Length: > 0 } && !entry.Path.Split('/').Any(p => p.StartsWith('.')) && !entry.Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    private string Api(string dataset, string rest) => $"{Endpoint}/api/datasets/{dataset}{rest}";

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";
}
