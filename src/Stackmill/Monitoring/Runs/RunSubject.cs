using Stackmill.Monitoring.Notifications;

namespace Stackmill.Monitoring.Runs;

/// <summary>What a run is to those who watch it.</summary>
/// <param name="Command">The command.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Folder">A folder on the disk that the run writes to.</param>
/// <param name="Logs">The logs folder; <c>null</c> for none.</param>
internal sealed record RunSubject(string Command, string Version, string Folder, string? Logs)
{
    /// <summary>Variables of the environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Who is told how it ended; <c>null</c> for nobody.</summary>
    public NotificationOptions? Notifications { get; init; }

    /// <summary>True for a part of a larger run, whose good end says nothing to people.</summary>
    public bool TellsFailuresOnly { get; init; }

    /// <summary>Where troubles of the monitoring are told; they never end the run.</summary>
    public Action<string> Warn { get; init; } = static _ => { };
}
