using System.Buffers.Binary;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// Passes the messages of an Arrow IPC stream on, after their declared lengths were held against what is left of the file: what reads them
/// makes room for as much as they declare. It ends with the stream's own end, before the footer that the file form has.
/// Framing: Arrow columnar format, "Encapsulated message format"; body length: field 3 of table Message in Message.fbs.
/// </summary>
/// <param name="inner">The bytes; stands at the first message.</param>
/// <param name="left">Bytes that are left.</param>
/// <param name="needsEnd">Whether the stream must say that it ends, as the file form does.</param>
internal sealed class ArrowMessages(Stream inner, long left, bool needsEnd) : Stream
{
    private const int Continuation = -1;
    private const int BodyLengthField = 3;

    // A schema of thousands of columns has less.
    private const int MaxMetadataBytes = 64 << 20;

    private byte[] _head = [];
    private int _given;
    private long _body;
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
        if (left == 0 && !needsEnd)
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
        _body = _ended ? 0 : BodyLength(_head.AsSpan(prefixLength));
        if (_body < 0 || _body > left || _body > int.MaxValue)
            throw new InvalidDataException($"a message declares a body of {_body} bytes, of {left} that are left");
    }

    private void Fill(Span<byte> target)
    {
        if (inner.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
            throw new InvalidDataException("the file ends before the stream does");
        left -= target.Length;
    }

    // A FlatBuffers table begins with the way back to its vtable, which holds two lengths and then where each field lies.
    private static long BodyLength(ReadOnlySpan<byte> message)
    {
        var table = BinaryPrimitives.ReadUInt32LittleEndian(At(message, 0, 4));
        var vtable = table - (long)BinaryPrimitives.ReadInt32LittleEndian(At(message, table, 4));
        var vtableLength = BinaryPrimitives.ReadUInt16LittleEndian(At(message, vtable, 2));
        const int Entry = 4 + (2 * BodyLengthField);
        if (vtableLength < Entry + 2)
            return 0;
        var field = BinaryPrimitives.ReadUInt16LittleEndian(At(message, vtable + Entry, 2));
        return field == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(At(message, (long)table + field, 8));
    }

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> message, long offset, int length) =>
        offset >= 0 && offset <= message.Length - length ? message.Slice((int)offset, length) : throw new InvalidDataException("the metadata of a message is damaged");
}
