using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>An archive can't be read on: what was read before stays, and the fault is counted as one failed record.</summary>
/// <param name="fault">How it is counted, and what was found.</param>
internal sealed class ArchiveFaultException(RecordFaultException fault) : StackmillException(fault.Message, fault)
{
    /// <summary>How it is counted.</summary>
    public RecordFaultException Fault { get; } = fault;

    /// <summary>The archive's own structure is broken.</summary>
    public static ArchiveFaultException Damaged(string message, Exception? inner = null) =>
        new(new RecordFaultException("damaged_archive", message, inner));

    /// <summary>It unpacks to more than is allowed.</summary>
    public static ArchiveFaultException Bomb(long limit, bool byRatio) =>
        new(new RecordFaultException("archive_bomb", $"it unpacks to more than {limit} bytes, the limit by input.archives.{(byRatio ? "max_ratio" : "max_unpacked")}"));
}
