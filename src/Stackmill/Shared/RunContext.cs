using Microsoft.Extensions.Logging;
using Stackmill.Core.Engine;

namespace Stackmill.Shared;

/// <summary>What a run gives to every stage. None of it shows in the bytes that a stage writes.</summary>
internal sealed record RunContext
{
    /// <summary>Threads, at least 1.</summary>
    public required int Workers { get; init; }

    /// <summary>Limit of the process's memory, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Hears of progress.</summary>
    public required IRunObserver Observer { get; init; }

    /// <summary>Where the log goes.</summary>
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>The clock, for times in reports; never for decisions.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Id of the run, for what tells who made something; never for decisions.</summary>
    public string RunId { get; init; } = "";

    /// <summary>True to do again what is up to date.</summary>
    public bool Force { get; init; }

    /// <summary>Set when the run must stop.</summary>
    public CancellationToken Cancellation { get; init; }
}
