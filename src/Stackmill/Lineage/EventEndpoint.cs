using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Stackmill.Lineage;

/// <summary>
/// Sends events to a server, one after another, beside the run. The run never waits for it and never fails by it: what can't be sent is counted. Events wait in a queue
/// with a limit.
/// </summary>
internal sealed class EventEndpoint : IDisposable
{
    // After so many events in a row that the server did not take, it is asked no more.
    private const int Patience = 5;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _client;
    private readonly LineageOptions _options;
    private readonly TimeProvider _clock;
    private readonly Channel<byte[]> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private readonly Uri _address;
    private long _added;
    private long _sent;
    private int _refused;

    /// <summary>An endpoint.</summary>
    public EventEndpoint(Uri address, string? key, LineageOptions options, TimeProvider clock)
    {
        (_address, _options, _clock) = (address, options, clock);
        // Credentials must not go where the server, or who poses as it, sends us.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: true) { Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds) };
        if (key is not null)
            _client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
        _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(options.Queue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Events that the server did not take.</summary>
    public long Lost => Interlocked.Read(ref _added) - Interlocked.Read(ref _sent);

    /// <summary>Why the last one was not taken; <c>null</c> when all were.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Puts an event into the queue, or counts it as lost when that is full.</summary>
    public void Add(JsonObject lineage)
    {
        Interlocked.Increment(ref _added);
        if (!_queue.Writer.TryWrite(Encoding.UTF8.GetBytes(lineage.ToJsonString(EventFile.Json))))
            Trouble ??= $"more than {_options.Queue} events waited for it";
    }

    /// <summary>No more events come: waits for those that are left, but not longer than for one request.</summary>
    public void End()
    {
        _queue.Writer.TryComplete();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutSeconds), _clock);
        using var giveUp = patience.Token.Register(_stop.Cancel);
        Task.WhenAny(_sending).GetAwaiter().GetResult();
        if (_sending.Exception is { } fault)
            Trouble = fault.InnerException?.Message;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (var body in _queue.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                if (_refused < Patience)
                    await SendAsync(body).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Trouble ??= $"it did not take all within {_options.TimeoutSeconds:0.#} s";
        }
    }

    private async Task SendAsync(byte[] body)
    {
        var wait = FirstWait;
        for (var attempt = 1; ; attempt++)
        {
            var (trouble, isFinal) = await PostAsync(body).ConfigureAwait(false);
            if (trouble is null)
            {
                Interlocked.Increment(ref _sent);
                _refused = 0;
                return;
            }

            Trouble = trouble;
            if (isFinal || attempt >= _options.Attempts)
            {
                _refused++;
                return;
            }

            await Task.Delay(wait, _clock, _stop.Token).ConfigureAwait(false);
            wait *= 2;
        }
    }

    // What went wrong, and whether another attempt would go the same way.
    private async Task<(string? Trouble, bool IsFinal)> PostAsync(byte[] body)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
                return (null, false);
            var hint = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? $"; set {LineageOptions.KeyVariable}" : "";
            return ($"it answered {(int)answer.StatusCode}{hint}", (int)answer.StatusCode is < 500 and not (408 or 429));
        }
        catch (HttpRequestException fault)
        {
            return (fault.Message, false);
        }
        catch (TaskCanceledException) when (!_stop.IsCancellationRequested)
        {
            return ($"it did not answer within {_options.TimeoutSeconds:0.#} s", false);
        }
    }
}
