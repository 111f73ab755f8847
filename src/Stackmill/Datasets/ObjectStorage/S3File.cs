using Amazon.S3.Model;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Storage;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>An object that is read by ranges, without a local copy. Another state of it than the one that was listed is a fault.</summary>
internal sealed class S3File(ObjectStore store, S3Location location, RemoteObject item, CancellationToken cancellation) : SourceFile
{
    // What one request asks for at least: a Parquet footer or column chunk in one go at random, more where all is read.
    private const int RandomRange = 256 << 10;
    private const int SequentialRange = 4 << 20;

    /// <inheritdoc/>
    public override string Name => ObjectStore.Address(location, item.Key);

    /// <inheritdoc/>
    public override string RelativePath => item.Key == location.Prefix ? item.Key[(item.Key.LastIndexOf('/') + 1)..] : item.Key[location.FolderPrefix.Length..];

    /// <inheritdoc/>
    public override long Length => item.Length;

    /// <inheritdoc/>
    public override string Tag => item.ETag;

    /// <inheritdoc/>
    public override Stream OpenSeekable() => new S3RangeStream(Length, RandomRange, Read);

    /// <inheritdoc/>
    public override Stream OpenSequential(long start = 0) => new S3RangeStream(Length, SequentialRange, Read) { Position = start };

    // Fills the buffer from a position.
    private void Read(long start, Memory<byte> buffer) => ReadAsync(start, buffer).GetAwaiter().GetResult();

    private async Task ReadAsync(long start, Memory<byte> buffer)
    {
        var request = new GetObjectRequest
        {
            BucketName = location.Bucket,
            Key = item.Key,
            ByteRange = new ByteRange(start, start + buffer.Length - 1),
            EtagToMatch = ObjectStore.Quote(item.ETag),
            RequestPayer = store.Payer,
        };
        try
        {
            _ = await store.CallAsync(
                "read",
                Name,
                async token =>
                {
                    using var answer = await store.Client.GetObjectAsync(request, token).ConfigureAwait(false);
                    if (answer.HttpStatusCode != System.Net.HttpStatusCode.PartialContent)
                        throw new DamagedTransferException("the server sends the whole object where a range was asked for");
                    var read = await answer.ResponseStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token).ConfigureAwait(false);
                    return read == buffer.Length ? read : throw new DamagedTransferException($"{read} of {buffer.Length} bytes came");
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Amazon.Runtime.AmazonServiceException fault)
        {
            throw new ShardFaultException(store.Explain(fault, "read", Name).Message, fault);
        }
        catch (RunFaultException fault)
        {
            throw new ShardFaultException(fault.Message, fault);
        }
    }
}

/// <summary>A stream over ranges that are fetched as they are needed; it keeps one of them.</summary>
/// <param name="length">Length in bytes.</param>
/// <param name="range">Bytes to fetch at once.</param>
/// <param name="fetch">Fills a buffer from a position.</param>
internal sealed class S3RangeStream(long length, int range, Action<long, Memory<byte>> fetch) : Stream
{
    private byte[] _buffer = [];
    private long _start;
    private int _filled;
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), "a position is not negative");
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_position >= length || buffer.Length == 0)
            return 0;
        if (_position < _start || _position >= _start + _filled)
            Fill();
        var at = (int)(_position - _start);
        var size = Math.Min(buffer.Length, _filled - at);
        _buffer.AsSpan(at, size).CopyTo(buffer);
        _position += size;
        return size;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Fill()
    {
        if (_buffer.Length == 0)
            _buffer = new byte[(int)Math.Min(range, length)];
        _filled = 0;
        _start = _position;
        var size = (int)Math.Min(_buffer.Length, length - _start);
        fetch(_start, _buffer.AsMemory(0, size));
        _filled = size;
    }
}
