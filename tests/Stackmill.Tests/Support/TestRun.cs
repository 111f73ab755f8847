using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Tests.Support;

/// <summary>Runs without terminal, log and real clock.</summary>
internal static class TestRun
{
    /// <summary>A run's context.</summary>
    public static RunContext Context(int workers = 2, IRunObserver? observer = null, bool force = false, CancellationToken cancellation = default) => new()
    {
        Workers = workers,
        MemoryBytes = 1L << 30,
        Observer = observer ?? new NullObserver(),
        Loggers = NullLoggerFactory.Instance,
        Clock = new FakeClock(),
        Force = force,
        Cancellation = cancellation,
    };
}
