using System.Numerics;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>
/// The second step and its result: the windows that enough files hold. <see cref="Find"/> makes the file out of those of all shards;
/// <see cref="Open"/> reads it into memory, to be shared by all workers of a process.
/// </summary>
internal sealed class FrequentWindows
{
    // The file is rows of 64 bits: these, and then the hashes, ascending.
    private const int HeaderRows = 4;
    private const ulong Form = 0x424c_4f43_4b53_0001;

    // About one hash a place of the index.
    private const int MostIndexBits = 28;

    // A place with more holds hashes that were chosen to meet there.
    private const int Few = 8;

    private readonly ulong[] _hashes;
    private readonly int[] _index;
    private readonly int _shift;

    private FrequentWindows(ulong[] hashes, int minLines, long minFiles, long distinct)
    {
        (_hashes, MinLines, MinFiles, Distinct) = (hashes, minLines, minFiles, distinct);
        var bits = Math.Clamp(BitOperations.Log2((uint)hashes.Length | 1) + 1, 1, MostIndexBits);
        _shift = 64 - bits;
        _index = new int[(1 << bits) + 1];
        foreach (var hash in hashes)
            _index[(int)(hash >> _shift) + 1]++;
        for (var i = 1; i < _index.Length; i++)
            _index[i] += _index[i - 1];
    }

    /// <summary>Lines in a window.</summary>
    public int MinLines { get; }

    /// <summary>Files that hold each of these windows, at least.</summary>
    public long MinFiles { get; }

    /// <summary>Different windows in all files.</summary>
    public long Distinct { get; }

    /// <summary>Windows that enough files hold.</summary>
    public int Count => _hashes.Length;

    /// <summary>Whether enough files hold a window.</summary>
    public bool Contains(ulong hash)
    {
        var bucket = (int)(hash >> _shift);
        var place = _hashes.AsSpan(_index[bucket].._index[bucket + 1]);
        return place.Length > Few ? place.BinarySearch(hash) >= 0 : place.Contains(hash);
    }

    /// <summary>Merges the counts of all shards and writes the windows that enough files hold; the file appears whole or not at all.</summary>
    /// <param name="counts">The files of <see cref="WindowCounter.Complete"/>.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="scratch">Start of the names of files that are made on the way; its folder is there.</param>
    /// <param name="options">How many lines and files.</param>
    /// <param name="memoryBytes">Most memory for what is read.</param>
    public static void Find(IEnumerable<string> counts, string path, string scratch, BoilerplateOptions options, long memoryBytes)
    {
        var temporary = AtomicFile.TemporaryName(path);
        var frequent = AtomicFile.TemporaryName(path + ".hashes");
        using (var hashes = new RowWriter<ulong>(frequent, temporary: true))
        using (var file = new RowWriter<ulong>(temporary))
        {
            var distinct = 0UL;
            SummedRows.Merge<WindowCount>(counts, scratch, memoryBytes, row =>
            {
                distinct++;
                if (row.Files >= options.MinFiles)
                    hashes.Add(row.Hash);
            });
            hashes.Flush();
            file.AddRange([Form, (ulong)options.MinLines, (ulong)options.MinFiles, distinct]);
            using var found = new RowReader<ulong>(hashes.Handle, frequent, 0, hashes.Count, 1 << 16);
            while (found.Read(out var hash))
                file.Add(hash);
            file.Flush();
        }

        SummedRows.Publish(temporary, path);
    }

    /// <summary>Reads what <see cref="Find"/> wrote.</summary>
    /// <exception cref="RunFaultException">It does not fit in memory, or is another file.</exception>
    public static FrequentWindows Open(string path, long memoryBytes)
    {
        var length = new FileInfo(path).Length;
        var count = (length / sizeof(ulong)) - HeaderRows;
        // The index has up to twice as many places of half the size.
        var needed = count * 2 * sizeof(ulong);
        if (needed > memoryBytes || count > Array.MaxLength)
        {
            throw new RunFaultException(
                $"{count} windows of lines are in enough files to be boilerplate; looking them up needs {SizeText.FormatRounded(needed)} of memory, above the limit of {SizeText.FormatRounded(memoryBytes)}. Give more with --memory, or raise boilerplate.min_files or boilerplate.min_lines.");
        }

        using var reader = new RowReader<ulong>(path);
        if (!reader.Read(out var form) || form != Form || !reader.Read(out var minLines) || !reader.Read(out var minFiles) || !reader.Read(out var distinct))
            throw new RunFaultException($"'{path}' is no file of windows of this version and kind of machine. Run again with --force.");
        var hashes = new ulong[count];
        for (var i = 0; i < hashes.Length; i++)
            _ = reader.Read(out hashes[i]);
        return new FrequentWindows(hashes, (int)minLines, (long)minFiles, (long)distinct);
    }
}
