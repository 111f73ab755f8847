using System.Text.Json;
using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What a file of a mirror was when it last equalled its object.</summary>
/// <param name="Path">Path in the mirror, with <c>/</c>.</param>
/// <param name="ETag">Entity tag of the object; <c>null</c> when the entry is no longer there.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Changed">Mark of the file's last change, in nanoseconds.</param>
/// <param name="Sha256">SHA-256 of the bytes, lower-case hex.</param>
internal sealed record MirrorEntry(string Path, string? ETag, long Length, long Changed, string Sha256);

/// <summary>
/// The memory of a mirror, on disk as a journal of JSON lines: what is written stays after <c>kill -9</c>, and a last line that was
/// cut is left out (its file is compared anew). A lost index costs comparisons, never data.
/// </summary>
internal sealed class MirrorIndex : IDisposable
{
    private const string WorkMark = "*work";

    private readonly Dictionary<string, MirrorEntry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly FileStream _journal;

    private MirrorIndex(FileStream journal) => _journal = journal;

    /// <summary>True while the folder holds, or may hold, work that is not published.</summary>
    public bool HasWork { get; private set; }

    /// <summary>Opens the index in a file, which is made when it is missing.</summary>
    public static MirrorIndex Open(string path)
    {
        var (entries, hasWork, lines) = Read(path);
        // Twice as long as needed, or cut at its end: written anew.
        if (lines > (2 * entries.Count) + 64 || lines < 0)
        {
            AtomicFile.Write(path, stream =>
            {
                foreach (var entry in entries.Values.OrderBy(e => e.Path, StringComparer.Ordinal))
                    Append(stream, entry);
                Append(stream, Work(hasWork));
            });
        }

        var index = new MirrorIndex(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1)) { HasWork = hasWork };
        foreach (var entry in entries.Values)
            index._entries.Add(entry.Path, entry);
        return index;
    }

    /// <summary>The entry of a path.</summary>
    public MirrorEntry? Find(string path)
    {
        lock (_gate)
            return _entries.GetValueOrDefault(path);
    }

    /// <summary>All entries, in no order.</summary>
    public IReadOnlyList<MirrorEntry> All()
    {
        lock (_gate)
            return [.. _entries.Values];
    }

    /// <summary>Keeps an entry.</summary>
    public void Set(MirrorEntry entry)
    {
        lock (_gate)
        {
            _entries[entry.Path] = entry;
            Append(_journal, entry);
        }
    }

    /// <summary>Forgets an entry.</summary>
    public void Remove(string path)
    {
        lock (_gate)
        {
            if (_entries.Remove(path))
                Append(_journal, new MirrorEntry(path, null, 0, 0, ""));
        }
    }

    /// <summary>Keeps whether there is unpublished work.</summary>
    public void SetWork(bool hasWork)
    {
        lock (_gate)
        {
            HasWork = hasWork;
            Append(_journal, Work(hasWork));
            _journal.Flush(flushToDisk: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    private static MirrorEntry Work(bool hasWork) => new(WorkMark, hasWork ? "yes" : null, 0, 0, "");

    private static void Append(Stream stream, MirrorEntry entry) => stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry), (byte)'\n']);

    // Lines are negative when one of them is no entry.
    private static (Dictionary<string, MirrorEntry> Entries, bool HasWork, int Lines) Read(string path)
    {
        var entries = new Dictionary<string, MirrorEntry>(StringComparer.Ordinal);
        var (hasWork, lines, cut) = (false, 0, false);
        if (!File.Exists(path))
            return (entries, hasWork, lines);
        foreach (var line in File.ReadLines(path))
        {
            lines++;
            MirrorEntry? entry = null;
            try
            {
                entry = JsonSerializer.Deserialize<MirrorEntry>(line);
            }
            catch (JsonException)
            {
                cut = true;
            }

            if (entry?.Path == WorkMark)
                hasWork = entry.ETag is not null;
            else if (entry is { ETag: not null })
                entries[entry.Path] = entry;
            else if (entry is not null)
                entries.Remove(entry.Path);
        }

        return (entries, hasWork, cut ? -1 : lines);
    }
}
