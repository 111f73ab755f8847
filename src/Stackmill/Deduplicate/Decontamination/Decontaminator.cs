using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>A file that holds problems.</summary>
/// <param name="Shard">Its shard.</param>
/// <param name="Row">Its row in the shard.</param>
/// <param name="Path">Its path, with its repository.</param>
/// <param name="ContentId">Its Git blob id.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hits">What it holds, best first; one at least.</param>
internal sealed record ContaminatedFile(int Shard, int Row, string Path, string ContentId, int Bytes, IReadOnlyList<PartHit> Hits);

/// <summary>The benchmarks of a run: what their files are, and the index of what they hold, which is made when it is first asked for.</summary>
internal sealed class Decontaminator
{
    /// <summary>Names of inputs that are benchmarks begin with it.</summary>
    public const string InputPrefix = "benchmark ";

    private const int PartsInDetail = 3;

    private readonly Lazy<ContaminationIndex> _index;

    private Decontaminator(DecontaminationOptions options, long memoryBytes)
    {
        Options = options;
        var benchmarks = Benchmark.Of(options);
        Inputs = [.. benchmarks.Select(b => new ManifestInput(InputPrefix + b.Name, b.Hash()))];
        _index = new Lazy<ContaminationIndex>(() =>
        {
            var builder = new ContaminationIndexBuilder(options, memoryBytes / 4);
            foreach (var benchmark in benchmarks)
                builder.Add(benchmark);
            return builder.Build();
        });
    }

    /// <summary>What is looked for, and how.</summary>
    public DecontaminationOptions Options { get; }

    /// <summary>The files as inputs of a dataset: another content makes another dataset, another place does not.</summary>
    public IReadOnlyList<ManifestInput> Inputs { get; }

    /// <summary>True when contaminated files are left out.</summary>
    public bool Drops => Options.Action == DecontaminationOptions.Drop;

    /// <summary>What is looked for.</summary>
    /// <exception cref="UsageException">A file can't be read as a benchmark, or has too much text.</exception>
    public ContaminationIndex Index => _index.Value;

    /// <summary>Opens the benchmarks that the options name; <c>null</c> when there are none.</summary>
    /// <exception cref="UsageException">A file is missing, can't be read, or is of another kind.</exception>
    public static Decontaminator? Open(DecontaminationOptions options, long memoryBytes) => options.IsOn ? new Decontaminator(options, memoryBytes) : null;

    /// <summary>Fails when a benchmark can't be read, before anything is done.</summary>
    /// <exception cref="UsageException">It can't.</exception>
    public static void Require(DecontaminationOptions options)
    {
        foreach (var benchmark in Benchmark.Of(options))
        {
            foreach (var _ in benchmark.Read())
            {
            }
        }
    }

    /// <summary>The parts that a file holds, in a few words: benchmark, problem and part, never text.</summary>
    public string Describe(IReadOnlyList<PartHit> hits)
    {
        var parts = hits.Take(PartsInDetail).Select(hit => Index.Parts[hit.Part]).Select(p => $"{Index.Benchmarks[p.Benchmark].Name}: {Index.Problems[p.Problem].Id}: {p.Kind}");
        return string.Join("; ", parts) + (hits.Count > PartsInDetail ? $"; and {hits.Count - PartsInDetail}{(hits.Count == ContaminationScanner.MaxHits ? " or" : "")} more" : "");
    }
}
