using Stackmill.Core.Engine;

namespace Stackmill.Tests.Support;

/// <summary>A worker whose deeds are given by the test.</summary>
internal sealed class DelegateWorker(Action<ShardTask, ShardContext> run, Action? dispose = null) : IShardWorker
{
    public void Run(ShardTask task, ShardContext context) => run(task, context);

    public void Dispose() => dispose?.Invoke();
}
