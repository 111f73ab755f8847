namespace Stackmill.Deduplicate;

/// <summary>
/// The band keys of all documents, one row of <see cref="Bands"/> keys each, in pages so that growing copies
/// nothing: 8 bytes a band and document. Only these outlive a signature. Adding is thread-safe; the row numbers
/// depend on arrival, so they are a handle and never reach a result.
/// </summary>
internal sealed class BandKeyTable
{
    private const int RowsPerPage = 4096;

    private readonly List<ulong[]> _pages = [];
    private readonly Lock _lock = new();

    /// <param name="bands">Keys in a row, at least 1.</param>
    public BandKeyTable(int bands)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bands);
        Bands = bands;
    }

    /// <summary>Keys in a row.</summary>
    public int Bands { get; }

    /// <summary>Rows added.</summary>
    public int Count { get; private set; }

    /// <summary>Cuts a signature into bands and hashes each to its key.</summary>
    /// <param name="signature">At least <c>keys.Length × rows</c> min-hashes; band b takes those from b × rows on.</param>
    /// <param name="rows">Min-hashes in a band.</param>
    /// <param name="keys">Receives a key for each band.</param>
    public static void Hash(ReadOnlySpan<uint> signature, int rows, Span<ulong> keys)
    {
        for (int band = 0; band < keys.Length; band++)
            keys[band] = StableHash.Band(signature.Slice(band * rows, rows));
    }

    /// <summary>Copies a row in and returns its number.</summary>
    /// <exception cref="ArgumentException">The row hasn't <see cref="Bands"/> keys.</exception>
    public int Add(ReadOnlySpan<ulong> keys)
    {
        if (keys.Length != Bands)
            throw new ArgumentException($"A row has {Bands} keys, not {keys.Length}.", nameof(keys));
        lock (_lock)
        {
            if (Count % RowsPerPage == 0)
                _pages.Add(new ulong[RowsPerPage * Bands]);
            int row = Count++;
            keys.CopyTo(Row(row));
            return row;
        }
    }

    /// <summary>A row, to be read or replaced; not while others add.</summary>
    public Span<ulong> Row(int row) => _pages[row / RowsPerPage].AsSpan(row % RowsPerPage * Bands, Bands);
}
