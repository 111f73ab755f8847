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
    /// <summary>The file at <paramref name="path"/>, met as <paramref name="relativePath"/> in the input.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="relativePath">Its path inside the input.</param>
    /// <param name="tag">A hash of its bytes, where one is known; else its time of change is the tag.</param>
    public LocalFile(string path, string relativePath, string? tag = null)
    {
        var kind = FileKind.Of(new FileInfo(path));
        (Path, RelativePath, Length, Tag) = (path, relativePath, kind.Length, tag ?? kind.Changed.ToString());
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override string Name => Path;

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
