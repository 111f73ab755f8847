namespace Stackmill.Deduplicate;

/// <summary>Keys of bands: documents that agree in a band have the same key there.</summary>
internal static class BandKeys
{
    /// <summary>Cuts a signature into bands and hashes each to its key.</summary>
    /// <param name="signature">At least <c>keys.Length × rows</c> min-hashes; band b takes those from b × rows on.</param>
    /// <param name="rows">Min-hashes in a band.</param>
    /// <param name="keys">Receives a key for each band.</param>
    public static void Hash(ReadOnlySpan<uint> signature, int rows, Span<ulong> keys)
    {
        for (var band = 0; band < keys.Length; band++)
            keys[band] = StableHash.Band(signature.Slice(band * rows, rows));
    }
}
