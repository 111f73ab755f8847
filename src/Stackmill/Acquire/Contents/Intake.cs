
namespace Stackmill.Acquire.Contents;

/// <summary>What one attempt may take in: its share of the rate and of the memory, given back when it is disposed of.</summary>
internal sealed class Intake(ByteRate rate, ByteBudget memory) : IDisposable
{
    // Below this, as many answers as there are requests at once fit into memory anyway.
    private const int SmallBytes = 64 << 10;

    // A trickle that sends a byte now and then must end too: a body gets one time-out, and a second for each of these.
    private const int SlowestBytesPerSecond = 4 << 10;

    private long _taken;
    private long _came;
    private long _held;

    /// <summary>Waits until the rate allows one more answer.</summary>
    public async ValueTask Admit(CancellationToken cancellation) => _taken += await rate.Expect(cancellation).ConfigureAwait(false);

    /// <summary>
    /// Reads a body as it comes, within rate, memory and time. Waiting for the former two does not count as the server's time.
    /// </summary>
    /// <param name="stream">The body.</param>
    /// <param name="announced">Its length, where the server tells it.</param>
    /// <param name="maxBytes">Bytes from which it is too large.</param>
    /// <param name="deadline">Longest silence.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    /// <exception cref="OperationCanceledException">No byte came in time.</exception>
    public async Task<BlobAnswer> Read(Stream stream, long? announced, long maxBytes, Deadline deadline, TimeProvider clock, CancellationToken cancellation)
    {
        if (announced > maxBytes)
            return BlobAnswer.Without(BlobStatus.TooLarge, $"{announced} bytes as they come, at most {maxBytes}");
        if (announced > SmallBytes)
            await Hold(announced.Value, deadline, cancellation).ConfigureAwait(false);
        // One more than announced, so that the end is seen without another buffer.
        var buffer = BlobBuffers.Rent((int)Math.Max(256, (announced ?? SmallBytes / 4) + 1));
        var given = false;
        try
        {
            var (used, waited) = (0, TimeSpan.Zero);
            while (true)
            {
                var allowed = deadline.Silence + TimeSpan.FromSeconds((double)used / SlowestBytesPerSecond) - waited;
                if (allowed <= TimeSpan.Zero)
                    return BlobAnswer.Without(BlobStatus.TimedOut, $"only {used} bytes in {waited.TotalSeconds:F1} s");
                if (used != announced)
                    deadline.Set(allowed < deadline.Silence ? allowed : deadline.Silence);
                var start = clock.GetTimestamp();
                var read = await stream.ReadAsync(buffer.AsMemory(used, Math.Min(rate.LargestRead, buffer.Length - used)), deadline.Token).ConfigureAwait(false);
                waited += clock.GetElapsedTime(start);
                if (read == 0)
                    break;
                used += read;
                if (used > maxBytes)
                    return BlobAnswer.Without(BlobStatus.TooLarge, $"more than {maxBytes} bytes as they come");
                await Took(read, deadline, cancellation).ConfigureAwait(false);
                if (used < buffer.Length)
                    continue;
                if (used >= SmallBytes && _held == 0)
                    await Hold(maxBytes, deadline, cancellation).ConfigureAwait(false);
                Grow(ref buffer);
            }

            if (used < announced)
                return BlobAnswer.Without(BlobStatus.Cut, $"{used} of {announced} bytes came");
            given = true;
            return new BlobAnswer(BlobStatus.Fetched, buffer, used, "");
        }
        finally
        {
            if (!given)
                BlobBuffers.Return(buffer);
        }
    }

    /// <summary>Gives back what was not needed, and the memory.</summary>
    public void Dispose()
    {
        rate.Settle(_taken, _came);
        if (_held > 0)
            memory.Return(_held);
        _held = 0;
    }

    private async ValueTask Hold(long bytes, Deadline deadline, CancellationToken cancellation)
    {
        deadline.Stop();
        _held = await memory.Take(bytes, cancellation).ConfigureAwait(false);
    }

    private ValueTask Took(int bytes, Deadline deadline, CancellationToken cancellation)
    {
        _came += bytes;
        if (!rate.IsLimited || _came <= _taken)
            return ValueTask.CompletedTask;
        var more = _came - _taken;
        _taken = _came;
        deadline.Stop();
        return rate.Take(more, cancellation);
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = BlobBuffers.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        BlobBuffers.Return(buffer);
        buffer = larger;
    }
}

/// <summary>The longest silence of a server, set anew before each wait for it.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _stop;

    /// <summary>A deadline that begins now.</summary>
    public Deadline(TimeSpan silence, CancellationToken cancellation)
    {
        Silence = silence;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _stop.CancelAfter(silence);
    }

    /// <summary>The longest silence.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Set when it is over, and when the run must stop.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Begins again.</summary>
    public void Set(TimeSpan silence) => _stop.CancelAfter(silence);

    /// <summary>Waits for something else than the server.</summary>
    public void Stop() => _stop.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
