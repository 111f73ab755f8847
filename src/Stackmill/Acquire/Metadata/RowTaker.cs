using Stackmill.Core.Faults;
using Stackmill.Shared.Languages;

namespace Stackmill.Acquire.Metadata;

/// <summary>
/// Makes whole rows of those that passed the filters. The columns that the filters did not need are read only when a row
/// of the row group passes, side by side with theirs and no further than the last such row.
/// </summary>
/// <param name="filename">True to take the 27th column.</param>
internal sealed class RowTaker(bool filename)
{
    private readonly IReadOnlyList<MetadataColumn> _columns = MetadataColumns.All(filename);
    private readonly List<(MetadataColumn Column, ItemColumn Values)> _decided = [];
    private readonly List<(MetadataColumn Column, ItemColumn Values)> _rest = [];
    private OpenSource? _source;
    private IReadOnlyList<string> _filterColumns = [];
    private IEnumerator<ItemBatch>? _batches;
    private ItemBatch? _boundTo;
    private int _group;
    private long _start;
    private long _end;

    /// <summary>Begins a row group, of which nothing is read yet.</summary>
    /// <param name="source">The file.</param>
    /// <param name="group">The row group.</param>
    /// <param name="filterColumns">The columns that the filters read.</param>
    public void Begin(OpenSource source, int group, IReadOnlyList<string> filterColumns) =>
        (_source, _group, _filterColumns, _start, _end) = (source, group, filterColumns, 0, 0);

    /// <summary>Makes the whole row.</summary>
    /// <param name="decided">The batch of the filters' columns.</param>
    /// <param name="item">The row in that batch.</param>
    /// <param name="index">The row in the row group; larger than in the calls before.</param>
    /// <exception cref="ShardFaultException">The file is damaged.</exception>
    public MetadataRow Take(ItemBatch decided, int item, long index)
    {
        if (!ReferenceEquals(_boundTo, decided))
        {
            Bind(_decided, decided, _filterColumns.Contains);
            _boundTo = decided;
        }

        while (index >= _end)
            Advance();
        var row = new MetadataRow();
        foreach (var (column, values) in _decided)
            column.Take(row, values.Array, values.Index(item));
        foreach (var (column, values) in _rest)
            column.Take(row, values.Array, values.Index((int)(index - _start)));
        if (!_source!.Layout.Has("extension"))
            row.Extension = LanguageTable.Extension(row.Path);
        return row;
    }

    /// <summary>Ends the row group.</summary>
    public void End()
    {
        _batches?.Dispose();
        (_batches, _boundTo) = (null, null);
        _decided.Clear();
        _rest.Clear();
    }

    private void Advance()
    {
        _batches ??= _source!.Read(_group, _columns.Select(c => c.Name).Where(c => !_filterColumns.Contains(c))).GetEnumerator();
        if (!_batches.MoveNext())
            throw new ShardFaultException($"'{_source!.Name}' is damaged: the columns of its row group {_group} have different lengths. Fetch or make it again, or take it out of the input.");
        _start = _end;
        _end += _batches.Current.Count;
        Bind(_rest, _batches.Current, name => !_filterColumns.Contains(name));
    }

    private void Bind(List<(MetadataColumn, ItemColumn)> bound, ItemBatch batch, Predicate<string> wanted)
    {
        bound.Clear();
        foreach (var column in _columns.Where(c => wanted(c.Name)))
        {
            if (batch.Column(column.Name) is { } values)
                bound.Add((column, values));
        }
    }
}
