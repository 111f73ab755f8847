using Apache.Arrow;
using Apache.Arrow.Types;

namespace Stackmill.Acquire.Metadata;

/// <summary>Some columns of a run of files, whatever the layout: item <c>i</c> is the <c>i</c>-th file, also where rows are repositories.</summary>
internal sealed class ItemBatch : IDisposable
{
    private readonly RecordBatch _batch;
    private readonly SourceLayout _layout;
    private readonly StructArray? _files;
    private readonly int _firstFile;
    private readonly int[] _rowOfItem = [];

    /// <summary>Wraps a batch, which it owns from now on.</summary>
    public ItemBatch(RecordBatch batch, SourceLayout layout)
    {
        _batch = batch;
        _layout = layout;
        Count = batch.Length;
        if (!layout.IsNested)
            return;
        var list = batch.Column("files");
        var starts = new int[batch.Length + 1];
        switch (list)
        {
            case ListArray a:
                _files = (StructArray)a.Values;
                a.ValueOffsets[..starts.Length].CopyTo(starts);
                break;
            case LargeListArray a:
                _files = (StructArray)a.Values;
                for (var i = 0; i < starts.Length; i++)
                    starts[i] = checked((int)a.ValueOffsets[i]);
                break;
        }

        _firstFile = starts[0];
        Count = starts[^1] - _firstFile;
        _rowOfItem = new int[Count];
        for (var row = 0; row < batch.Length; row++)
            _rowOfItem.AsSpan(starts[row] - _firstFile, starts[row + 1] - starts[row]).Fill(row);
    }

    /// <summary>Files in this batch.</summary>
    public int Count { get; }

    /// <summary>A column that was read; <c>null</c> when it was not, or is not there.</summary>
    public ItemColumn? Column(string name)
    {
        if (!_layout.Has(name))
            return null;
        if (!_layout.IsInFiles(name))
            return Find(_batch.Schema.FieldsList, name) is { } column ? new ItemColumn(this, _batch.Column(column), false) : null;
        return Find(((StructType)_files!.Data.DataType).Fields, name) is { } field ? new ItemColumn(this, _files.Fields[field], true) : null;
    }

    private static int? Find(IReadOnlyList<Field> fields, string name)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Name == name)
                return i;
        }

        return null;
    }

    internal int Index(bool inFiles, int item) => !_layout.IsNested ? item : inFiles ? _firstFile + item : _rowOfItem[item];

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();
}

/// <summary>The values of one column of a batch.</summary>
/// <param name="batch">The batch.</param>
/// <param name="array">The values: one a file, or one a repository.</param>
/// <param name="inFiles">True for one a file of the nested form.</param>
internal sealed class ItemColumn(ItemBatch batch, IArrowArray array, bool inFiles)
{
    /// <summary>The values.</summary>
    public IArrowArray Array => array;

    /// <summary>Where the value of an item lies in the array.</summary>
    public int Index(int item) => batch.Index(inFiles, item);
}
