using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>What an entry of an archive is.</summary>
internal enum EntryKind
{
    /// <summary>An ordinary file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A second name of another entry.</summary>
    HardLink,

    /// <summary>A device, FIFO, socket, or a kind that only its maker knows.</summary>
    Special,
}

/// <summary>One entry of an archive.</summary>
/// <param name="Name">Its name as written; bytes that are no text are shown as <c>\xNN</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Unpacked bytes, as the archive says.</param>
/// <param name="Fault">Why it can't be read; <c>null</c> when it can.</param>
internal readonly record struct ArchiveEntry(string Name, EntryKind Kind, long Length, RecordFaultException? Fault = null);

/// <summary>Gives the entries of an archive one after another, and the bytes of the present one.</summary>
internal abstract class ArchiveReader : IDisposable
{
    /// <summary>Goes to the next entry; false after the last one.</summary>
    /// <exception cref="ArchiveFaultException">The archive can't be read on.</exception>
    public abstract bool Next(out ArchiveEntry entry);

    /// <summary>
    /// Opens the bytes of the present entry, once. The stream gives exactly <see cref="ArchiveEntry.Length"/> bytes, or throws
    /// <see cref="RecordFaultException"/> where only this entry is broken and <see cref="ArchiveFaultException"/> where the archive is.
    /// </summary>
    public abstract Stream OpenContent();

    /// <inheritdoc/>
    public abstract void Dispose();
}
