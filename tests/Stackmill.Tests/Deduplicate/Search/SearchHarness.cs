using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Core.Engine;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Search;
using Stackmill.Shared;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Search;

/// <summary>The fate of one document, by its place in the order of preference.</summary>
internal readonly record struct Decision(DuplicateKind Kind, int Keeper, int Match, double Similarity);

/// <summary>All steps of a search, in files of a temporary folder, over documents that are preferred in the order of their numbers.</summary>
internal sealed class SearchHarness(LshParameters parameters) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stackmill-search-").FullName;

    /// <summary>Memory of the run; the sorters get what is left of it, 8 MiB at least.</summary>
    public long Memory { get; init; } = 512L << 20;

    /// <summary>Memory of each worker, where it is to be less than a run gives.</summary>
    public long? WorkerMemory { get; init; }

    public int Workers { get; init; } = 1;

    public int Shards { get; init; } = 1;

    public IRunObserver Observer { get; init; } = new NullObserver();

    /// <summary>Pairs whose sets were compared.</summary>
    public long ComparedPairs { get; private set; }

    public SearchFiles Files { get; private set; } = new("", [], parameters, []);

    /// <summary>Decides on documents that are given as texts.</summary>
    public Decision[] Decide(IReadOnlyList<byte[]> texts) => Decide(texts.Count, () => new Texts(texts, parameters));

    /// <summary>Decides on documents that are given as sets, each of other content.</summary>
    public Decision[] Decide(int count, Func<int, ulong[]> set) => Decide(count, () => new Sets(set, parameters));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Decision[] Decide(int count, Func<ISketches> sketches)
    {
        Prepare(count, sketches);
        foreach (var step in SearchSteps.Of(Files, new DedupOptions { Prefer = [] }))
        {
            var markers = SearchSteps.Run(WorkerMemory is { } memory ? step with { CreateWorker = _ => step.CreateWorker(memory) } : step, step.Tasks, Files, "key", Context());
            ComparedPairs += markers.Sum(m => m.Books.Counters.GetValueOrDefault("compared_pairs"));
        }

        return Read(count);
    }

    /// <summary>The first step alone.</summary>
    public void Prepare(int count, Func<ISketches> sketches)
    {
        var starts = Enumerable.Range(0, Shards + 1).Select(s => (int)((long)count * s / Shards)).ToArray();
        Files = new SearchFiles(Directory.CreateDirectory(Path.Combine(_folder, "search")).FullName, [.. Enumerable.Range(0, Shards).Select(s => (long)(starts[s + 1] - starts[s]))], parameters, []);
        var step = new SearchStep(SearchFiles.Signatures, [.. Files.Rows.Select((r, s) => new ShardTask(s, $"part-{s:D5}", r))], _ => new Worker(this, starts, sketches()));
        SearchSteps.Run(step, step.Tasks, Files, "key", Context());
    }

    public RunContext Context() => new() { Workers = Workers, MemoryBytes = Memory, Observer = Observer, Loggers = NullLoggerFactory.Instance };

    private Decision[] Read(int count)
    {
        var decisions = new Decision[count];
        for (var i = 0; i < count; i++)
            decisions[i] = new(DuplicateKind.None, i, i, 1);
        for (var part = 0; part < Files.Parts; part++)
        {
            using var rows = new RowReader<DecisionRow>(Files.Decisions(part));
            while (rows.Read(out var row))
                decisions[row.Rank] = new((DuplicateKind)row.Kind, (int)row.Keeper, (int)row.Match, row.Similarity);
        }

        return decisions;
    }

    /// <summary>Gives the sketch of a document.</summary>
    public interface ISketches
    {
        public void Add(int document, SketchedDocument known, SketchWriter writer);
    }

    private sealed class Worker(SearchHarness harness, int[] starts, ISketches sketches) : IShardWorker
    {
        public void Run(ShardTask task, ShardContext context)
        {
            using var writer = new SketchWriter(what => context.CreateOutput(SearchFiles.SignatureName(task.Index, what), SearchFiles.Signatures, "", static () => (0, 0)), harness.Files.Parameters.Bands);
            for (var i = starts[task.Index]; i < starts[task.Index + 1]; i++)
                sketches.Add(i, new SketchedDocument { IdHigh = (ulong)i, Bytes = 100 + i }, writer);
            writer.Complete();
        }

        public void Dispose()
        {
        }
    }

    private sealed class Texts(IReadOnlyList<byte[]> texts, LshParameters parameters) : ISketches
    {
        private readonly Sketcher _sketcher = new(parameters);

        public void Add(int document, SketchedDocument known, SketchWriter writer)
        {
            _sketcher.Sketch(texts[document]);
            known.Digest = ContentDigest.From(System.Security.Cryptography.SHA256.HashData(texts[document]));
            (known.TokenHigh, known.TokenLow) = ((ulong)(_sketcher.Digest >> 64), (ulong)_sketcher.Digest);
            writer.Add(known, _sketcher.Keys, _sketcher.Shingles, $"f{document}", $"id{document}");
        }
    }

    private sealed class Sets(Func<int, ulong[]> set, LshParameters parameters) : ISketches
    {
        private readonly MinHasher _hasher = new(parameters.Permutations);
        private readonly uint[] _signature = new uint[new MinHasher(parameters.Permutations).PaddedLength];
        private readonly ulong[] _keys = new ulong[parameters.Bands];

        public void Add(int document, SketchedDocument known, SketchWriter writer)
        {
            var shingles = set(document);
            known.Digest = new ContentDigest(StableHash.Finalise((ulong)document + 1), 0, 0, (ulong)document);
            if (shingles.Length > 0)
            {
                _hasher.Compute(shingles, _signature);
                BandKeys.Hash(_signature, parameters.Rows, _keys);
            }

            writer.Add(known, shingles.Length == 0 ? [] : _keys, shingles, $"f{document}", $"id{document}");
        }
    }
}
