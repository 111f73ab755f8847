using System.Numerics;
using System.Runtime.InteropServices;
using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>In how many files a window was seen; 12 bytes.</summary>
/// <param name="Hash">The window.</param>
/// <param name="Files">Files that hold it, each counted once.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct WindowCount(ulong Hash, uint Files) : ISummedRow<WindowCount>
{
    /// <inheritdoc/>
    public static WindowCount Sum(in WindowCount left, in WindowCount right) => new(left.Hash, (uint)Math.Min(uint.MaxValue, (ulong)left.Files + right.Files));

    /// <inheritdoc/>
    public int CompareTo(WindowCount other) => Hash.CompareTo(other.Hash);
}

/// <summary>
/// The first step, a shard each: counts in how many of its files each window is, in bounded memory, and writes them ascending to a file.
/// One per worker, used for one shard after another: not thread-safe.
/// </summary>
internal sealed class WindowCounter : IDisposable
{
    private const int FewestHashes = 64;

    private readonly string _scratch;
    private readonly int _minLines;
    private readonly long _memoryBytes;
    private readonly int _capacity;
    private readonly ComparedLines _lines = new();
    private readonly DistinctSort _sort = new();
    private readonly List<string> _runs = [];
    private ulong[] _windows = [];
    private ulong[] _hashes = [];
    private int _count;

    /// <param name="scratch">Start of the names of files that are made on the way, this worker's own; its folder is there.</param>
    /// <param name="minLines">Lines in a window.</param>
    /// <param name="memoryBytes">Most memory for hashes, apart from those of one file.</param>
    public WindowCounter(string scratch, int minLines, long memoryBytes)
    {
        _scratch = scratch;
        _minLines = minLines;
        _memoryBytes = memoryBytes;
        // Sorting takes as much again.
        _capacity = (int)Math.Clamp(memoryBytes / (2 * sizeof(ulong)), FewestHashes, 1 << 28);
    }

    /// <summary>Counts the windows of one file.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        _lines.Read(text);
        var count = LineWindows.Hash(_lines.Compared, _minLines, ref _windows);
        var distinct = _windows.AsSpan(0, _sort.Sort(_windows.AsSpan(0, count)));
        // The hash of windows that say nothing.
        if (distinct is [0, ..])
            distinct = distinct[1..];
        while (!distinct.IsEmpty)
        {
            if (_count == _hashes.Length)
                MakeRoom(distinct.Length);
            var fit = Math.Min(distinct.Length, _hashes.Length - _count);
            distinct[..fit].CopyTo(_hashes.AsSpan(_count));
            _count += fit;
            distinct = distinct[fit..];
        }
    }

    /// <summary>Writes what was counted since the last call; the file appears whole or not at all.</summary>
    public void Complete(string path)
    {
        var temporary = AtomicFile.TemporaryName(path);
        using (var file = new RowWriter<WindowCount>(temporary))
        {
            if (_runs.Count == 0)
            {
                Write(file);
            }
            else
            {
                Spill();
                SummedRows.Merge<WindowCount>(_runs, _scratch, _memoryBytes, row => file.Add(row));
            }

            file.Flush();
        }

        SummedRows.Publish(temporary, path);
        RemoveRuns();
        _count = 0;
    }

    /// <summary>Removes what was made on the way.</summary>
    public void Dispose() => RemoveRuns();

    private void MakeRoom(int wanted)
    {
        if (_hashes.Length < _capacity)
            Array.Resize(ref _hashes, (int)Math.Min(_capacity, BitOperations.RoundUpToPowerOf2((uint)Math.Max(FewestHashes, _hashes.Length + wanted))));
        else
            Spill();
    }

    private void Spill()
    {
        var path = AtomicFile.TemporaryName($"{_scratch}-{_runs.Count:D5}.run");
        using var file = new RowWriter<WindowCount>(path);
        _runs.Add(path);
        Write(file);
        file.Flush();
        _count = 0;
    }

    private void Write(RowWriter<WindowCount> file)
    {
        var hashes = _hashes.AsSpan(0, _count);
        _sort.Order(hashes);
        for (var start = 0; start < hashes.Length;)
        {
            var end = start + 1;
            while (end < hashes.Length && hashes[end] == hashes[start])
                end++;
            file.Add(new WindowCount(hashes[start], (uint)(end - start)));
            start = end;
        }
    }

    private void RemoveRuns()
    {
        foreach (var run in _runs)
            File.Delete(run);
        _runs.Clear();
    }
}
