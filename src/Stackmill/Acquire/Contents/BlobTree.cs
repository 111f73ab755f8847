using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Shared;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// Writes contents as the seed system had them: plain files by language, each with its SHA-256 in <c>NAME.sha256</c> (bare
/// hex). A name that is too long for that is in the folder's <c>_checksums.sha256</c> only, which lists all files in the
/// form that <c>sha256sum --check</c> reads. Files that are there with the right bytes are left as they are.
/// </summary>
internal static class BlobTree
{
    /// <summary>Name of the list of checksums in each language's folder.</summary>
    public const string ChecksumsName = "_checksums.sha256";

    // Of one name, on Linux (NAME_MAX) and macOS.
    private const int MaxNameBytes = 255;

    /// <summary>Writes the tree.</summary>
    public static void Write(Dataset dataset, string folder, RunContext context)
    {
        var (names, written) = (new SafeNames(), 0L);
        // One open list a language: the lists of a large corpus are larger than memory.
        var lists = new Dictionary<string, StreamWriter>(StringComparer.Ordinal);
        var complete = false;
        try
        {
            for (var shard = 0; shard < dataset.Manifest.Shards.Count; shard++)
            {
                foreach (var record in dataset.Read(shard, RecordColumns.Staged()).SelectMany(b => b))
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                    var name = names.Assign(record);
                    written += Write(folder, name, record) ? 1 : 0;
                    var slash = name.IndexOf('/');
                    List(lists, folder, name[..slash]).Write($"{record.Sha256}  {name[(slash + 1)..]}\n");
                }
            }

            complete = true;
        }
        finally
        {
            foreach (var (language, list) in lists)
            {
                list.Dispose();
                var path = Path.Combine(folder, language, ChecksumsName);
                if (complete)
                    File.Move(AtomicFile.TemporaryName(path), path, overwrite: true);
                else
                    File.Delete(AtomicFile.TemporaryName(path));
            }
        }

        context.Observer.Note(ContentStage.Id, $"{written:N0} files written below '{folder}'; the others were there");
    }

    private static StreamWriter List(Dictionary<string, StreamWriter> lists, string folder, string language)
    {
        if (lists.TryGetValue(language, out var list))
            return list;
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, language)).FullName, ChecksumsName);
        lists.Add(language, list = new StreamWriter(AtomicFile.TemporaryName(path), append: false, new UTF8Encoding(false)));
        return list;
    }

    // Renamed when whole, but not flushed to the disk one by one: what a power cut damages is found by its hash next time.
    private static bool Write(string folder, string name, CodeRecord record)
    {
        var path = Path.Combine(folder, name);
        var side = path + ".sha256";
        var hasSide = Encoding.UTF8.GetByteCount(Path.GetFileName(side)) <= MaxNameBytes;
        if (new FileInfo(path) is { Exists: true } file && file.Length == record.Content.Length && AtomicFile.Hash(path) == record.Sha256 && (!hasSide || File.Exists(side)))
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Put(path, record.Content.Span);
        if (hasSide)
            Put(side, Encoding.ASCII.GetBytes(record.Sha256));
        return true;
    }

    private static void Put(string path, ReadOnlySpan<byte> bytes)
    {
        // The name itself may be as long as names can be.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $"_{Environment.ProcessId}.tmp");
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
    }
}
