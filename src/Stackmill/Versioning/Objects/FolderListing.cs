using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Objects;

/// <summary>A file in a folder.</summary>
/// <param name="Path">Path in the folder, with <c>/</c>.</param>
/// <param name="FullPath">Full path.</param>
/// <param name="State">What the file system tells of it, links followed.</param>
internal sealed record ListedFile(string Path, string FullPath, FileState State);

/// <summary>
/// The files of a folder as DVC sees them: hidden ones too, links to files as the files, links to folders not at all, nothing of
/// version control, nothing that <c>.dvcignore</c> names. In the order of the code points of their paths.
/// </summary>
internal static class FolderListing
{
    private const string IgnoreFile = ".dvcignore";

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="ignore">What is left out.</param>
    /// <exception cref="RunFaultException">Something in it can't be kept.</exception>
    public static List<ListedFile> Of(string folder, IgnoreRules ignore)
    {
        var files = new List<ListedFile>();
        Walk(folder, "", ignore, files);
        files.Sort(static (a, b) => CodePointOrder.Instance.Compare(a.Path, b.Path));
        return files;
    }

    /// <summary>What changes when a name, size, time or inode of the files does.</summary>
    public static UInt128 Fingerprint(List<ListedFile> files)
    {
        var hash = new XxHash128();
        Span<byte> numbers = stackalloc byte[24];
        Span<byte> name = stackalloc byte[4096];
        foreach (var file in files)
        {
            hash.Append(Encoding.UTF8.TryGetBytes(file.Path, name, out var length) ? name[..length] : Encoding.UTF8.GetBytes(file.Path));
            BinaryPrimitives.WriteInt64LittleEndian(numbers, file.State.Size);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], file.State.Modified);
            BinaryPrimitives.WriteUInt64LittleEndian(numbers[16..], file.State.Inode);
            hash.Append(numbers);
        }

        return hash.GetCurrentHashAsUInt128();
    }

    private static void Walk(string folder, string prefix, IgnoreRules ignore, List<ListedFile> files)
    {
        var hasRules = ignore.HasRules(folder);
        try
        {
            foreach (var entry in FolderEntries.Of(folder))
            {
                var name = entry;
                var isFolder = FolderEntries.IsFolder(ref name);
                var full = Path.Join(folder, name);
                if (IgnoreRules.IsLeftOut(name, isFolder) || (hasRules && ignore.IsIgnored(full, isFolder)))
                    continue;
                if (name[0] == '.' && IgnoreRules.IsReserved(name))
                    throw new RunFaultException($"'{full}' has a name that belongs to Git or DVC, in any case of letters. Rename it, or leave it out with .dvcignore.");
                if (isFolder)
                {
                    Walk(full, $"{prefix}{name}/", ignore, files);
                    continue;
                }

                files.Add(Look(full, prefix + name, name));
            }
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new RunFaultException($"the folder '{folder}' can't be read (no permission). Give yourself the right to, or leave it out with .dvcignore.", fault);
        }
    }

    private static ListedFile Look(string full, string path, string name)
    {
        if (name == IgnoreFile)
            throw new UsageException($"'{full}' lies in a folder that is kept as a whole, where DVC allows no {IgnoreFile}. Move it to a folder above.");
        var state = FileState.Of(full);
        return state.Kind switch
        {
            EntryKind.File => new ListedFile(path, full, state),
            EntryKind.None when name.Contains('\uFFFD', StringComparison.Ordinal) => throw new RunFaultException($"'{full}' has a name that is no valid UTF-8, which DVC can't keep. Rename it, or leave it out with .dvcignore."),
            EntryKind.None => throw new RunFaultException($"'{full}' is a link that leads nowhere, or vanished while the folder was listed. Remove it, or leave it out with .dvcignore."),
            _ => throw new RunFaultException($"'{full}' is a FIFO, socket or device, which can't be kept. Remove it, or leave it out with .dvcignore."),
        };
    }
}
