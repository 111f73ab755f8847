using System.Runtime.ExceptionServices;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.Parquet;

/// <summary>
/// Keeps what a source's stream threw below the native reader, which passes texts on and no exceptions: that a server is gone must not
/// be told as damage of the file. The native reader asks on the thread that reads.
/// </summary>
internal sealed class SourceFaults(Stream inner) : Stream
{
    [ThreadStatic]
    private static Exception? _last;

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => inner.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => inner.Length;

    /// <inheritdoc/>
    public override long Position { get => inner.Position; set => inner.Position = value; }

    /// <summary>Forgets what this thread's streams threw before.</summary>
    public static void Forget() => _last = null;

    /// <summary>Throws what this thread's streams threw since, if they did.</summary>
    public static void ThrowLast()
    {
        if (_last is { } fault)
            ExceptionDispatchInfo.Throw(fault);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception fault) when (fault is StackmillException or OperationCanceledException)
        {
            _last = fault;
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
