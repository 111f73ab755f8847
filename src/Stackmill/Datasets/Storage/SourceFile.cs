using Stackmill.Core.Engine;

namespace Stackmill.Datasets.Storage;

/// <summary>A file that is read from wherever it lies: this disk, the Hub, object storage. It is never changed.</summary>
internal abstract class SourceFile
{
    /// <summary>How messages name it: a path, or an address without credentials.</summary>
    public abstract string Name { get; }

    /// <summary>Its path inside the input, with <c>/</c>; the file's name when the input is the file.</summary>
    public abstract string RelativePath { get; }

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Text that differs when the bytes do: a hash or entity tag where there is one, else the time of change.</summary>
    public abstract string Tag { get; }

    /// <summary>
    /// Opens it for reading at any position. A stream over a network fetches what is asked for and a little more, goes on by itself
    /// after a cut connection, and keeps little in memory. Not for several threads at once; open one for each.
    /// </summary>
    /// <exception cref="Core.Faults.ShardFaultException">It can't be opened, or later: read.</exception>
    public abstract Stream OpenSeekable();

    /// <summary>Opens it for reading from <paramref name="start"/> to its end, in order.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">It can't be opened, or later: read.</exception>
    public abstract Stream OpenSequential(long start = 0);
}

/// <summary>A file of this machine.</summary>
internal sealed class LocalFile : SourceFile
{
    private readonly Lazy<string> _path;

    /// <summary>The file at <paramref name="path"/>, met as <paramref name="relativePath"/> in the input.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="relativePath">Its path inside the input.</param>
    public LocalFile(string path, string relativePath)
    {
        var kind = FileKind.Of(new FileInfo(path));
        (_path, RelativePath, Length, Tag) = (new Lazy<string>(path), relativePath, kind.Length, kind.Changed.ToString());
        Name = path;
    }

    private LocalFile(string path, ShardOutput shard, string stage)
    {
        (Name, RelativePath, Length, Tag) = (path, shard.Path, shard.Bytes, shard.Sha256);
        _path = new Lazy<string>(() =>
        {
            Dataset.Verify(path, shard, stage);
            return path;
        });
    }

    /// <summary>The shards of a dataset as files. Their tags are their hashes, which are checked when a shard is first opened.</summary>
    public static IReadOnlyList<SourceFile> Shards(string folder, Manifest manifest) =>
        [.. manifest.Shards.Select(s => new LocalFile(System.IO.Path.Combine(folder, s.Path), s, manifest.Stage))];

    /// <summary>Where it lies, for opening it.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">It is a shard, and not the one that its manifest names.</exception>
    public string Path => _path.Value;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string RelativePath { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override string Tag { get; }

    /// <inheritdoc/>
    public override Stream OpenSeekable() => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.RandomAccess);

    /// <inheritdoc/>
    public override Stream OpenSequential(long start = 0) =>
        new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan) { Position = start };
}
