using Stackmill.Core.Faults;
using Stackmill.Core.Model;

namespace Stackmill.Organize.Sources.Records;

/// <summary>Where the readers of records hand on what they found. Every call but <see cref="EmptyRepository"/> is one file that came in.</summary>
internal interface IRecordSink
{
    /// <summary>One file; its content is valid during the call only.</summary>
    void Take(CodeRecord record);

    /// <summary>One file, or what stands in its place, that can't be read.</summary>
    /// <param name="about">What is known of it.</param>
    /// <param name="fault">The reason that is counted; where it was, and what was found and expected.</param>
    void Fail(CodeRecord about, RecordFaultException fault);

    /// <summary>A repository whose list of files is empty.</summary>
    void EmptyRepository();
}
