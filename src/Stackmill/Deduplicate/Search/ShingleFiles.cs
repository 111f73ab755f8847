namespace Stackmill.Deduplicate.Search;

/// <summary>The shingle sets of a search, from its files; those last read are kept in memory. Not thread-safe.</summary>
internal sealed class ShingleFiles(SearchFiles files, OpenFiles open, long cacheBytes) : IShingleStore
{
    private readonly ShingleCache _cache = new(cacheBytes);

    /// <inheritdoc/>
    public void Read(ShingleReference set, ref ulong[] buffer)
    {
        if (buffer.Length < set.Count)
            buffer = GC.AllocateUninitializedArray<ulong>((int)Math.Min(2L * set.Count, Array.MaxLength));
        var target = buffer.AsSpan(0, set.Count);
        if (_cache.TryRead(set, target))
            return;
        open.Read(files.ShinglesOf(set.File), set.Offset * sizeof(ulong), target);
        _cache.Add(set, target);
    }
}
