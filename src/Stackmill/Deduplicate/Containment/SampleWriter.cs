using System.Runtime.InteropServices;
using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Containment;

/// <summary>A shingle of a file's sample; 12 bytes.</summary>
/// <param name="Hash">The shingle.</param>
/// <param name="Document">The file.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct SampledShingle(ulong Hash, uint Document) : IComparable<SampledShingle>
{
    /// <inheritdoc/>
    public int CompareTo(SampledShingle other) => Hash != other.Hash ? Hash.CompareTo(other.Hash) : Document.CompareTo(other.Document);
}

/// <summary>
/// The first step, a shard each: writes the samples of its files, numbered as they come in the shard, to a file that appears whole or not at all.
/// Not thread-safe.
/// </summary>
internal sealed class SampleWriter : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly ContainmentOptions _options;
    private readonly ShingleSample _sample;
    private readonly RowWriter<SampledShingle> _file;

    /// <param name="path">The file.</param>
    /// <param name="options">Which files are looked for.</param>
    public SampleWriter(string path, ContainmentOptions options)
    {
        (_path, _temporary, _options, _sample) = (path, AtomicFile.TemporaryName(path), options, new ShingleSample(options));
        _file = new RowWriter<SampledShingle>(_temporary);
    }

    /// <summary>Adds a file. One with too few shingles to be looked for is too small to hold another as well.</summary>
    /// <param name="row">Its number in the shard.</param>
    /// <param name="shingles">Its distinct shingles, ascending.</param>
    /// <param name="scope">Among which files it is looked for: only those with the same number meet.</param>
    public void Add(int row, ReadOnlySpan<ulong> shingles, ulong scope = 0)
    {
        if (shingles.Length < _options.MinShingles)
            return;
        foreach (var shingle in _sample.Of(shingles))
            _file.Add(new SampledShingle(scope == 0 ? shingle : StableHash.Finalise(shingle ^ scope), (uint)row));
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        _file.Flush();
        _file.Dispose();
        SummedRows.Publish(_temporary, _path);
    }

    /// <summary>Closes the file, and removes it when it was not completed.</summary>
    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_temporary);
    }
}
