using Polly;
using Polly.Retry;
using Stackmill.Core.Faults;

namespace Stackmill.Monitoring.Notifications;

/// <summary>What became of a notification on one channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Problem">Why it was not taken; <c>null</c> when it was.</param>
internal sealed record NotificationOutcome(string Channel, string? Problem);

/// <summary>Sends notifications to all channels at once, each attempt and the whole for a limited time. It never throws for what a channel does.</summary>
internal sealed class Notifier : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly NotificationOptions _options;
    private readonly IReadOnlyList<INotificationChannel> _channels;
    private readonly ResiliencePipeline _retries;

    private Notifier(NotificationOptions options, IReadOnlyList<INotificationChannel> channels, TimeSpan firstWait)
    {
        (_options, _channels) = (options, channels);
        _retries = options.Retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstWait,
            MaxDelay = LongestWait,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is NotificationException { IsPassing: true } fault && !(fault.Wait > LongestWait)),
            DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as NotificationException)?.Wait),
        }).Build();
    }

    /// <summary>Names of the channels.</summary>
    public IReadOnlyList<string> Channels => [.. _channels.Select(c => c.Name)];

    /// <summary>The channels of the configuration; <c>null</c> when there are none.</summary>
    /// <param name="options">The section.</param>
    /// <param name="environment">Gives secrets.</param>
    /// <param name="clock">The clock of mails.</param>
    /// <param name="only">Names of the channels wanted; empty for all.</param>
    /// <param name="firstWait">Wait before the second attempt; a second when not given.</param>
    /// <exception cref="UsageException">A variable that is named is not set, or holds no address.</exception>
    public static Notifier? Create(NotificationOptions options, Func<string, string?> environment, TimeProvider clock, IReadOnlyList<string>? only = null, TimeSpan? firstWait = null)
    {
        var channels = new List<INotificationChannel>();
        if (options.Webhook.UrlVariable.Length > 0 && IsWanted("webhook"))
            channels.Add(WebhookChannel.Plain(options.Webhook, environment, clock));
        if (options.Slack.UrlVariable.Length > 0 && IsWanted("slack"))
            channels.Add(WebhookChannel.Slack(options.Slack, environment, clock));
        if (options.Email.Host.Length > 0 && IsWanted("email"))
            channels.Add(new EmailChannel(options.Email, environment, clock));
        return channels.Count == 0 ? null : new Notifier(options, channels, firstWait ?? TimeSpan.FromSeconds(1));

        bool IsWanted(string channel) => only is null or { Count: 0 } || only.Contains(channel);
    }

    /// <summary>The texts of a notification.</summary>
    public static Message Write(NotificationOptions options, Notification notification)
    {
        var values = notification.Values;
        // A line end in a subject would begin another header.
        return new Message(notification, Notification.Line(NotificationTemplate.Fill(options.Subject, values), 200), Notification.Bound(NotificationTemplate.Fill(options.Text, values)));
    }

    /// <summary>Sends to every channel.</summary>
    public async Task<IReadOnlyList<NotificationOutcome>> SendAsync(Notification notification, CancellationToken cancellation)
    {
        var message = Write(_options, notification);
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        whole.CancelAfter(TimeSpan.FromSeconds(_options.MostSeconds));
        return await Task.WhenAll(_channels.Select(c => SendAsync(c, message, whole.Token))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.OfType<IDisposable>())
            channel.Dispose();
    }

    private async Task<NotificationOutcome> SendAsync(INotificationChannel channel, Message message, CancellationToken whole)
    {
        try
        {
            await _retries.ExecuteAsync(async _ => await AttemptAsync(channel, message, whole).ConfigureAwait(false), whole).ConfigureAwait(false);
            return new NotificationOutcome(channel.Name, null);
        }
        catch (NotificationException fault)
        {
            return new NotificationOutcome(channel.Name, fault.Message);
        }
        catch (OperationCanceledException)
        {
            return new NotificationOutcome(channel.Name, "time was over before it was taken (notifications.most_seconds), or the run was ended at once");
        }
    }

    private async Task AttemptAsync(INotificationChannel channel, Message message, CancellationToken whole)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(whole);
        attempt.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
        try
        {
            await channel.SendAsync(message, attempt.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!whole.IsCancellationRequested)
        {
            throw new NotificationException($"it did not answer within {_options.TimeoutSeconds.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture)} s", isPassing: true);
        }
    }
}
