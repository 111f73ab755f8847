using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Shared;

namespace Stackmill.Datasets;

/// <summary>
/// Takes the records of one task in any order and writes them as shards in stored order. It holds one shard of content
/// at most; what comes after that makes a further part.
/// </summary>
internal sealed class SortedShardWriter(ShardContext context, string taskName, long shardBytes, ByteArena sortArena, ByteArena writeArena)
{
    private const int MaxRows = 65_536;

    private readonly List<CodeRecord> _rows = [];
    private int _parts;

    /// <summary>Adds a record; its content is copied.</summary>
    public void Add(CodeRecord record)
    {
        record.Content = sortArena.Copy(record.Content.Span);
        _rows.Add(record);
        if (sortArena.Bytes >= shardBytes || _rows.Count >= MaxRows)
            Flush();
    }

    /// <summary>Writes what is left.</summary>
    public void Flush()
    {
        if (_rows.Count > 0)
        {
            _rows.Sort(Compare);
            var name = _parts == 0 ? taskName : $"{taskName}-{_parts:D4}";
            using var shards = new ShardWriter(context, name, RecordColumns.Staged(), writeArena);
            foreach (var row in _rows)
                shards.Add(row);
            shards.Complete();
            _parts++;
        }

        _rows.Clear();
        sortArena.Reset();
    }

    private static int Compare(CodeRecord a, CodeRecord b)
    {
        var order = string.CompareOrdinal(a.Language, b.Language);
        if (order == 0)
            order = string.CompareOrdinal(a.RepoName, b.RepoName);
        if (order == 0)
            order = string.CompareOrdinal(a.Path, b.Path);
        return order != 0 ? order : string.CompareOrdinal(a.BlobId, b.BlobId);
    }
}
