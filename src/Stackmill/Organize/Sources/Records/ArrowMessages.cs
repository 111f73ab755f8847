using System.Buffers.Binary;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// Passes the messages of an Arrow IPC stream on, after their declared lengths were held against what is left of the file, and the offsets in
/// them against their ends (<see cref="ArrowMetadata"/>): what reads them makes room for as much as they declare, and follows each offset. It ends with the stream's own end, before the footer that the file form has.
/// Framing: Arrow columnar format, "Encapsulated message format".
/// </summary>
/// <param name="inner">The bytes; stands at the first message.</param>
/// <param name="left">Bytes that are left.</param>
/// <param name="schema">
/// For the file form, whose messages must say that they end: gives the schema from elsewhere, where the first message is none.
/// </param>
internal sealed class ArrowMessages(Stream inner, long left, Func<byte[]>? schema) : Stream
{
    private const int Continuation = -1;

    // A schema of thousands of columns has less.
    private const int MaxMetadataBytes = 64 << 20;

    private byte[] _head = [];
    private int _given;
    private long _body;
    private bool _begun;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads on.</summary>
    /// <exception cref="InvalidDataException">A message declares more than there is, or the file ends inside of one.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_given == _head.Length && _body == 0)
        {
            if (_ended)
                return 0;
            Begin();
        }

        int read;
        if (_given < _head.Length)
        {
            read = Math.Min(buffer.Length, _head.Length - _given);
            _head.AsSpan(_given, read).CopyTo(buffer);
            _given += read;
            return read;
        }

        if (_body == 0)
            return 0;
        read = inner.Read(buffer[..(int)Math.Min(buffer.Length, _body)]);
        if (read == 0)
            throw new InvalidDataException("the file ends inside of a message");
        _body -= read;
        left -= read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Begin()
    {
        (_head, _given) = ([], 0);
        Span<byte> prefix = stackalloc byte[8];
        if (left == 0 && schema is null)
        {
            _ended = true;
            return;
        }

        Fill(prefix[..4]);
        var size = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        var prefixLength = 4;
        if (size == Continuation)
        {
            Fill(prefix[4..]);
            size = BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);
            prefixLength = 8;
        }

        if (size is < 0 or > MaxMetadataBytes || size > left)
            throw new InvalidDataException($"a message declares {size} bytes of metadata, of {left} that are left");
        _head = new byte[prefixLength + size];
        prefix[..prefixLength].CopyTo(_head);
        _ended = size == 0;
        Fill(_head.AsSpan(prefixLength));
        var kind = 0L;
        _body = _ended ? 0 : ArrowMetadata.Check(_head.AsSpan(prefixLength), out kind);
        if (_body < 0 || _body > left || _body > int.MaxValue)
            throw new InvalidDataException($"a message declares a body of {_body} bytes, of {left} that are left");
        if (!_begun && kind != ArrowMetadata.SchemaHeader && schema is not null)
            _head = [.. schema(), .. _head];
        _begun = true;
    }

    private void Fill(Span<byte> target)
    {
        if (inner.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
            throw new InvalidDataException("the file ends before the stream does");
        left -= target.Length;
    }
}
