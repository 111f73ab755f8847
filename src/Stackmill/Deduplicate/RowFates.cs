using Stackmill.Deduplicate.Decontamination;
using Stackmill.Deduplicate.Search;

namespace Stackmill.Deduplicate;

/// <summary>What becomes of the rows of one shard, as the steps before decided; rows are asked for in ascending order.</summary>
internal sealed class RowFates : IDisposable
{
    private readonly Dictionary<int, IReadOnlyList<PartHit>> _hits;
    private readonly bool _dropsContaminated;
    private readonly GoneRows _gone;
    private readonly DecisionReader? _decisions;

    /// <summary>Opens the fates of a shard's rows.</summary>
    public RowFates(SearchFiles files, int shard, DeduplicateOptions options, Decontaminator? decontaminator, OpenFiles open)
    {
        _hits = decontaminator is null ? [] : SignatureWorker.ReadHits(files, shard).ToDictionary(f => f.Row, f => f.Hits);
        _dropsContaminated = decontaminator is { Drops: true };
        _gone = new GoneRows(files, shard);
        _decisions = options.Enabled ? new DecisionReader(files, shard, open) : null;
    }

    /// <summary>What a row holds of benchmarks; <c>null</c> for nothing.</summary>
    public IReadOnlyList<PartHit>? HitsOf(int row) => _hits.GetValueOrDefault(row);

    /// <summary>The repository that stays for the row's; <c>null</c> when it doesn't go with one.</summary>
    public string? RepositoryFor(int row) => _gone.KeptFor(row);

    /// <summary>The file that stays for a row's; false when there is none.</summary>
    public bool Find(int row, out DecisionRow decision)
    {
        decision = default;
        return _decisions is not null && _decisions.Find(row, out decision);
    }

    /// <summary>Whether a row stays.</summary>
    public bool Stays(int row) => !(_dropsContaminated && _hits.ContainsKey(row)) && RepositoryFor(row) is null && !Find(row, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Dispose();
        _decisions?.Dispose();
    }
}
