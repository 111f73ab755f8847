namespace Stackmill.Deduplicate.Search;

/// <summary>The shingle sets of a search, from its files; those last read are kept in memory. Not thread-safe.</summary>
internal sealed class ShingleFiles(SearchFiles files, OpenFiles open, long cacheBytes)
{
    private readonly ShingleCache _cache = new(cacheBytes);

    /// <summary>A set, ascending; valid until the next one is read.</summary>
    public ReadOnlySpan<ulong> Read(ShingleReference set)
    {
        if (_cache.TryRead(set, out var values))
            return values;
        var place = _cache.MakePlace(set);
        // Of an indexed document the row is known; its set was made for this search.
        var offset = set.File < files.NewRows.Count ? set.Offset : open.ReadRow<long>(files.OffsetsOf(set.File), set.Offset);
        open.Read(files.ShinglesOf(set.File), offset * sizeof(ulong), place);
        return place;
    }
}
