namespace Stackmill.Datasets.Hub;

/// <summary>
/// A file of the Hub, readable at any position by ranges. Large reads fetch exactly what is asked for, straight into the caller's memory;
/// small ones fetch a block and keep it. Made for Parquet: the first read near the end fetches the footer's last 64 KiB at once, and small
/// reads that go on where the last block ended fetch ever larger blocks. Keeps at most 4 blocks of at most 512 KiB. For one thread.
/// </summary>
internal sealed class HubStream : Stream
{
    /// <summary>Fewest bytes fetched, where the file has them.</summary>
    public const int SmallestBlock = 64 << 10;

    /// <summary>Most bytes fetched beyond a small read, and only after as many were read in order.</summary>
    public const int LargestBlock = 512 << 10;

    private const int MostBlocks = 4;

    private readonly HubFile _file;
    // The latest used is the last.
    private readonly List<(long Start, byte[] Bytes)> _blocks = new(MostBlocks + 1);
    private long _position;
    private long _lastEnd = -1;
    private int _blockLength = SmallestBlock;
    private bool _isClosed;

    /// <summary>Nothing is asked before the first read.</summary>
    public HubStream(HubFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
    }

    /// <inheritdoc/>
    public override bool CanRead => !_isClosed;

    /// <inheritdoc/>
    public override bool CanSeek => !_isClosed;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <summary>Fills the buffer, unless the file ends before.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">It can't be read.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var wanted = (int)Math.Clamp(Length - _position, 0, buffer.Length);
        var done = 0;
        while (done < wanted)
        {
            var part = buffer[done..wanted];
            var read = FromBlocks(part);
            if (read == 0)
            {
                if (part.Length > SmallestBlock)
                    read = Direct(part);
                else
                    FetchBlock();
            }

            done += read;
            _position += read;
        }

        return done;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

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
        _isClosed = true;
        _blocks.Clear();
        base.Dispose(disposing);
    }

    private int FromBlocks(Span<byte> into)
    {
        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            var (start, bytes) = _blocks[i];
            var offset = _position - start;
            if (offset < 0 || offset >= bytes.Length)
                continue;
            if (i != _blocks.Count - 1)
            {
                _blocks.RemoveAt(i);
                _blocks.Add((start, bytes));
            }

            var count = Math.Min(into.Length, bytes.Length - (int)offset);
            bytes.AsSpan((int)offset, count).CopyTo(into);
            return count;
        }

        return 0;
    }

    private int Direct(Span<byte> into)
    {
        var end = EndBeforeBlock(_position + into.Length);
        using var cursor = new HubCursor(_file, _position, end);
        _lastEnd = end;
        return cursor.Fill(into[..(int)(end - _position)]);
    }

    private void FetchBlock()
    {
        _blockLength = _position == _lastEnd ? Math.Min(_blockLength * 2, LargestBlock) : SmallestBlock;
        var (start, end) = Length - _position <= SmallestBlock
            ? (Math.Max(0, Length - SmallestBlock), Length)
            : (_position, Math.Min(Length, EndBeforeBlock(_position + _blockLength)));
        var bytes = new byte[end - start];
        using (var cursor = new HubCursor(_file, start, end))
            cursor.Fill(bytes);
        if (_blocks.Count == MostBlocks)
            _blocks.RemoveAt(0);
        _blocks.Add((start, bytes));
        _lastEnd = end;
    }

    // What a block holds already is not fetched a second time.
    private long EndBeforeBlock(long end)
    {
        foreach (var (start, _) in _blocks)
        {
            if (start > _position && start < end)
                end = start;
        }

        return end;
    }
}
