namespace Stackmill.Acquire.Metadata;

/// <summary>
/// How <c>metadata.limit</c> keeps the first rows of each language in plan order without reading all. Tasks are done in
/// waves that double for each language (1, 2, 4 … tasks); before a wave, a language is full for a task when the tasks
/// before it in plan order that are done already have kept enough. Only the plan and what the tasks found decide, so that
/// the number of workers never shows.
/// </summary>
/// <param name="limit">Most rows of each language; 0 for all.</param>
internal sealed class LimitWaves(long limit)
{
    // 64 tasks at once keep every worker busy; more would read far beyond the limit.
    private const int LargestWave = 64;

    private readonly SortedDictionary<int, IReadOnlyDictionary<string, long>> _kept = [];

    /// <summary>The waves, each in plan order.</summary>
    public IEnumerable<IReadOnlyList<MetadataPiece>> Cut(IReadOnlyList<MetadataPiece> pieces)
    {
        if (limit == 0)
        {
            yield return pieces;
            yield break;
        }

        var queues = pieces.GroupBy(p => p.Language ?? "").Select(g => g.ToList()).ToList();
        for (var (start, size) = (0, 1); queues.Exists(q => q.Count > start); start += size, size = Math.Min(size * 2, LargestWave))
            yield return [.. queues.SelectMany(q => q.Skip(start).Take(size)).OrderBy(p => p.Index)];
    }

    /// <summary>Notes what a task kept.</summary>
    public void Done(MetadataPiece piece, IReadOnlyDictionary<string, long> kept) => _kept[piece.Index] = kept;

    /// <summary>The languages of which the tasks before each of these (in plan order) have kept enough.</summary>
    public IReadOnlyList<IReadOnlySet<string>> Full(IReadOnlyList<MetadataPiece> wave)
    {
        var full = new List<IReadOnlySet<string>>(wave.Count);
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        using var done = _kept.GetEnumerator();
        var more = limit > 0 && done.MoveNext();
        foreach (var piece in wave)
        {
            for (; more && done.Current.Key < piece.Index; more = done.MoveNext())
            {
                foreach (var (language, rows) in done.Current.Value)
                    sums[language] = sums.GetValueOrDefault(language) + rows;
            }

            full.Add(sums.Where(s => s.Value >= limit).Select(s => s.Key).ToHashSet(StringComparer.Ordinal));
        }

        return full;
    }
}
