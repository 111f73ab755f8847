using Stackmill.Core.Model;

namespace Stackmill.Core.Engine;

/// <summary>What a task works with: its books, its outputs, and the wish to stop.</summary>
public sealed class ShardContext
{
    // Progress is told in steps of this many records, so that the observer costs nothing in the hot path.
    private const int ProgressStep = 64;

    private readonly List<(string Temporary, string Path, string Kind, string Language, Func<(long Rows, long ContentBytes)> Size)> _pending = [];
    private readonly Dictionary<string, ScratchChecksum> _sums = [];
    private readonly IRunObserver _observer;
    private readonly string _stage;
    private long _records;
    private long _bytes;

    internal ShardContext(string stage, string folder, IRunObserver observer, CancellationToken cancellation)
    {
        _stage = stage;
        Folder = folder;
        _observer = observer;
        Cancellation = cancellation;
    }

    /// <summary>The dataset folder.</summary>
    public string Folder { get; }

    /// <summary>This task's books.</summary>
    public Books Books { get; } = new();

    /// <summary>Set when the run must stop.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>
    /// Announces a file that the task will publish and gives the temporary path to write it under.
    /// It is flushed, hashed and renamed when the task has returned without a fault.
    /// </summary>
    public string CreateOutput(string relativePath, string kind, string language, Func<(long Rows, long ContentBytes)> size)
    {
        var path = Path.Combine(Folder, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = AtomicFile.TemporaryName(path);
        _pending.Add((temporary, relativePath, kind, language, size));
        return temporary;
    }

    /// <summary>
    /// Tells that the checksum of an output that lives as long as the run is computed while it is written, so that it need not be read again. It is finished when the file is published.
    /// </summary>
    /// <param name="temporary">The path that <see cref="CreateOutput"/> gave.</param>
    /// <param name="sum">Of all that is written to it, in order.</param>
    public void Checksummed(string temporary, ScratchChecksum sum) => _sums.Add(temporary, sum);

    /// <summary>Tells of one record that was looked at, and stops the task when the run must stop.</summary>
    public void Advance(long bytes)
    {
        _records++;
        _bytes += bytes;
        if (_records >= ProgressStep)
            Report();
        Cancellation.ThrowIfCancellationRequested();
    }

    /// <param name="scratch">The outputs need not outlast a power cut: they are not flushed, and have a <see cref="ScratchChecksum"/>.</param>
    internal IReadOnlyList<ShardOutput> Publish(bool scratch)
    {
        Report();
        var outputs = new List<ShardOutput>(_pending.Count);
        foreach (var (temporary, path, kind, language, size) in _pending)
        {
            var (rows, contentBytes) = size();
            var (bytes, sha256) = scratch ? Checksum(temporary) : AtomicFile.Seal(temporary);
            var target = Path.Combine(Folder, path);
            File.Move(temporary, target, overwrite: true);
            if (!scratch)
                AtomicFile.FlushFolder(Path.GetDirectoryName(target)!);
            outputs.Add(new ShardOutput(path.Replace('\\', '/'), kind, language, rows, contentBytes, bytes, sha256));
        }

        return outputs;
    }

    internal void Abandon()
    {
        foreach (var pending in _pending)
            File.Delete(pending.Temporary);
    }

    private (long Bytes, string Checksum) Checksum(string temporary)
    {
        if (!_sums.TryGetValue(temporary, out var sum))
            return ScratchChecksum.Of(temporary);
        var length = new FileInfo(temporary).Length;
        return length == sum.Length ? (length, sum.Finish()) : throw new IOException($"'{temporary}' has {length} bytes where {sum.Length} were written: something else changed it.");
    }

    private void Report()
    {
        _observer.Advanced(_stage, _records, _bytes);
        _records = 0;
        _bytes = 0;
    }
}
