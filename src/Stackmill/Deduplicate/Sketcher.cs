namespace Stackmill.Deduplicate;

/// <summary>
/// What near-deduplication keeps of a document in memory, apart from its band keys. The default value stands
/// for a document that takes part in exact comparison only.
/// </summary>
/// <param name="TokenCount">Lexical tokens.</param>
/// <param name="KeyRow">Row of its band keys; meaningful when it has shingles.</param>
/// <param name="Shingles">Its shingle set; empty below <see cref="DedupOptions.ShingleTokens"/> tokens.</param>
/// <param name="TokenDigest">Digest of its tokens when it has some but too few for a shingle, or of its normalised text where that is asked for; else 0.</param>
internal readonly record struct DocumentSketch(int TokenCount, int KeyRow, ShingleReference Shingles, UInt128 TokenDigest)
{
    /// <summary>Has shingles, so it is compared by similarity.</summary>
    public bool HasShingles => Shingles.Count > 0;

    /// <summary>Is compared by digest: it has too few tokens for a shingle, or normalised texts are compared.</summary>
    public bool HasDigest => TokenDigest != 0;
}

/// <summary>
/// The first step, document by document: shingles, signature, band keys. What it computes depends on the text
/// alone. One per worker; table and store are shared.
/// </summary>
internal sealed class Sketcher : IDisposable
{
    private readonly Shingler _shingler;
    private readonly MinHasher _minHasher;
    private readonly uint[] _signature;
    private readonly ulong[] _keys;
    private readonly int _rows;
    private readonly BandKeyTable _table;
    private readonly ShingleWriter _writer;

    /// <param name="parameters">Bands and rows.</param>
    /// <param name="table">Receives the band keys.</param>
    /// <param name="store">Receives the shingle sets, in a file of this sketcher's own.</param>
    /// <param name="options">Of what shingles are made; <c>null</c> for the defaults.</param>
    public Sketcher(LshParameters parameters, BandKeyTable table, ShingleStore store, DedupOptions? options = null)
    {
        _shingler = (options ?? new DedupOptions()).NewShingler();
        _minHasher = new MinHasher(parameters.Permutations);
        _signature = new uint[_minHasher.PaddedLength];
        _keys = new ulong[parameters.Bands];
        _rows = parameters.Rows;
        _table = table;
        _writer = store.OpenWriter();
    }

    /// <summary>Sketches one document's UTF-8 text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scope">Among which documents it is compared.</param>
    /// <param name="normalized">Digest of its normalised text; 0 where those are not compared.</param>
    /// <param name="language">Its language by linguist's name, where identifiers are blanked.</param>
    public DocumentSketch Sketch(ReadOnlySpan<byte> text, DuplicateScope scope = default, UInt128 normalized = default, string language = "")
    {
        ReadOnlySpan<ulong> shingles = _shingler.Read(text, language);
        int tokens = _shingler.TokenCount;
        if (shingles.IsEmpty)
            return new(tokens, 0, default, scope.Combine(normalized != 0 || tokens == 0 ? normalized : _shingler.TokenDigest(text, language)));
        _minHasher.Compute(shingles, _signature);
        BandKeyTable.Hash(_signature, _rows, _keys);
        if (scope != default)
            scope.Combine(_keys);
        return new(tokens, _table.Add(_keys), _writer.Append(shingles), scope.Combine(normalized));
    }

    /// <summary>Writes out the shingle sets; after this they can be read.</summary>
    public void Dispose() => _writer.Dispose();
}
