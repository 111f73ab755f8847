using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Stackmill.Tests.Support.Servers;

/// <summary>What a server does wrong, on purpose. Everything may be set while it runs.</summary>
internal sealed class HubServerFaults
{
    private readonly Queue<(Func<string, string, bool> Applies, int Status, (string Name, string Value)[] Headers)> _answers = new();

    /// <summary>Bytes of a file's body after which the connection is cut; <c>null</c>: never. Asked for each body, with the number of its bytes.</summary>
    public Func<long, long?>? CutAfter { get; set; }

    /// <summary>The storage host sends whole files, as if it had never heard of ranges.</summary>
    public bool IgnoresRanges { get; set; }

    /// <summary>Bytes after which a file's body stops coming while the connection stays open; <c>null</c>: never.</summary>
    public long? StallAfter { get; set; }

    /// <summary>Every signed address is refused from the given number of uses on; <c>null</c>: never.</summary>
    public int? SignatureUses { get; set; }

    /// <summary>Where the Hub sends clients for a file instead; <c>null</c>: to the storage host.</summary>
    public Func<string, string?>? RedirectTo { get; set; }

    /// <summary>The header <c>Link</c> of the first page instead of the right one.</summary>
    public string? Link { get; set; }

    /// <summary>Called with each request before it is answered.</summary>
    public Action<HubServerRequest>? OnRequest { get; set; }

    /// <summary>Requests that fit (host, path) are never answered; their connections stay open.</summary>
    public Func<string, string, bool>? Holds { get; set; }

    /// <summary>The next requests to a host (<c>hub</c>, <c>cdn</c>) are answered with a status.</summary>
    public void Next(string host, int count, int status, params (string Name, string Value)[] headers) => Next((h, _) => h == host, count, status, headers);

    /// <summary>The next requests that fit (host, path) are answered with a status.</summary>
    public void Next(Func<string, string, bool> applies, int count, int status, params (string Name, string Value)[] headers)
    {
        lock (_answers)
        {
            for (var i = 0; i < count; i++)
                _answers.Enqueue((applies, status, headers));
        }
    }

    /// <summary>The next requests to the Hub are over its limit, told as the Hub tells it.</summary>
    public void RateLimit(int count, int seconds) => Next(
        "hub", count, 429,
        ("RateLimit", $"\"api\";r=0;t={seconds.ToString(CultureInfo.InvariantCulture)}"), ("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300"));

    /// <summary>Answers of the API never end.</summary>
    public bool Endless { get; set; }

    /// <summary>Forgets the answers that are still to come.</summary>
    public void Clear()
    {
        lock (_answers)
            _answers.Clear();
    }

    /// <summary>Answers with the first fault in the queue, if it fits.</summary>
    public bool Answer(string host, string path, HttpResponse response)
    {
        lock (_answers)
        {
            if (!_answers.TryPeek(out var next) || !next.Applies(host, path))
                return false;
            _answers.Dequeue();
            response.StatusCode = next.Status;
            foreach (var (name, value) in next.Headers)
                response.Headers[name] = value;
            return true;
        }
    }
}
