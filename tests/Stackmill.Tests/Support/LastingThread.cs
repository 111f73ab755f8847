using System.Collections.Concurrent;

namespace Stackmill.Tests.Support;

/// <summary>
/// A thread that lives as long as this process. To Linux the parent of a program is the thread that started it: one that asked to be killed with
/// its parent (prctl(2), PR_SET_PDEATHSIG) is killed as soon as that thread ends, and threads of the pool end when there is little to do.
/// </summary>
internal static class LastingThread
{
    private static readonly BlockingCollection<Action> _work = Start();

    /// <summary>Does something on that thread and gives its result, or throws what it threw.</summary>
    public static T Do<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception fault)
            {
                result.SetException(fault);
            }
        });
        return result.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Start()
    {
        var queue = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var work in queue.GetConsumingEnumerable())
                work();
        })
        { IsBackground = true, Name = "lasting" }.Start();
        return queue;
    }
}
