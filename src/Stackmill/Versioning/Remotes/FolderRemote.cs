using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Remotes;

/// <summary>A remote in a folder of this machine, or of a file system that is mounted.</summary>
internal sealed class FolderRemote(string name, string folder) : ObjectRemote(name, folder)
{
    /// <inheritdoc/>
    public override int Concurrency => Math.Min(8, Environment.ProcessorCount);

    /// <inheritdoc/>
    public override HashSet<string> Present(IReadOnlyCollection<string> hashes) =>
        [.. hashes.Where(h => FileState.Of(PathOf(ObjectCache.KeyOf(h))).Kind == EntryKind.File)];

    /// <inheritdoc/>
    public override void Send(string key, string file)
    {
        var path = PathOf(key);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = AtomicFile.TemporaryName(path);
            File.Copy(file, temporary, overwrite: true);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException || (fault is IOException && !StorageFault.IsDiskFull(fault)))
        {
            throw Unusable("written to", fault);
        }
    }

    /// <inheritdoc/>
    public override bool Fetch(string key, string file)
    {
        if (!Directory.Exists(Address))
            throw new RunFaultException($"the remote '{Name}' can't be reached: there is no folder '{Address}'. Mount it, or correct its url with 'stackmill data remote add --force'.");
        var path = PathOf(key);
        if (!File.Exists(path))
            return false;
        try
        {
            File.Copy(path, file, overwrite: true);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw Unusable("read", fault);
        }

        return true;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> All() => ObjectCache.All(PathOf(Objects.TrimEnd('/')));

    /// <inheritdoc/>
    public override IEnumerable<string> Keys(string below) => Directory.Exists(PathOf(below))
        ? Directory.EnumerateFiles(PathOf(below), "*", SearchOption.AllDirectories).Select(f => ProjectPath.Relative(Address, f)) : [];

    /// <inheritdoc/>
    public override void Remove(string key) => File.Delete(PathOf(key));

    /// <inheritdoc/>
    public override void Dispose()
    {
        // There is nothing to close.
    }

    private string PathOf(string key) => Path.Combine(Address, key);

    private RunFaultException Unusable(string what, Exception fault) =>
        new($"the remote '{Name}' in '{Address}' can't be {what} ({fault.GetType().Name}). Check that it is mounted and that you have the right to.", fault);
}
