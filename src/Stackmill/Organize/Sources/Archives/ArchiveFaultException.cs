using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>An archive can't be read on.</summary>
/// <param name="fault">How it is counted where it is one failed record, and what was found.</param>
/// <param name="isDamage">
/// True when its bytes are surely not those that were written. Nobody can tell then which of the files before are right, so none is taken:
/// the shard fails. Of other faults, and of an archive inside another one, what was read before stays.
/// </param>
internal sealed class ArchiveFaultException(RecordFaultException fault, bool isDamage) : StackmillException(fault.Message, fault)
{
    /// <summary>True when its bytes are not those that were written.</summary>
    public bool IsDamage { get; } = isDamage;

    /// <summary>How it is counted.</summary>
    public RecordFaultException Fault { get; } = fault;

    /// <summary>The archive's own structure is broken.</summary>
    public static ArchiveFaultException Damaged(string message, Exception? inner = null) =>
        new(new RecordFaultException("damaged_archive", message, inner), isDamage: true);

    /// <summary>It may have been cut, or more than the archive is in its file; no checksum says so.</summary>
    public static ArchiveFaultException Unfinished(string message) => new(new RecordFaultException("damaged_archive", message), isDamage: false);

    /// <summary>It is compressed in a way that is not read.</summary>
    public static ArchiveFaultException Unsupported(string message, Exception inner) =>
        new(new RecordFaultException("unsupported_compression", message, inner), isDamage: false);

    /// <summary>It unpacks to more than is allowed.</summary>
    public static ArchiveFaultException Bomb(long limit, bool byRatio) =>
        new(new RecordFaultException("archive_bomb", $"it unpacks to more than {limit} bytes, the limit by input.archives.{(byRatio ? "max_ratio" : "max_unpacked")}"), isDamage: false);
}
