using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Organize.Sources.Records;

namespace Stackmill.Tests.Organize.Sources.Records;

/// <summary>Keeps what a reader gives, contents copied.</summary>
internal sealed class RecordingSink : IRecordSink
{
    public List<CodeRecord> Records { get; } = [];

    public List<(CodeRecord About, string Reason, string Detail)> Failures { get; } = [];

    public int EmptyRepositories { get; private set; }

    public void Take(CodeRecord record)
    {
        record.Content = record.Content.ToArray();
        Records.Add(record);
    }

    public void Fail(CodeRecord about, RecordFaultException fault) => Failures.Add((about, fault.Reason, fault.Message));

    public void EmptyRepository() => EmptyRepositories++;
}
