using System.Runtime.CompilerServices;
using Stackmill.Core.Engine;

namespace Stackmill.Shared;

/// <summary>A row that stands for many: rows with equal keys (those that compare as equal) can be made one, in any order, with the same result.</summary>
internal interface ISummedRow<T> : IComparable<T>
    where T : unmanaged
{
    /// <summary>The two rows in one.</summary>
    public static abstract T Sum(in T left, in T right);
}

/// <summary>Merges files of rows that are each in ascending order, with equal ones summed, however many files there are.</summary>
internal static class SummedRows
{
    private const int LeastBufferBytes = 1 << 14;
    private const int MostFiles = 256;

    /// <summary>Gives every key once, ascending.</summary>
    /// <param name="files">The files.</param>
    /// <param name="scratch">Start of the names of files that are made on the way; its folder is there.</param>
    /// <param name="memoryBytes">Most memory for what is read.</param>
    /// <param name="take">Gets the rows.</param>
    public static void Merge<T>(IEnumerable<string> files, string scratch, long memoryBytes, Action<T> take)
        where T : unmanaged, ISummedRow<T>
    {
        var fanIn = (int)Math.Clamp(memoryBytes / LeastBufferBytes, 2, MostFiles);
        var bufferBytes = (int)Math.Clamp(memoryBytes / fanIn, Unsafe.SizeOf<T>(), 1 << 20);
        var level = files.Select(f => new Part<T>(f, null)).ToList();
        var made = new List<Part<T>>();
        try
        {
            while (level.Count > fanIn)
            {
                var next = new List<Part<T>>();
                foreach (var group in level.Chunk(fanIn))
                {
                    var path = AtomicFile.TemporaryName($"{scratch}-{made.Count:D5}.merged");
                    var part = new Part<T>(path, new RowWriter<T>(path, bufferBytes, temporary: true));
                    made.Add(part);
                    next.Add(part);
                    MergeOnce(group, bufferBytes, row => part.File!.Add(row));
                    part.File!.Flush();
                    foreach (var done in group)
                        done.File?.Dispose();
                }

                level = next;
            }

            MergeOnce(level, bufferBytes, take);
        }
        finally
        {
            foreach (var part in made)
                part.File!.Dispose();
        }
    }

    /// <summary>Writes the rows of an ascending source with equal ones summed; the file appears whole or not at all.</summary>
    public static void Write<T>(string path, SortedValues<T> rows)
        where T : unmanaged, ISummedRow<T>
    {
        var temporary = AtomicFile.TemporaryName(path);
        using (var file = new RowWriter<T>(temporary))
        {
            Sum(rows, row => file.Add(row));
            file.Flush();
        }

        Publish(temporary, path);
    }

    /// <summary>Gives a finished temporary file its name.</summary>
    public static void Publish(string temporary, string path)
    {
        _ = AtomicFile.Seal(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    private static void MergeOnce<T>(IReadOnlyList<Part<T>> parts, int bufferBytes, Action<T> take)
        where T : unmanaged, ISummedRow<T>
    {
        var readers = new List<RowReader<T>>();
        try
        {
            foreach (var part in parts)
                readers.Add(part.File is { } file ? new RowReader<T>(file.Handle, part.Path, 0, file.Count, bufferBytes) : new RowReader<T>(part.Path, bufferBytes: bufferBytes));
            Sum(new SortedValues<T>([.. readers]), take);
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }

    private static void Sum<T>(SortedValues<T> rows, Action<T> take)
        where T : unmanaged, ISummedRow<T>
    {
        if (!rows.Read(out var sum))
            return;
        while (rows.Read(out var row))
        {
            if (row.CompareTo(sum) == 0)
            {
                sum = T.Sum(sum, row);
                continue;
            }

            take(sum);
            sum = row;
        }

        take(sum);
    }

    private sealed record Part<T>(string Path, RowWriter<T>? File)
        where T : unmanaged;
}
