using System.Buffers;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// Reads records of separated values (RFC 4180) as bytes, so that a field's own encoding is kept: fields may be quoted, quoted ones hold
/// line ends and doubled quotes, records end with LF or CR LF, and empty lines are none. It is strict: a quote inside an unquoted field,
/// or text after a closing quote, makes the record wrong. Reading goes on at the line after the one that a wrong record began on.
/// Every byte is looked at twice at most.
/// </summary>
internal sealed class CsvReader : IDisposable
{
    private const byte Quote = (byte)'"';
    private const byte Feed = (byte)'\n';

    private readonly SourceFile _file;
    private readonly Stream _stream;
    private readonly byte _delimiter;
    private readonly SearchValues<byte> _stops;
    private readonly int _maxRecord;
    private readonly List<(int Start, int End, bool Escaped)> _fields = [];
    private byte[] _buffer;
    private int _first;
    private int _used;
    private bool _ended;
    private long _nextLine = 1;

    /// <summary>Opens a file; records above <paramref name="maxRecord"/> bytes are passed over.</summary>
    public CsvReader(SourceFile file, byte delimiter, int maxRecord = JsonLines.MaxLineBytes)
    {
        (_file, _delimiter, _maxRecord) = (file, delimiter, maxRecord);
        _stops = SearchValues.Create([delimiter, Quote, Feed]);
        _stream = PackedFile.Open(file);
        _buffer = new byte[Math.Min(1 << 20, maxRecord)];
        Fill();
        if (_buffer.AsSpan(0, _used).StartsWith("\uFEFF"u8))
            _first = 3;
    }

    /// <summary>Line that the record begins on, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the record; <c>null</c> when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when the record is longer than the limit.</summary>
    public bool TooLong { get; private set; }

    /// <summary>Number of fields of the record.</summary>
    public int Count { get; private set; }

    /// <summary>Most fields whose values are kept; records may have more.</summary>
    public int MaxFields { get; set; } = 10_000;

    /// <summary>Value of one of the first <see cref="MaxFields"/> fields; valid until the next record is read.</summary>
    public ReadOnlyMemory<byte> this[int field]
    {
        get
        {
            var (start, end, escaped) = _fields[field];
            if (escaped)
            {
                end = Unescape(start, end);
                _fields[field] = (start, end, false);
            }

            return _buffer.AsMemory(start, end - start);
        }
    }

