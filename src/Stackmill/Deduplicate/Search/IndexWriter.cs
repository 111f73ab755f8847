using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Deduplicate.Search;

/// <summary>Writes the index of what stays of one shard, from the signatures that were made for it. Rows are added in ascending order.</summary>
internal sealed class IndexWriter : IDisposable
{
    private readonly SearchFiles _files;
    private readonly ShardContext _context;
    private readonly ShardTask _task;
    private readonly OpenFiles _open;
    private readonly Dictionary<string, SketchWriter> _writers = new(StringComparer.Ordinal);
    private readonly ulong[] _chunk;
    private readonly ulong[] _keys;
    private long _loaded = -1;
    private byte[] _names = [];

    /// <summary>A writer for a task.</summary>
    public IndexWriter(SearchFiles files, ShardTask task, ShardContext context, OpenFiles open)
    {
        (_files, _task, _context, _open) = (files, task, context, open);
        _keys = new ulong[files.Parameters.Bands];
        _chunk = new ulong[SearchFiles.KeysPerChunk * _keys.Length];
    }

    /// <summary>Adds a row that stays.</summary>
    /// <param name="row">The row.</param>
    /// <param name="language">Its language, which decides on the shard that it is written to.</param>
    public void Add(int row, string language)
    {
        if (!_writers.TryGetValue(language, out var writer))
        {
            var shard = $"{LanguageFolder.Of(language)}/{_task.Name}.parquet";
            _writers.Add(language, writer = new SketchWriter(what => _context.CreateOutput(DedupIndex.NameOf(shard, what), DedupIndex.Kind, language, static () => (0, 0)), _keys.Length, withShingles: false));
        }

        var document = _open.ReadRow<SketchedDocument>(_files.DocumentsOf(_task.Index), row);
        var length = document.PathLength + document.IdLength;
        if (_names.Length < length)
            _names = new byte[2 * length];
        _open.Read(_files.NamesOf(_task.Index), document.NameOffset, _names.AsSpan(0, length));
        ReadKeys(row);
        writer.AddKnown(document, _keys, _names.AsSpan(0, length));
    }

    /// <summary>Writes out what is left.</summary>
    public void Complete()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Complete();
            writer.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var writer in _writers.Values)
            writer.Dispose();
    }

    private void ReadKeys(int row)
    {
        var first = row / SearchFiles.KeysPerChunk * (long)SearchFiles.KeysPerChunk;
        var rows = (int)Math.Min(SearchFiles.KeysPerChunk, _files.Rows[_task.Index] - first);
        if (first != _loaded)
            _open.Read(_files.KeysOf(_task.Index), first * _keys.Length * sizeof(ulong), _chunk.AsSpan(0, rows * _keys.Length));
        _loaded = first;
        for (var band = 0; band < _keys.Length; band++)
            _keys[band] = _chunk[(band * rows) + (int)(row - first)];
    }
}
