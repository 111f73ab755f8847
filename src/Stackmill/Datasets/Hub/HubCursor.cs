namespace Stackmill.Datasets.Hub;

/// <summary>
/// Reads a range of a file in order. A connection that ends early is opened again at the byte where it stopped: at once if it had
/// brought something, else after the waits of the retry policy. For one thread.
/// </summary>
internal sealed class HubCursor(HubFile file, long from, long to) : IDisposable
{
    private HttpResponseMessage? _response;
    private Stream? _body;
    private bool _brought;

    /// <summary>The next byte's place in the file.</summary>
    public long Position { get; private set; } = from;

    /// <summary>Fills as much as the range still has.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">It can't be read.</exception>
    public unsafe int Fill(Span<byte> into)
    {
        var wanted = (int)Math.Min(into.Length, to - Position);
        var done = 0;
        fixed (byte* pinned = into)
        {
            // A span can't be part of a closure; what it points to stays where it is for the time of this call.
            var address = (nint)pinned;
            while (done < wanted)
                done += file.Run(() => Some(new Span<byte>((void*)(address + done), wanted - done)));
        }

        return done;
    }

    /// <summary>Reads what comes next: at least one byte, or 0 at the end of the range.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">It can't be read.</exception>
    public unsafe int Read(Span<byte> into)
    {
        var wanted = (int)Math.Min(into.Length, to - Position);
        if (wanted <= 0)
            return 0;
        fixed (byte* pinned = into)
        {
            var address = (nint)pinned;
            return file.Run(() => Some(new Span<byte>((void*)address, wanted)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }

    private int Some(Span<byte> into)
    {
        while (true)
        {
            if (_body is null)
            {
                _response = file.Open(Position, to);
                _body = _response.Content.ReadAsStream();
                _brought = false;
            }

            var read = 0;
            try
            {
                read = _body.Read(into);
            }
            catch (IOException) when (_brought)
            {
                // Cut after some bytes: the loop goes on at the next one.
            }
            catch (IOException)
            {
                Dispose();
                throw;
            }

            if (read > 0)
            {
                _brought = true;
                Position += read;
                file.Count(read);
                if (Position == to)
                    Dispose();
                return read;
            }

            Dispose();
            if (!_brought)
                throw new IOException("the connection ended before a byte of the file came");
        }
    }
}
