using SharpCompress.Compressors.Xz;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>
/// The unpacked bytes of an .xz file. Such a file is one stream or several, with zeros in fours between and behind them (The .xz File
/// Format 2.2); the library reads one.
/// </summary>
/// <param name="packed">The file; closed with this.</param>
internal sealed class XzStreams(Stream packed) : ForwardStream
{
    private const int PaddingBytes = 4;

    // The first four of the six.
    private static ReadOnlySpan<byte> Magic => [0xFD, (byte)'7', (byte)'z', (byte)'X'];

    private readonly Pushback _packed = new(packed);
    private XZStream? _stream;
    private bool _ended;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        while (!_ended && count > 0)
        {
            _stream ??= new XZStream(_packed);
            var read = _stream.Read(buffer, offset, count);
            if (read > 0)
                return read;
            _stream = null;
            _ended = !_packed.GoToNext();
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            packed.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// A stream of which the next bytes can be looked at, and which knows how far it is: the library takes the padding of a block from that.
    /// </summary>
    private sealed class Pushback(Stream inner) : ForwardStream
    {
        private readonly byte[] _head = new byte[PaddingBytes];
        private int _kept;
        private long _given;

        /// <inheritdoc/>
        public override long Position
        {
            get => _given;
            set => throw new NotSupportedException();
        }

        /// <summary>Goes over padding to the next stream; false at the end of the file.</summary>
        public bool GoToNext()
        {
            while (true)
            {
                var read = inner.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
                if (read == 0)
                    return false;
                if (read == PaddingBytes && !_head.AsSpan().ContainsAnyExcept((byte)0))
                    continue;
                if (read < PaddingBytes || !_head.AsSpan().SequenceEqual(Magic))
                    throw ArchiveFaultException.Unfinished("something else follows its last xz stream");
                _kept = PaddingBytes;
                return true;
            }
        }

        /// <inheritdoc/>
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(count, _kept);
            _head.AsSpan(PaddingBytes - _kept, read).CopyTo(buffer.AsSpan(offset));
            if (_kept == 0)
                read = inner.Read(buffer, offset, count);
            else
                _kept -= read;
            _given += read;
            return read;
        }
    }
}
