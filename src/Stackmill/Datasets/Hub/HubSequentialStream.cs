namespace Stackmill.Datasets.Hub;

/// <summary>
/// A file of the Hub from a position to its end, in order, by one request as long as the connection holds. What is read from the first byte to
/// the last is held against the hash that the Hub lists.
/// </summary>
internal sealed class HubSequentialStream : Stream
{
    private readonly HubFile _file;
    private readonly HubHash? _hash;
    private readonly HubCursor _cursor;

    /// <summary>Nothing is asked before the first read.</summary>
    public HubSequentialStream(HubFile file, long start)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        _hash = start == 0 ? file.Hash() : null;
        (_file, _cursor) = (file, new HubCursor(file, Math.Min(start, file.Length), file.Length));
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _file.Length;

    /// <inheritdoc/>
    public override long Position { get => _cursor.Position; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="Core.Faults.ShardFaultException">It can't be read, or its bytes are not those that the Hub lists.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = _cursor.Read(buffer);
        if (_hash is not null && read > 0)
        {
            _hash.Add(buffer[..read]);
            if (_cursor.Position == _file.Length && !_hash.IsMet())
                throw _file.OtherBytes(_hash);
        }

        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cursor.Dispose();
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }
}
