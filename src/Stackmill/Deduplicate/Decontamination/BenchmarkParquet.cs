using Apache.Arrow;
using Apache.Arrow.Types;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>Rows of a benchmark in Parquet. Only the columns of its form are read.</summary>
internal static class BenchmarkParquet
{
    /// <summary>Reads the rows.</summary>
    /// <exception cref="UsageException">The columns show no form, or are of a wrong type.</exception>
    /// <exception cref="ShardFaultException">The file is no readable Parquet file.</exception>
    public static IEnumerable<BenchmarkRow> Read(LocalFile file, DecontaminationOptions options)
    {
        BenchmarkForm? form = null;
        long number = 0;
        foreach (var batch in ParquetTableReader.Batches(file, Choose))
        {
            for (var i = 0; i < batch.Length; i++)
                yield return new Row(form!, $"'{file.Name}', row {++number},", batch, i);
        }

        IReadOnlyList<int> Choose(Schema schema)
        {
            var names = schema.FieldsList.Select(f => f.Name).ToList();
            form = BenchmarkForm.Find(names, options) ?? throw BenchmarkRow.NoForm(file.Name, names, options);
            var (leaves, next) = (new List<int>(), 0);
            foreach (var field in schema.FieldsList)
            {
                var count = Leaves(field.DataType);
                if (form.Columns.Any(c => c.Top == field.Name))
                    leaves.AddRange(Enumerable.Range(next, count));
                next += count;
            }

            return leaves;
        }
    }

    private static int Leaves(IArrowType type) => type is NestedType nested ? nested.Fields.Sum(f => Leaves(f.DataType)) : 1;

    private sealed class Row(BenchmarkForm form, string where, RecordBatch batch, int row) : BenchmarkRow(form, where)
    {
        protected override IReadOnlyList<string> Values(BenchmarkColumn column)
        {
            var names = column.Name.Split('.');
            if (batch.Schema.GetFieldIndex(names[0]) < 0)
                return [];
            var array = batch.Column(names[0]);
            foreach (var name in names.Skip(1))
            {
                if (array is not StructArray inner || inner.IsNull(row))
                    return [];
                var field = ((StructType)inner.Data.DataType).GetFieldIndex(name);
                if (field < 0)
                    return [];
                array = inner.Fields[field];
            }

            var type = array switch
            {
                ListArray list => list.Values,
                LargeListArray list => list.Values,
                _ => array,
            };
            var isText = type is StringArray or LargeStringArray or StringViewArray or DictionaryArray { Dictionary: StringArray or LargeStringArray };
            var isNumber = array is Int64Array or Int32Array or Int16Array or UInt64Array or UInt32Array or UInt16Array;
            if (!isText && !(isNumber && column.Role == BenchmarkForm.Id))
                throw Wrong(column, $"values of the type {array.Data.DataType.Name}", column.Role == BenchmarkForm.Id ? "texts or whole numbers" : "texts or lists of texts");
            return ArrowValues.Strings(array, row) ?? [];
        }
    }
}
