using System.Globalization;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>
/// Reads a tar as a stream: ustar, pax and GNU long names. A tar must end with its end mark, a block of zeros; one without may have been
/// cut between two entries, which nothing else shows. What lies behind the mark must be zeros.
/// </summary>
internal sealed class TarReader(Stream stream) : ArchiveReader
{
    // Names in pax and GNU headers; PATH_MAX is 4096 on most systems.
    private const int MostHeaderData = 1 << 20;
    private const byte GnuFolder = (byte)'D';

    private readonly byte[] _block = new byte[TarHeader.BlockBytes];
    private readonly byte[] _skip = new byte[1 << 16];
    private long _left;
    private int _padding;
    private bool _ended;

    /// <inheritdoc/>
    public override bool Next(out ArchiveEntry entry)
    {
        entry = default;
        if (_ended)
            return false;
        Skip(_left + _padding);
        (_left, _padding) = (0, 0);
        byte[]? longName = null;
        List<(string Key, byte[] Value)> pax = [];
        while (true)
        {
            var read = stream.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
            if (read < _block.Length)
                throw read == 0 ? ArchiveFaultException.Unfinished("it has no end mark: it may have been cut") : ArchiveFaultException.Damaged("it ends inside a header");
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                _ended = true;
                Drain();
                return false;
            }

            if (!TarHeader.HasRightSum(_block))
                throw ArchiveFaultException.Damaged("a header's checksum is wrong");
            var size = TarHeader.Size(_block);
            if (size < 0)
                throw ArchiveFaultException.Damaged("a header's size is no number");
            switch (TarHeader.Type(_block))
            {
                case (byte)'L':
                    longName = TarHeader.Text(HeaderData(size)).ToArray();
                    continue;
                case (byte)'x':
                    pax = TarHeader.Pax(HeaderData(size)) ?? throw ArchiveFaultException.Damaged("a pax header is malformed");
                    continue;
                case (byte)'K' or (byte)'g':
                    HeaderData(size);
                    continue;
                default:
                    entry = Make(size, longName, pax);
                    return true;
            }
        }
    }

    /// <inheritdoc/>
    public override Stream OpenContent() => new Content(this);

    /// <inheritdoc/>
    public override void Dispose() => stream.Dispose();

    private ArchiveEntry Make(long size, byte[]? longName, List<(string Key, byte[] Value)> pax)
    {
        var (nameBytes, isSparse) = (longName ?? TarHeader.Name(_block), false);
        foreach (var (key, value) in pax)
        {
            if (key == "path" && !isSparse)
                nameBytes = value;
            else if (key == "size")
                size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var stated) ? stated : throw ArchiveFaultException.Damaged("a pax header's size is no number");
            else if (key.StartsWith("GNU.sparse.", StringComparison.Ordinal))
                (isSparse, nameBytes) = (true, key == "GNU.sparse.name" ? value : nameBytes);
        }

        var (name, isUtf8) = EntryNames.Decode(nameBytes);
        var type = TarHeader.Type(_block);
        var kind = type switch
        {
            0 or (byte)'0' or (byte)'7' => name.EndsWith('/') ? EntryKind.Folder : EntryKind.File,
            (byte)'1' => EntryKind.HardLink,
            (byte)'2' => EntryKind.SymbolicLink,
            // GNU's incremental archives have the names in a folder as its data.
            (byte)'5' or GnuFolder => EntryKind.Folder,
            (byte)'S' => EntryKind.File,
            _ => EntryKind.Special,
        };
        if (type == (byte)'S')
        {
            isSparse = true;
            // GNU's old sparse header goes on in further blocks, each of which says whether another follows.
            for (var more = _block[482] != 0; more; more = _block[504] != 0)
            {
                if (stream.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false) < _block.Length)
                    throw ArchiveFaultException.Damaged("it ends inside a header");
            }
        }

        // Only files have data, and the kinds that only their makers know; the others may state any size.
        _left = kind == EntryKind.File || type == GnuFolder || (kind == EntryKind.Special && type is not ((byte)'3' or (byte)'4' or (byte)'6')) ? size : 0;
        _padding = (int)(-_left & (TarHeader.BlockBytes - 1));
        var fault = !isUtf8 ? new RecordFaultException("unreadable", "its name is no valid UTF-8")
            : isSparse ? new RecordFaultException("sparse_entry", "a sparse file, which holds its data in pieces") : null;
        return new ArchiveEntry(name, kind, _left, fault);
    }

    private byte[] HeaderData(long size)
    {
        if (size > MostHeaderData)
            throw ArchiveFaultException.Damaged($"a header for names holds {size} bytes; at most {MostHeaderData} are read");
        var padded = (int)((size + TarHeader.BlockBytes - 1) & -TarHeader.BlockBytes);
        var data = new byte[padded];
        if (stream.ReadAtLeast(data, padded, throwOnEndOfStream: false) < padded)
            throw ArchiveFaultException.Damaged("it ends inside a header");
        return data[..(int)size];
    }

    private void Skip(long bytes)
    {
        while (bytes > 0)
        {
            var read = stream.Read(_skip, 0, (int)Math.Min(bytes, _skip.Length));
            if (read == 0)
                throw ArchiveFaultException.Damaged("it ends inside an entry");
            bytes -= read;
        }
    }

    // The compression's own checksum lies behind the last byte, so all of it is read.
    private void Drain()
    {
        for (var read = stream.Read(_skip, 0, _skip.Length); read > 0; read = stream.Read(_skip, 0, _skip.Length))
        {
            if (_skip.AsSpan(0, read).ContainsAnyExcept((byte)0))
                throw ArchiveFaultException.Unfinished("more than zeros follow its end mark");
        }
    }

    private sealed class Content(TarReader owner) : ForwardStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            if (owner._left == 0 || count == 0)
                return 0;
            var read = owner.Underlying.Read(buffer, offset, (int)Math.Min(count, owner._left));
            if (read == 0)
                throw ArchiveFaultException.Damaged("it ends inside an entry");
            owner._left -= read;
            return read;
        }
    }

    private Stream Underlying => stream;
}
