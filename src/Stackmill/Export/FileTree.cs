using System.Text;
using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Export;

/// <summary>Where each record of a dataset goes in a tree of plain files; only names that differ from the plain path are held.</summary>
internal sealed class FileTreeNames
{
    private readonly Dictionary<(int Shard, int Row), string> _other = [];

    /// <summary>Assigns names in the dataset's order, from its columns without contents.</summary>
    public static FileTreeNames Assign(Dataset input)
    {
        var (names, tree) = (new SafeNames(), new FileTreeNames());
        for (var shard = 0; shard < input.Manifest.Shards.Count; shard++)
        {
            var row = 0;
            foreach (var record in input.Read(shard, RecordColumns.WithoutContent()).SelectMany(b => b))
            {
                var name = names.Assign(record);
                if (name != Plain(record))
                    tree._other.Add((shard, row), name);
                row++;
            }
        }

        return tree;
    }

    /// <summary>The path of one record, below the export's folder.</summary>
    public string Of(int shard, int row, CodeRecord record) => _other.GetValueOrDefault((shard, row)) ?? Plain(record);

    private static string Plain(CodeRecord record) => LanguageFolder.Of(record.Language) + "/" + record.DisplayPath;
}

/// <summary>
/// Writes one shard as plain files, and an index of them (Parquet, <c>_index/</c>) that keeps the true path of each and all
/// its other columns. The index is the shard's record in the manifest: its hash covers the hash of every file.
/// </summary>
internal sealed class FileTreeWorker(Dataset input, FileTreeNames names) : IShardWorker
{
    /// <summary>Folder of the index inside the export.</summary>
    public const string IndexFolder = "_index";

    private const string PendingSuffix = ".pending";
    private const int RowGroupRows = 4096;

    // Of one name, on Linux (NAME_MAX) and macOS.
    private const int MaxNameBytes = 255;

    public void Run(ShardTask task, ShardContext context)
    {
        var shard = input.Manifest.Shards[task.Index];
        var (row, bytes) = (0, 0L);
        using var index = new ParquetTableWriter<Entry>(
            context.CreateOutput($"{IndexFolder}/{task.Name}.parquet", ShardOutput.ShardKind, shard.Language, () => (row, bytes)), Entry.Columns());
        var entries = new List<Entry>();
        Announce(task, context);
        foreach (var record in ExportStage.Records(input, task, context))
        {
            var name = names.Of(task.Index, row, record);
            Write(Path.Combine(context.Folder, name), record.Content.Span);
            entries.Add(new Entry(name, record.RepoName, record.Path, record.Language, record.ContentId, record.Sha256, record.Content.Length));
            if (entries.Count == RowGroupRows)
            {
                index.WriteRowGroup(entries);
                entries.Clear();
            }

            context.Books.Kept++;
            context.Books.BytesKept += record.Content.Length;
            row++;
            bytes += record.Content.Length;
        }

        index.WriteRowGroup(entries);
        index.Close();
    }

    public void Dispose()
    {
    }

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Renamed when whole; the index, written last and flushed, says which files belong to the export.
        var temporary = AtomicFile.TemporaryName(path);
        if (Encoding.UTF8.GetByteCount(Path.GetFileName(temporary)) > MaxNameBytes)
            temporary = Path.Combine(Path.GetDirectoryName(path)!, AtomicFile.TemporaryName($"_{Environment.CurrentManagedThreadId}"));
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            RandomAccess.Write(handle, content, 0);
        File.Move(temporary, path, overwrite: true);
    }

    // The names are on the disk before the first file: a task that is killed leaves no file that nothing names.
    private void Announce(ShardTask task, ShardContext context)
    {
        var row = 0;
        var planned = input.Read(task.Index, RecordColumns.WithoutContent()).SelectMany(b => b).Select(r => names.Of(task.Index, row++, r)).ToList();
        AtomicFile.WriteAllBytes(Path.Combine(context.Folder, IndexFolder, task.Name + PendingSuffix), JsonSerializer.SerializeToUtf8Bytes(planned));
    }

    /// <summary>Removes the announcements of tasks whose index is published.</summary>
    public static void RemoveAnnouncements(string folder, IReadOnlyList<ShardMarker> markers)
    {
        foreach (var marker in markers.Where(m => m.Error is null))
            File.Delete(Path.Combine(folder, IndexFolder, marker.Task + PendingSuffix));
    }

    /// <summary>Removes the files of an earlier export, as far as its index, or the announcement of an unfinished task, names them.</summary>
    public static void RemoveOld(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var indexes = Path.Combine(root, IndexFolder);
        if (!Directory.Exists(indexes))
            return;
        foreach (var index in Directory.EnumerateFiles(indexes, "part-*.parquet"))
        {
            foreach (var row in ParquetTableReader.Read(index, NameRow.Columns, () => new NameRow()).SelectMany(b => b))
                RemoveOne(root, row.File);
        }

        foreach (var announcement in Directory.EnumerateFiles(indexes, "part-*" + PendingSuffix).ToList())
        {
            foreach (var name in JsonSerializer.Deserialize<List<string>>(File.ReadAllBytes(announcement))!)
                RemoveOne(root, name);
            File.Delete(announcement);
        }
    }

    /// <summary>The files that an index names, with the SHA-256 of each.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">The index is damaged.</exception>
    public static IEnumerable<(string File, string Sha256)> Listed(string index) =>
        ParquetTableReader.Read(index, NameRow.WithHash, () => new NameRow()).SelectMany(b => b).Select(r => (r.File, r.Sha256));

    private static void RemoveOne(string root, string name)
    {
        var path = Path.GetFullPath(Path.Combine(root, name));
        // An index that someone else wrote must not name what lies outside.
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return;
        if (File.Exists(path))
            File.Delete(path);
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > root.Length && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any(); parent = Path.GetDirectoryName(parent)!)
            Directory.Delete(parent);
    }

    private sealed class NameRow
    {
        public static readonly IReadOnlyList<ParquetColumn<NameRow>> Columns = [new TextColumn<NameRow>("file", false, r => r.File, (r, v) => r.File = v!)];

        public static readonly IReadOnlyList<ParquetColumn<NameRow>> WithHash = [.. Columns, new TextColumn<NameRow>("sha256", false, r => r.Sha256, (r, v) => r.Sha256 = v!)];

        public string File { get; set; } = "";

        public string Sha256 { get; set; } = "";
    }

    private sealed record Entry(string File, string RepoName, string Path, string Language, string ContentId, string Sha256, long Bytes)
    {
        public static IReadOnlyList<ParquetColumn<Entry>> Columns() =>
        [
            Text("file", e => e.File),
            Text("repo_name", e => e.RepoName),
            Text("path", e => e.Path),
            Text("language", e => e.Language),
            Text("content_id", e => e.ContentId),
            Text("sha256", e => e.Sha256),
            ValueColumns.Long<Entry>("bytes", false, e => e.Bytes, (_, _) => { }),
        ];

        private static TextColumn<Entry> Text(string name, Func<Entry, string> get) => new(name, false, get, (_, _) => { });
    }
}
