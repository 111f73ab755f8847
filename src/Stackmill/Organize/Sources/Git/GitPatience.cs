using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>
/// Waits for work with a Git server that may fall silent: the library has no time-out and can't be interrupted while it reads. The work runs
/// on a thread of its own; when nothing was heard for too long, or the run is to stop, it is left behind, and ends itself at the next
/// thing that it hears. What it uses it must dispose of itself.
/// </summary>
/// <param name="silence">Longest time without a sign of life.</param>
/// <param name="clock">The clock.</param>
/// <param name="cancellation">Set when the run is to stop.</param>
internal sealed class GitPatience(TimeSpan silence, TimeProvider clock, CancellationToken cancellation)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private long _heard = clock.GetTimestamp();
    private volatile bool _isLeft;

    /// <summary>Something was heard, or done.</summary>
    /// <returns>False when the work is to end.</returns>
    public bool Heard()
    {
        Volatile.Write(ref _heard, clock.GetTimestamp());
        return !_isLeft && !cancellation.IsCancellationRequested;
    }

    /// <summary>Does the work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="location">The repository, as messages call it.</param>
    /// <exception cref="ShardFaultException">Nothing was heard for too long.</exception>
    /// <exception cref="OperationCanceledException">The run is to stop.</exception>
    public T Run<T>(Func<T> work, string location)
    {
        // Long-running: the pool must not lose a thread for each server that is left behind.
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(Look))
        {
            if (cancellation.IsCancellationRequested || clock.GetElapsedTime(Volatile.Read(ref _heard)) > silence)
                _isLeft = true;
            if (!_isLeft)
                continue;
            cancellation.ThrowIfCancellationRequested();
            throw new ShardFaultException($"the repository '{location}' can't be fetched: its server has sent nothing for {silence.TotalSeconds:F0} s. Check the address and the network; a slow server may need a larger input.git.timeout_seconds.");
        }

        return task.GetAwaiter().GetResult();
    }
}
