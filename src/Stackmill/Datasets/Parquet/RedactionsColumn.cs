using Apache.Arrow;
using ParquetSharp;
using Stackmill.Core.Model;

namespace Stackmill.Datasets.Parquet;

/// <summary>The column <c>redactions</c>: list of struct of kind, rule, start, length, confidence, replaced, hash. Datasets of former versions have the first four.</summary>
internal sealed class RedactionsColumn() : StructListColumn<Redaction>(
    "redactions", Text("kind"), Text("rule"), Plain("start", PhysicalType.Int32), Plain("length", PhysicalType.Int32),
    Plain("confidence", PhysicalType.Double), Plain("replaced", PhysicalType.Boolean), Text("hash", Repetition.Optional))
{
    protected override IReadOnlyList<Redaction>? List(CodeRecord record) => record.Redactions;

    protected override void Set(CodeRecord record, Redaction[] items) => record.Redactions = items;

    protected override void Write(Fields fields)
    {
        fields.Add(r => r.Kind);
        fields.Add(r => r.Rule);
        fields.Add(r => r.Start);
        fields.Add(r => r.Length);
        fields.Add(r => r.Confidence);
        fields.Add(r => r.IsReplaced);
        fields.AddOptional(r => r.Hash);
    }

    protected override Redaction Read(StructArray items, int at) => new(
        ArrowValues.String(items.Fields[0], at)!,
        ArrowValues.String(items.Fields[1], at)!,
        (int)ArrowValues.Long(items.Fields[2], at)!,
        (int)ArrowValues.Long(items.Fields[3], at)!)
    {
        Confidence = items.Fields.Count > 4 ? ArrowValues.Double(items.Fields[4], at) ?? 1 : 1,
        IsReplaced = items.Fields.Count <= 5 || ((BooleanArray)items.Fields[5]).GetValue(at) != false,
        Hash = items.Fields.Count > 6 ? ArrowValues.String(items.Fields[6], at) : null,
    };
}
