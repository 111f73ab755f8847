using System.Runtime.CompilerServices;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>The decisions on the rows of one shard, in their order, from those of all parts.</summary>
internal sealed class DecisionReader : IDisposable
{
    private readonly RowReader<DecisionRow>[] _parts;
    private readonly SortedValues<DecisionRow> _rows;
    private DecisionRow _next;
    private bool _has;

    /// <summary>Opens the decisions on a shard.</summary>
    public DecisionReader(SearchFiles files, int shard, OpenFiles open)
    {
        var parts = new List<RowReader<DecisionRow>>();
        string[] contained = File.Exists(files.Contained) ? [files.Contained] : [];
        foreach (var path in Enumerable.Range(0, files.Parts).Select(files.Decisions).Concat(contained))
        {
            var count = new FileInfo(path).Length / Unsafe.SizeOf<DecisionRow>();
            var (start, end) = (FirstOf(path, shard, count, open), FirstOf(path, shard + 1, count, open));
            if (end > start)
                parts.Add(new RowReader<DecisionRow>(path, start * Unsafe.SizeOf<DecisionRow>(), end - start, 1 << 14));
        }

        _parts = [.. parts];
        _rows = new SortedValues<DecisionRow>(_parts);
        _has = _rows.Read(out _next);
    }

    /// <summary>The decision on a row; rows are asked for in ascending order. False for a row that stays.</summary>
    public bool Find(int row, out DecisionRow decision)
    {
        while (_has && _next.Row < row)
            _has = _rows.Read(out _next);
        decision = _next;
        return _has && _next.Row == row;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }

    private static long FirstOf(string path, int shard, long count, OpenFiles open)
    {
        var (low, high) = (0L, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (open.ReadRow<DecisionRow>(path, middle).Shard < shard)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
