using System.IO.Hashing;
using System.Runtime.InteropServices;
using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Runs.Provenance;

/// <summary>
/// The files of a release while they are held against what is said of them. Of files that are as they should be nothing is kept but a hash of the name, of others the first
/// few, however many there are.
/// </summary>
/// <param name="release">Folder of the release.</param>
/// <param name="most">Files that are told by name.</param>
internal sealed class ReleaseFiles(string release, int most)
{
    private const int Batch = 1024;

    // Eight bytes a name: a clash would hide one file that somebody has added, by an odd chance.
    private readonly HashSet<ulong> _files = [];
    private readonly HashSet<ulong> _folders = [];
    private readonly List<CheckedSubject> _told = [];

    /// <summary>Files that were held against what is said of them.</summary>
    public long Named { get; private set; }

    /// <summary>Those that are not so.</summary>
    public long Wrong { get; private set; }

    /// <summary>Files that nothing is said of.</summary>
    public long Strange { get; private set; }

    /// <summary>The first files that are wrong or strange.</summary>
    public IReadOnlyList<CheckedSubject> Told => _told;

    /// <summary>Holds files against their SHA-256, several at a time; gives those that are as they should be to <paramref name="whole"/>.</summary>
    public void Check(IEnumerable<(string Name, string Sha256)> files, Action<string>? whole = null)
    {
        foreach (var batch in files.Chunk(Batch))
        {
            var troubles = new string?[batch.Length];
            Parallel.For(0, batch.Length, i => troubles[i] = Trouble(batch[i].Name, batch[i].Sha256));
            foreach (var ((name, _), trouble) in batch.Zip(troubles))
            {
                Named++;
                Know(name);
                if (trouble is null)
                    whole?.Invoke(name);
                else
                    Tell(name, trouble);
            }
        }
    }

    /// <summary>Tells of a file that is not as it should be, whatever its bytes are.</summary>
    public void Tell(string name, string trouble)
    {
        Wrong++;
        Add(name, trouble);
    }

    /// <summary>Tells of a file that must be there, and that the statement does not name.</summary>
    public void TellUnsaid(string name, string trouble)
    {
        Named++;
        Know(name);
        Tell(name, trouble);
    }

    /// <summary>A file that may lie there, or is told of already.</summary>
    public void Know(string name)
    {
        if (!_files.Add(Hash(name)))
            return;
        for (var slash = name.LastIndexOf('/'); slash > 0 && _folders.Add(Hash(name.AsSpan(0, slash))); slash = name.LastIndexOf('/', slash - 1))
        {
        }
    }

    /// <summary>Looks for what else lies in the release. Of a folder that nothing is named in, only the folder is told.</summary>
    public void FindStrange()
    {
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(release, folder)).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
            {
                var name = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                var isFolder = entry is DirectoryInfo;
                if (isFolder && _folders.Contains(Hash(name)))
                    folders.Push(name);
                else if (isFolder || !_files.Contains(Hash(name)))
                    AddStrange(isFolder ? name + "/" : name);
            }
        }
    }

    private void AddStrange(string name)
    {
        Strange++;
        Add(name, "it is not in the statement");
    }

    private void Add(string name, string trouble)
    {
        if (_told.Count < most)
            _told.Add(new CheckedSubject(name, trouble));
    }

    private string? Trouble(string name, string sha256)
    {
        // A statement comes from others: its names must not lead out of the release.
        if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
            return "the name leads out of the release";
        if (name.Split('/').Any(p => p is "" or "."))
            return "it is no name of a file in a release";
        var file = Path.Combine(release, name);
        if (!File.Exists(file))
            return "missing";
        if (!FileKind.IsOrdinary(file))
            return "it is a FIFO, socket or device";
        try
        {
            var found = AtomicFile.Hash(file);
            return found.Equals(sha256, StringComparison.OrdinalIgnoreCase) ? null : $"its SHA-256 is {found}, the statement says {sha256}";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"it can't be read: {fault.Message}";
        }
    }

    private static ulong Hash(ReadOnlySpan<char> name) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name));
}