    /// <summary>Reads the next record; false at the end of the file.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">The file can't be read.</exception>
    public bool Read()
    {
        (Problem, TooLong) = (null, false);
        while (true)
        {
            Line = _nextLine;
            var end = 0;
            var state = _first == _used && !_ended ? State.More : _first == _used ? State.End : Scan(out end);
            switch (state)
            {
                case State.End:
                    return false;
                case State.More when _used - _first >= _maxRecord:
                    PassOver();
                    return true;
                case State.More:
                    Fill();
                    continue;
                case State.Blank:
                    GoOn(end);
                    continue;
                case State.Whole:
                    GoOn(end);
                    return true;
                default:
                    ToNextLine();
                    return true;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private State Scan(out int end)
    {
        _fields.Clear();
        Count = 0;
        end = _used;
        var bytes = _buffer.AsSpan(0, _used);
        var at = _first;
        if (bytes[at] == Feed || (bytes[at] == '\r' && at + 1 < _used && bytes[at + 1] == Feed))
        {
            end = at + (bytes[at] == Feed ? 1 : 2);
            return State.Blank;
        }

        while (true)
        {
            var start = at;
            if (at < _used && bytes[at] == Quote)
            {
                var escaped = false;
                at++;
                while (true)
                {
                    var quote = bytes[at..].IndexOf(Quote);
                    if (quote < 0)
                        return Unfinished($"a quote that opens field {Count + 1} is never closed");
                    at += quote + 1;
                    if (at == _used && !_ended)
                        return State.More;
                    if (at == _used || bytes[at] != Quote)
                        break;
                    escaped = true;
                    at++;
                }

                Keep(start + 1, at - 1, escaped);
                if (at == _used)
                    return State.Whole;
                if (bytes[at] == '\r')
                {
                    if (at + 1 == _used)
                        return _ended ? State.Whole : State.More;
                    at += bytes[at + 1] == Feed ? 1 : 0;
                }

                if (bytes[at] == Feed)
                {
                    end = at + 1;
                    return State.Whole;
                }

                if (bytes[at] != _delimiter)
                    return Wrong($"there is text after the closing quote of field {Count}");
                at++;
                continue;
            }

            var stop = bytes[at..].IndexOfAny(_stops);
            if (stop < 0)
            {
                if (!_ended)
                    return State.More;
                Keep(start, WithoutReturn(bytes, start, _used), false);
                return State.Whole;
            }

            at += stop;
            if (bytes[at] == Quote)
                return Wrong($"there is a quote inside field {Count + 1}, which does not begin with one");
            var isLast = bytes[at] == Feed;
            Keep(start, isLast ? WithoutReturn(bytes, start, at) : at, false);
            at++;
            if (isLast)
            {
                end = at;
                return State.Whole;
            }
        }
    }

    private void Keep(int start, int end, bool escaped)
    {
        if (Count++ < MaxFields)
            _fields.Add((start, end, escaped));
    }

    private State Unfinished(string problem) => _ended ? Wrong(problem) : State.More;

    private State Wrong(string problem)
    {
        Problem = problem;
        return State.Wrong;
    }

    private void GoOn(int end)
    {
        _nextLine += _buffer.AsSpan(_first, end - _first).Count(Feed);
        _first = end;
    }

    private void ToNextLine()
    {
        while (true)
        {
            var feed = _buffer.AsSpan(_first, _used - _first).IndexOf(Feed);
            if (feed >= 0)
            {
                GoOn(_first + feed + 1);
                return;
            }

            _first = _used;
            if (_ended)
                return;
            Fill();
        }
    }

    // Quotes come in pairs outside of fields, so the record ends at the first line feed that an even number of them stands before.
    private void PassOver()
    {
        (TooLong, Problem) = (true, $"a record above {_maxRecord >> 20} MiB");
        var quoted = false;
        while (true)
        {
            for (var at = _first; at < _used; at++)
            {
                var step = _buffer.AsSpan(at, _used - at).IndexOfAny(Quote, Feed);
                if (step < 0)
                    break;
                at += step;
                if (_buffer[at] == Quote)
                {
                    quoted = !quoted;
                }
                else if (!quoted)
                {
                    GoOn(at + 1);
                    return;
                }
            }

            GoOn(_used);
            if (_ended)
                return;
            Fill();
        }
    }

    // Fills the buffer to its end, whatever a read gives: the record is looked at again only when the buffer has grown.
    private void Fill()
    {
        _buffer.AsSpan(_first, _used - _first).CopyTo(_buffer);
        (_first, _used) = (0, _used - _first);
        if (_used == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        while (_used < _buffer.Length && !_ended)
        {
            var read = PackedFile.Read(_stream, _file, _nextLine, _buffer.AsSpan(_used));
            _ended = read == 0;
            _used += read;
        }
    }

    private int Unescape(int start, int end)
    {
        var bytes = _buffer.AsSpan();
        var (from, to) = (start, start);
        while (true)
        {
            var quote = bytes[from..end].IndexOf(Quote);
            if (quote < 0)
            {
                bytes[from..end].CopyTo(bytes[to..]);
                return to + end - from;
            }

            bytes.Slice(from, quote + 1).CopyTo(bytes[to..]);
            (from, to) = (from + quote + 2, to + quote + 1);
        }
    }

    private static int WithoutReturn(ReadOnlySpan<byte> bytes, int start, int end) => end > start && bytes[end - 1] == '\r' ? end - 1 : end;

    private enum State
    {
        End,
        More,
        Blank,
        Whole,
        Wrong,
    }
}
