using Stackmill.Deduplicate.Repositories;

namespace Stackmill.Deduplicate.Search;

/// <summary>Rows of one shard that go with their repository; rows are asked for in ascending order.</summary>
internal sealed class GoneRows : IDisposable
{
    private readonly RepositoryDecisions? _decisions;
    private readonly IEnumerator<GoneRun>? _runs;
    private bool _has;

    /// <summary>Opens them; there are none where repositories were not compared, or the shard is an indexed one.</summary>
    public GoneRows(SearchFiles files, int shard)
    {
        if (shard >= files.NewRows.Count || !File.Exists(files.GoneRepositories))
            return;
        _decisions = new RepositoryDecisions(files.GoneRepositories);
        _runs = _decisions.GoneIn(files.RepositoriesOf(shard)).GetEnumerator();
        _has = _runs.MoveNext();
    }

    /// <summary>The repository that stays for a row's; <c>null</c> when the row doesn't go.</summary>
    public string? KeptFor(long row)
    {
        while (_has && _runs!.Current.FirstRow + _runs.Current.Rows <= row)
            _has = _runs.MoveNext();
        return _has && _runs!.Current.FirstRow <= row ? _runs.Current.Kept : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runs?.Dispose();
        _decisions?.Dispose();
    }
}
