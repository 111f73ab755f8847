using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stackmill.Core.Faults;

namespace Stackmill.Deduplicate.Repositories;

/// <summary>Reads a file that a <see cref="RepositoryCollector"/> wrote, in the order of the shard's rows. Not thread-safe.</summary>
internal sealed class RepositoryRuns(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
    private byte[] _name = new byte[256];

    /// <summary>Reads the next run and the repository's name, which is valid until the next call; false at the end.</summary>
    /// <exception cref="RunFaultException">The file ends in the middle of one.</exception>
    public bool Read(out RepositoryRun run, out ReadOnlySpan<byte> name)
    {
        run = default;
        name = default;
        var head = MemoryMarshal.AsBytes(new Span<RepositoryRun>(ref run));
        var read = _file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read == 0)
            return false;
        if (read < head.Length || run.NameLength < 0 || run.NameLength > _file.Length - _file.Position)
            throw Broken();
        if (_name.Length < run.NameLength)
            _name = new byte[2 * run.NameLength];
        _file.ReadExactly(_name, 0, run.NameLength);
        name = _name.AsSpan(0, run.NameLength);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private RunFaultException Broken() =>
        new($"'{path}' ends in the middle of a row of {Unsafe.SizeOf<RepositoryRun>()} bytes and a name: something else changed it. Run again with --force.");
}
