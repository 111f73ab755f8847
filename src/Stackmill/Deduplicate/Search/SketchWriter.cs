using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>Writes what the first step finds out about the documents of one shard, in the order of its rows.</summary>
internal sealed class SketchWriter : IDisposable
{
    private readonly RowWriter<SketchedDocument> _documents;
    private readonly RowWriter<ulong> _keys;
    private readonly RowWriter<ulong>? _shingles;
    private readonly RowWriter<byte> _names;
    private readonly ulong[] _chunk;
    private readonly int _bands;
    private byte[] _name = new byte[256];

    /// <param name="open">Gives the path to write a file of the shard under, by its ending.</param>
    /// <param name="bands">Keys of each document.</param>
    /// <param name="withShingles">False when the sets are not kept.</param>
    /// <param name="checksummed">Is told of files whose checksum is computed as they are written: the sets are larger than the texts.</param>
    public SketchWriter(Func<string, string> open, int bands, bool withShingles = true, Action<string, ScratchChecksum>? checksummed = null)
    {
        _documents = new RowWriter<SketchedDocument>(open("documents"));
        _keys = new RowWriter<ulong>(open("keys"), 1 << 18);
        if (withShingles)
        {
            var (path, sum) = (open("shingles"), new ScratchChecksum());
            checksummed?.Invoke(path, sum);
            _shingles = new RowWriter<ulong>(path, 1 << 18, sum: checksummed is null ? null : sum);
        }

        _names = new RowWriter<byte>(open("names"));
        _bands = bands;
        _chunk = new ulong[SearchFiles.KeysPerChunk * bands];
    }

    /// <summary>Adds a document.</summary>
    /// <param name="document">What is known of it; places in the other files are filled in here.</param>
    /// <param name="keys">A key for each band; empty for a document without shingles.</param>
    /// <param name="shingles">Its distinct shingles, ascending.</param>
    /// <param name="path">Its repository and path.</param>
    /// <param name="id">Its content id.</param>
    public void Add(SketchedDocument document, ReadOnlySpan<ulong> keys, ReadOnlySpan<ulong> shingles, string path, string id)
    {
        (document.ShingleOffset, document.ShingleCount, document.NameOffset) = (_shingles!.Count, shingles.Length, _names.Count);
        document.Parity = ParityBitmap.Of(shingles);
        document.PathLength = AddName(path);
        document.IdLength = checked((short)AddName(id));
        _shingles.AddRange(shingles);
        Add(document, keys);
    }

    /// <summary>Adds a document of another search, without its shingles: its place among them becomes its row.</summary>
    /// <param name="document">What is known of it.</param>
    /// <param name="keys">A key for each band.</param>
    /// <param name="names">Its path and its content id, in UTF-8.</param>
    public void AddKnown(SketchedDocument document, ReadOnlySpan<ulong> keys, ReadOnlySpan<byte> names)
    {
        (document.ShingleOffset, document.NameOffset) = (_documents.Count, _names.Count);
        _names.AddRange(names);
        Add(document, keys);
    }

    /// <summary>Writes out what is left.</summary>
    public void Complete()
    {
        if (_documents.Count > 0)
            FlushKeys();
        _documents.Flush();
        _keys.Flush();
        _shingles?.Flush();
        _names.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _documents.Dispose();
        _keys.Dispose();
        _shingles?.Dispose();
        _names.Dispose();
    }

    private void Add(in SketchedDocument document, ReadOnlySpan<ulong> keys)
    {
        var row = (int)(_documents.Count % SearchFiles.KeysPerChunk);
        if (row == 0 && _documents.Count > 0)
            FlushKeys();
        for (var band = 0; band < keys.Length; band++)
            _chunk[(band * SearchFiles.KeysPerChunk) + row] = keys[band];
        _documents.Add(document);
    }

    private int AddName(string name)
    {
        var most = Encoding.UTF8.GetMaxByteCount(name.Length);
        if (_name.Length < most)
            _name = new byte[most];
        var length = Encoding.UTF8.GetBytes(name, _name);
        _names.AddRange(_name.AsSpan(0, length));
        return length;
    }

    // The last chunk may have fewer documents: its bands lie closer together.
    private void FlushKeys()
    {
        var rows = (int)((_documents.Count - 1) % SearchFiles.KeysPerChunk) + 1;
        for (var band = 0; band < _bands; band++)
            _keys.AddRange(_chunk.AsSpan(band * SearchFiles.KeysPerChunk, rows));
        Array.Clear(_chunk);
    }
}
