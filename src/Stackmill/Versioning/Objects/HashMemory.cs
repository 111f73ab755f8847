using System.Text;
using Stackmill.Core.Engine;

namespace Stackmill.Versioning.Objects;

/// <summary>What is known of a folder whose listing has a fingerprint.</summary>
internal readonly record struct KnownFolder(UInt128 Fingerprint, string Hash, long Size, int Files);

/// <summary>
/// Hashes that were worked out before, by path, size, time and inode, in files of Stackmill's own below <c>.dvc/tmp</c>, which
/// DVC does not read. Loss of them costs time only. A file that changed so shortly before it was hashed that its time could be
/// the same after another change is not remembered.
/// </summary>
/// <param name="folder">Folder of the files.</param>
/// <param name="clock">The clock that times of files are compared with.</param>
internal sealed class HashMemory(string folder, TimeProvider clock)
{
    private const int Format = 0x534D4831;
    private const int HashBytes = 16;
    private const string FilesName = "files.bin";
    private const string FoldersName = "folders.bin";

    // Above the step of the clock that file systems stamp with (4 or 10 ms on Linux).
    private static readonly TimeSpan TooYoung = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private Dictionary<string, (FileState State, string Md5)>? _files;
    private Dictionary<string, KnownFolder>? _folders;
    private bool _filesChanged;
    private bool _foldersChanged;

    /// <summary>The latest time of a file that may be remembered; to be asked before the file is looked at.</summary>
    public long Now => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch - TooYoung).Ticks * 100;

    /// <summary>The hash of a file that has not changed since; null when it is not known.</summary>
    public string? Find(string path, FileState state)
    {
        lock (_gate)
        {
            _files ??= Load(FilesName, ReadFile);
            return _files.TryGetValue(path, out var known) && Same(known.State, state) ? known.Md5 : null;
        }
    }

    /// <summary>Remembers the hash of a file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="state">Its state before it was read.</param>
    /// <param name="md5">Its hash.</param>
    /// <param name="now">What <see cref="Now"/> was before.</param>
    public void Remember(string path, FileState state, string md5, long now)
    {
        if (state.Modified >= now)
            return;
        lock (_gate)
        {
            _files ??= Load(FilesName, ReadFile);
            _files[path] = (state, md5);
            _filesChanged = true;
        }
    }

    /// <summary>What is known of a folder.</summary>
    public KnownFolder? FindFolder(string path, UInt128 fingerprint)
    {
        lock (_gate)
        {
            _folders ??= Load(FoldersName, ReadFolder);
            return _folders.TryGetValue(path, out var known) && known.Fingerprint == fingerprint ? known : null;
        }
    }

    /// <summary>Remembers a folder, unless one of its files is too young.</summary>
    public void RememberFolder(string path, List<ListedFile> files, KnownFolder known, long now)
    {
        if (files.Exists(f => f.State.Modified >= now))
            return;
        lock (_gate)
        {
            _folders ??= Load(FoldersName, ReadFolder);
            _folders[path] = known;
            _foldersChanged = true;
        }
    }

    /// <summary>Writes what is new. A second process that writes at the same time costs the other's news, nothing else.</summary>
    public void Save()
    {
        lock (_gate)
        {
            if (_filesChanged)
            {
                Store(FilesName, _files!, static (writer, entry) =>
                {
                    writer.Write(entry.State.Size);
                    writer.Write(entry.State.Modified);
                    writer.Write(entry.State.Inode);
                    writer.Write(Convert.FromHexString(entry.Md5));
                });
            }

            if (_foldersChanged)
            {
                Store(FoldersName, _folders!, static (writer, known) =>
                {
                    writer.Write((ulong)(known.Fingerprint >> 64));
                    writer.Write((ulong)known.Fingerprint);
                    writer.Write(known.Hash);
                    writer.Write(known.Size);
                    writer.Write(known.Files);
                });
            }

            (_filesChanged, _foldersChanged) = (false, false);
        }
    }

    private static bool Same(FileState a, FileState b) => a.Size == b.Size && a.Modified == b.Modified && a.Inode == b.Inode;

    private static (FileState State, string Md5) ReadFile(BinaryReader reader) =>
        (new FileState(EntryKind.File, reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64(), 0),
            reader.ReadBytes(HashBytes) is { Length: HashBytes } hash ? Convert.ToHexStringLower(hash) : throw new EndOfStreamException());

    private static KnownFolder ReadFolder(BinaryReader reader) =>
        new(new UInt128(reader.ReadUInt64(), reader.ReadUInt64()), reader.ReadString(), reader.ReadInt64(), reader.ReadInt32());

    private Dictionary<string, T> Load<T>(string name, Func<BinaryReader, T> read)
    {
        var known = new Dictionary<string, T>(StringComparer.Ordinal);
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            return known;
        using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(path)), Encoding.UTF8);
        try
        {
            if (reader.ReadInt32() != Format)
                return known;
            for (var left = reader.ReadInt32(); left > 0; left--)
                known[reader.ReadString()] = read(reader);
        }
        catch (EndOfStreamException)
        {
            // Cut off by a full disk: what is missing is hashed anew.
        }

        return known;
    }

    private void Store<T>(string name, Dictionary<string, T> known, Action<BinaryWriter, T> write) =>
        AtomicFile.Write(Path.Combine(folder, name), stream =>
        {
            using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
            writer.Write(Format);
            writer.Write(known.Count);
            foreach (var (path, entry) in known)
            {
                writer.Write(path);
                write(writer, entry);
            }
        });
}
