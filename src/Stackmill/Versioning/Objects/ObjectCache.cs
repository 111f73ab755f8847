using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Objects;

/// <summary>
/// The cache of a project: <c>files/md5/aa/…</c>, each object named by its hash and not to be written to. An object with that mode is
/// trusted; any other is hashed before it is used.
/// </summary>
internal sealed class ObjectCache
{
    // r--r--r--: the mode that DVC trusts.
    private const int Protected = 0x124;

    private readonly string _objects;
    private readonly string _temporary;
    private int _serial;

    /// <summary>The cache of a project.</summary>
    public ObjectCache(DvcProject project)
    {
        if (project.Config.Get("cache", "shared") is { Length: > 0 } shared && shared != "group")
            throw new UsageException($"cache.shared in the project's configuration is '{shared}'; expected group.");
        (Folder, _temporary) = (project.CacheFolder, project.OwnFolder);
        _objects = Path.Combine(Folder, "files", "md5");
        IsShared = project.Config.Get("cache", "shared") == "group";
    }

    /// <summary>Folder of the cache.</summary>
    public string Folder { get; }

    private bool IsShared { get; }

    /// <summary>Where an object lies.</summary>
    public string PathOf(string hash) => Path.Combine(_objects, hash[..2], hash[2..]);

    /// <summary>Path of an object relative to the cache or a remote, with <c>/</c>.</summary>
    public static string KeyOf(string hash) => $"files/md5/{hash[..2]}/{hash[2..]}";

    /// <summary>A name for a temporary file.</summary>
    public string Temporary()
    {
        Directory.CreateDirectory(_temporary);
        return AtomicFile.TemporaryName(Path.Combine(_temporary, $"object-{Interlocked.Increment(ref _serial)}"));
    }

    /// <summary>True when the object is there and whole.</summary>
    public bool Has(string hash)
    {
        var path = PathOf(hash);
        var state = FileState.Of(path);
        return state.Kind == EntryKind.File && (state.Mode == Protected || IsWhole(hash, path));
    }

    /// <summary>Reads the list of a folder; null when it is not there.</summary>
    /// <exception cref="RunFaultException">It is damaged.</exception>
    public FolderObject? Folders(string hash)
    {
        var path = PathOf(hash);
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        if (Md5File.Of(bytes) + Md5File.FolderEnding != hash)
            throw Damaged(hash, path);
        return FolderObject.Read(bytes, path);
    }

    /// <summary>All objects that a hash stands for: itself, and a folder's files after it. A folder whose list is missing stands for itself.</summary>
    public IEnumerable<string> Closure(string hash) =>
        Md5File.IsFolder(hash) && Folders(hash) is { } folder ? folder.Entries.Select(e => e.Md5).Distinct(StringComparer.Ordinal).Prepend(hash) : [hash];

    /// <summary>True when a hash and all that it stands for are there.</summary>
    public bool HasAll(string hash) => Md5File.IsFolder(hash)
        ? Has(hash) && Folders(hash) is { } folder && folder.Entries.All(e => Has(e.Md5))
        : Has(hash);

    /// <summary>Fails when an object that is there is damaged.</summary>
    /// <exception cref="RunFaultException">It is.</exception>
    public void RequireWhole(string hash)
    {
        if (File.Exists(PathOf(hash)) && !Has(hash))
            throw Damaged(hash, PathOf(hash));
    }

    /// <summary>Takes the bytes of an object in.</summary>
    public void Put(string hash, byte[] bytes)
    {
        if (Has(hash))
            return;
        var temporary = Temporary();
        File.WriteAllBytes(temporary, bytes);
        Adopt(temporary, hash);
    }

    /// <summary>Takes a copy of a file in whose hash is known, unless it is there.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="path">The file.</param>
    /// <param name="state">Its state when it was hashed: when it has changed by then, nothing is taken.</param>
    /// <exception cref="RunFaultException">The file changed.</exception>
    public void Put(string hash, string path, FileState state)
    {
        if (Has(hash))
            return;
        var temporary = Temporary();
        File.Copy(path, temporary, overwrite: true);
        var after = FileState.Of(path);
        if (after.Size != state.Size || after.Modified != state.Modified || FileState.Of(temporary).Size != state.Size)
        {
            File.Delete(temporary);
            throw new RunFaultException($"'{path}' changed while it was taken into the cache. Wait until nobody writes it, and run the same command again.");
        }

        Adopt(temporary, hash);
    }

    /// <summary>Makes a finished file the object of a hash.</summary>
    public void Adopt(string temporary, string hash)
    {
        var path = PathOf(hash);
        FileLinks.SetMode(temporary, Protected);
        MakeFolder(Path.GetDirectoryName(path)!);
        MoveInto(temporary, path);
    }

    /// <summary>Renames a file over another, across file systems too.</summary>
    public static void MoveInto(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (IOException fault) when (!StorageFault.IsDiskFull(fault) && File.Exists(temporary) && new FileInfo(temporary).LinkTarget is null)
        {
            // Another file system: the copy appears under a name of its own first. A fault of another kind comes again here.
            var beside = AtomicFile.TemporaryName(path);
            File.Copy(temporary, beside, overwrite: true);
            File.Move(beside, path, overwrite: true);
            File.Delete(temporary);
        }
    }

    /// <summary>Hashes of all objects.</summary>
    public IEnumerable<string> All() => All(_objects);

    /// <summary>Hashes of all objects below a folder of that form.</summary>
    public static IEnumerable<string> All(string objects)
    {
        if (!Directory.Exists(objects))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(objects))
        {
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                var hash = Path.GetFileName(folder) + Path.GetFileName(file);
                if (Md5File.IsHash(hash))
                    yield return hash;
            }
        }
    }

    /// <summary>Says that an object does not have the hash that it is named by.</summary>
    public static RunFaultException Damaged(string hash, string path) =>
        new($"the object '{path}' is damaged: its bytes do not have the hash {hash} that it is named by. Remove it and fetch it again, or add the data again. Nothing was overwritten.");

    private void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(folder);
        if (IsShared)
            FileLinks.SetMode(folder, 0x5FD);
    }

    private static bool IsWhole(string hash, string path)
    {
        if (Md5File.Of(path) + (Md5File.IsFolder(hash) ? Md5File.FolderEnding : "") != hash)
            return false;
        try
        {
            FileLinks.SetMode(path, Protected);
        }
        catch (UnauthorizedAccessException)
        {
            // Somebody else's object in a shared cache: it is hashed each time.
        }

        return true;
    }
}
