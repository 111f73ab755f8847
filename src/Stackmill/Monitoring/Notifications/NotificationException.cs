namespace Stackmill.Monitoring.Notifications;

/// <summary>A channel did not take a notification. Its message holds no address, no answer of the server that could hold one, and no password.</summary>
/// <param name="message">What was found, and what to do.</param>
/// <param name="isPassing">True when the same may go well later.</param>
/// <param name="wait">How long the server asks to wait.</param>
internal sealed class NotificationException(string message, bool isPassing, TimeSpan? wait = null) : Exception(message)
{
    /// <summary>True when the same may go well later.</summary>
    public bool IsPassing { get; } = isPassing;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? Wait { get; } = wait;
}

/// <summary>Somewhere that notifications go.</summary>
internal interface INotificationChannel
{
    /// <summary>Its name in the configuration, and the label of its metric.</summary>
    string Name { get; }

    /// <summary>Sends once.</summary>
    /// <exception cref="NotificationException">It was not taken.</exception>
    /// <exception cref="OperationCanceledException">Time is over.</exception>
    Task SendAsync(Message message, CancellationToken cancellation);
}
