using System.Runtime.ExceptionServices;

namespace Stackmill.Versioning.Objects;

/// <summary>Work on several threads whose fault is the first one itself, not a bundle around it.</summary>
/// <param name="threads">Threads.</param>
/// <param name="cancellation">Stops it.</param>
internal sealed class ParallelWork(int threads, CancellationToken cancellation)
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };

    /// <summary>Does it for each item.</summary>
    public void Each<T>(IReadOnlyList<T> items, Action<T> act) => Each(items.Count, i => act(items[i]));

    /// <summary>Does it for each number below <paramref name="count"/>.</summary>
    public void Each(int count, Action<int> act)
    {
        try
        {
            _ = Parallel.For(0, count, _options, act);
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.Flatten().InnerExceptions.FirstOrDefault(f => f is not OperationCanceledException) ?? faults.InnerExceptions[0]);
        }
    }
}
