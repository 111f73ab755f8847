namespace Stackmill.Acquire.Contents;

/// <summary>
/// Bounds the memory of answers that are under way: many small ones always fit, and large ones wait for each other, in the
/// order of their asking. Nobody asks twice for one answer, so nobody waits for what it holds itself.
/// </summary>
internal sealed class ByteBudget
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Turn)> _waiting = new();
    private readonly long _capacity;
    private long _free;

    /// <summary>A budget of bytes.</summary>
    public ByteBudget(long capacity) => _free = _capacity = capacity;

    /// <summary>Takes bytes, of which at most all there are count, and waits until they are free.</summary>
    /// <returns>The bytes to be given back.</returns>
    public async ValueTask<long> Take(long bytes, CancellationToken cancellation)
    {
        var needed = Math.Min(bytes, _capacity);
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_waiting.Count == 0 && needed <= _free)
            {
                _free -= needed;
                return needed;
            }

            // Continuations must not run inside the lock of whoever gives back.
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((needed, turn));
        }

        using (cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn))
            await turn.Task.ConfigureAwait(false);
        return needed;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes)
    {
        lock (_gate)
        {
            _free += bytes;
            while (_waiting.TryPeek(out var next) && next.Bytes <= _free)
            {
                _waiting.Dequeue();
                // One that was cancelled meanwhile leaves its bytes to the next.
                if (next.Turn.TrySetResult())
                    _free -= next.Bytes;
            }
        }
    }
}
