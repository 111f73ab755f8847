using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Runs.Cluster;

/// <summary>
/// Files that are written anew each time into a folder where people may keep others. A list beside them, with the hash of each, says which are the program's own: only those
/// are written over or removed, and only as long as nobody has changed them.
/// </summary>
internal static class WrittenFiles
{
    private const int HashLength = 64;

    /// <summary>Path of the list of a folder: beside it, where nothing takes it for one of the files. It has the form of <c>sha256sum</c>.</summary>
    public static string ListOf(string folder) => Path.TrimEndingDirectorySeparator(folder) + ".sha256";

    /// <summary>Writes files into a folder, removes those of the last time that are not among them, and gives their paths.</summary>
    /// <param name="folder">The folder; it is made when it is missing.</param>
    /// <param name="files">Names without folders, and texts.</param>
    /// <exception cref="UsageException">The folder can't be written to; or a file that would be written over is not the program's own, or was changed. Nothing is written then.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<(string Name, string Text)> files)
    {
        if (File.Exists(folder))
            throw new UsageException($"'{folder}' is a file; expected the folder that this command writes. Move it away, and give the command again.");
        var own = Read(folder);
        var wanted = files.Select(f => (f.Name, Bytes: Encoding.UTF8.GetBytes(f.Text))).Select(f => (f.Name, f.Bytes, Hash: Convert.ToHexStringLower(SHA256.HashData(f.Bytes)))).ToList();
        foreach (var (name, _, hash) in wanted)
            RequireOwn(folder, name, own.Append((hash, name)));
        try
        {
            Directory.CreateDirectory(folder);
            // A kill in between leaves files that the list knows, as they were and as they become.
            var now = wanted.Select(f => (f.Hash, f.Name)).ToList();
            WriteList(folder, own.Union(now));
            foreach (var (name, bytes, _) in wanted)
                AtomicFile.WriteAllBytes(Path.Combine(folder, name), bytes, flush: false);
            foreach (var name in own.Select(o => o.Name).Distinct().Except(files.Select(f => f.Name)).Where(n => IsOwn(folder, n, own)).ToList())
                File.Delete(Path.Combine(folder, name));
            WriteList(folder, now);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException || (fault is IOException io && StorageFault.IsReadOnly(io)))
        {
            throw new UsageException($"the folder '{folder}', or the list of what is in it, '{ListOf(folder)}', can't be written: there is no permission to, or the disk is read-only. Make them writable for this user, or move them away; they are made anew.", fault);
        }

        return [.. files.Select(f => Path.Combine(folder, f.Name))];
    }

    private static void WriteList(string folder, IEnumerable<(string Hash, string Name)> entries) =>
        AtomicFile.WriteAllBytes(ListOf(folder), Encoding.UTF8.GetBytes(string.Concat(entries.Select(e => $"{e.Hash}  {e.Name}\n"))), flush: false);

    // What is no entry is passed over: a file that the list does not know is somebody else's.
    private static List<(string Hash, string Name)> Read(string folder)
    {
        var path = ListOf(folder);
        if (Path.Exists(path) && !IsPlain(path))
            throw new UsageException($"'{path}' is no file; expected the list of what was written into '{folder}'. Move it away, and give the command again; nothing was written.");
        return !File.Exists(path) ? [] : [.. File.ReadLines(path).Where(l => l.Length > HashLength + 2).Select(l => (l[..HashLength], l[(HashLength + 2)..])).Where(e => Path.GetFileName(e.Item2) == e.Item2 && e.Item2 is not ("." or ".."))];
    }

    private static bool IsOwn(string folder, string name, IEnumerable<(string Hash, string Name)> own)
    {
        var path = Path.Combine(folder, name);
        if (!IsPlain(path))
            return false;
        var hash = AtomicFile.Hash(path);
        return own.Any(o => o.Name == name && o.Hash == hash);
    }

    // No folder, link, FIFO or device.
    private static bool IsPlain(string path) => new FileInfo(path) is { Exists: true, LinkTarget: null } file && FileKind.Of(file).IsRegular;

    private static void RequireOwn(string folder, string name, IEnumerable<(string Hash, string Name)> own)
    {
        var path = Path.Combine(folder, name);
        var isThere = Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
        if (!isThere || IsOwn(folder, name, own))
            return;
        throw new UsageException($"'{path}' would be written over, but it was changed, or is not of this command. Move it away, and give the command again; nothing was written.");
    }
}
