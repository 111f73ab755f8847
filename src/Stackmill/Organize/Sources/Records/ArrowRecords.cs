using Apache.Arrow;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;

namespace Stackmill.Organize.Sources.Records;

/// <summary>Records of Arrow batches, wherever the batches come from.</summary>
/// <param name="names">Which columns hold what.</param>
/// <param name="source">The file.</param>
/// <param name="sink">Where the records go.</param>
internal sealed class ArrowRecords(RecordNames names, SourceFile source, IRecordSink sink)
{
    private ArrowBinding? _binding;

    /// <summary>Gives the records of one batch to the sink.</summary>
    /// <exception cref="Core.Faults.ShardFaultException">The schema is none of records.</exception>
    public void Read(RecordBatch batch)
    {
        _binding ??= ArrowBinding.Of(batch.Schema, names, source.Name);
        var row = Guard(() => Columns(_binding.Row, i => batch.Column(i)));
        if (_binding.Files is { } way)
            ReadRepositories(batch.Length, row, Guard(() => Column.At(way, i => batch.Column(i))));
        else
            ReadFiles(batch.Length, row, Guard(() => Column.At(_binding.Content, i => batch.Column(i))));
    }

    private void ReadFiles(int rows, List<(RecordField Field, Column Column)> fields, Column content)
    {
        for (var i = 0; i < rows; i++)
        {
            var record = new CodeRecord();
            var row = i;
            Give(record, Guard(() => Set(record, fields, content, row)));
        }
    }

    private void ReadRepositories(int rows, List<(RecordField Field, Column Column)> fields, Column lists)
    {
        var items = Guard(() => lists.Leaf is ListArray list ? (StructArray)list.Values : (StructArray)((LargeListArray)lists.Leaf).Values);
        IArrowArray Item(int index) => items.Fields[index];
        var ofFile = Guard(() => Columns(_binding!.File, Item));
        var content = Guard(() => Column.At(_binding!.Content, Item));
        for (var i = 0; i < rows; i++)
        {
            var (row, repository) = (i, new CodeRecord());
            Guard(() => Set(repository, fields, null, row));
            var limits = Guard(() => lists.IsNull(row) ? ((int Start, int End)?)null : Limits(lists.Leaf, row, items.Length));
            if (limits is not (var start, var end))
            {
                sink.Fail(repository, new RecordFaultException("missing_content", $"the list of files is null in {Path.GetFileName(source.RelativePath)}"));
                continue;
            }

            for (var k = start; k < end; k++)
            {
                var record = RecordNames.FileOf(repository);
                var index = k;
                Give(record, Guard(() => !items.IsNull(index) && Set(record, ofFile, content, index)));
            }

            if (start == end)
                sink.EmptyRepository();
        }
    }

    private void Give(CodeRecord record, bool hasContent)
    {
        if (hasContent)
            sink.Take(record);
        else
            sink.Fail(record, new RecordFaultException("missing_content", $"the content is null in {Path.GetFileName(source.RelativePath)}"));
    }

    private static (int Start, int End) Limits(IArrowArray lists, int row, int items)
    {
        var (start, end) = lists is ListArray list
            ? (list.ValueOffsets[row], (long)list.ValueOffsets[row + 1])
            : (((LargeListArray)lists).ValueOffsets[row], ((LargeListArray)lists).ValueOffsets[row + 1]);
        return start >= 0 && start <= end && end <= items
            ? ((int)start, (int)end)
            : throw new InvalidOperationException($"a list reaches from {start} to {end}, of {items} files");
    }

    // False when there is no content.
    private static bool Set(CodeRecord record, List<(RecordField Field, Column Column)> fields, Column? content, int row)
    {
        foreach (var (field, column) in fields)
        {
            if (!column.IsNull(row))
                field.Set(record, column.Leaf, row);
        }

        if (content is null || content.IsNull(row))
            return false;
        record.Content = ArrowValues.Bytes(content.Leaf, row, out var isNull);
        return !isNull;
    }

    // Arrays of damaged files end before the rows that they declare. What the sink does is not looked at here.
    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentException or OverflowException or InvalidCastException or InvalidOperationException or NullReferenceException)
        {
            throw ArrowFaults.Damaged(source.Name, fault.Message, fault);
        }
    }

    private static List<(RecordField Field, Column Column)> Columns(IReadOnlyList<BoundField> fields, Func<int, IArrowArray> top) =>
        [.. fields.Select(f => (f.Field, Column.At(f.Way, top)))];

    // A value is null when the struct around it is, whatever its own array says.
    private sealed record Column(IArrowArray Leaf, IReadOnlyList<IArrowArray> Around)
    {
        public static Column At(int[] way, Func<int, IArrowArray> top)
        {
            var (array, around) = (top(way[0]), new List<IArrowArray>());
            foreach (var index in way.AsSpan(1))
            {
                around.Add(array);
                array = ((StructArray)array).Fields[index];
            }

            return new Column(array, around);
        }

        public bool IsNull(int row)
        {
            foreach (var array in Around)
            {
                if (array.IsNull(row))
                    return true;
            }

            return Leaf.IsNull(row);
        }
    }
}
