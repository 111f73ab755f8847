namespace Stackmill.Deduplicate;

/// <summary>
/// The first step, document by document: shingles, signature, band keys. What it computes depends on the text alone. One per worker: not thread-safe.
/// </summary>
internal sealed class Sketcher
{
    private readonly Shingler _shingler;
    private readonly MinHasher _minHasher;
    private readonly uint[] _signature;
    private readonly ulong[] _keys;
    private readonly int _rows;

    /// <param name="parameters">Bands and rows.</param>
    /// <param name="options">Of what shingles are made; <c>null</c> for the defaults.</param>
    public Sketcher(LshParameters parameters, DedupOptions? options = null)
    {
        _shingler = (options ?? new DedupOptions()).NewShingler();
        _minHasher = new MinHasher(parameters.Permutations);
        _signature = new uint[_minHasher.PaddedLength];
        _keys = new ulong[parameters.Bands];
        _rows = parameters.Rows;
    }

    /// <summary>Lexical tokens of the last text.</summary>
    public int TokenCount => _shingler.TokenCount;

    /// <summary>The last text's distinct shingles, ascending; empty where it has too few tokens. Valid until the next text.</summary>
    public ReadOnlySpan<ulong> Shingles => _shingler.Shingles;

    /// <summary>A key for each band; empty when there are no shingles. Valid until the next text.</summary>
    public ReadOnlySpan<ulong> Keys => Shingles.IsEmpty ? [] : _keys;

    /// <summary>Digest of the tokens when there are some but too few for a shingle, or the one that was given; 0 when the text isn't compared by it.</summary>
    public UInt128 Digest { get; private set; }

    /// <summary>Sketches one document's UTF-8 text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scope">Among which documents it is compared.</param>
    /// <param name="normalized">Digest of its normalised text; 0 where those are not compared.</param>
    /// <param name="language">Its language by linguist's name, where identifiers are blanked.</param>
    public void Sketch(ReadOnlySpan<byte> text, DuplicateScope scope = default, UInt128 normalized = default, string language = "")
    {
        var shingles = _shingler.Read(text, language);
        if (shingles.IsEmpty)
        {
            Digest = scope.Combine(normalized != 0 || TokenCount == 0 ? normalized : _shingler.TokenDigest(text, language));
            return;
        }

        _minHasher.Compute(shingles, _signature);
        BandKeys.Hash(_signature, _rows, _keys);
        if (scope != default)
            scope.Combine(_keys);
        Digest = scope.Combine(normalized);
    }
}
