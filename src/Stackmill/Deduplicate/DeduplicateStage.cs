using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Deduplicate;

/// <summary>
/// The third stage: removes files that hold problems of benchmarks, then exact and verified near-duplicates over all
/// languages, and says of each which file stays for it. Three steps: signatures a shard, decisions over all, and the kept
/// records a shard. A contaminated file goes before the decisions, so that no other goes for it.
/// </summary>
internal static class DeduplicateStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "deduplicate";

    /// <summary>Name of the report.</summary>
    public const string ReportName = "deduplication_report.json";

    private const int Version = 2;

    // Candidate, sketch, digest and their sorted copies, in bytes a document, beside what the decider states.
    private const long BytesPerDocument = 2 * (96 + 48 + 32);

    // An entry of the dictionary of normalised texts, and a path of usual length.
    private const long BytesPerDigest = 64;
    private const long BytesPerPath = 240;

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    public static Manifest Run(Dataset input, string output, DeduplicateOptions options, RunContext context)
    {
        input.RequireText(Id);
        var decontaminator = Decontaminator.Open(options.Decontamination, context.MemoryBytes);
        using var build = DatasetBuild.Begin(output, context);
        var report = Path.Combine(ProjectLayout.ReportsFor(output), ReportName);
        var contamination = Path.Combine(ProjectLayout.ReportsFor(output), DecontaminationReport.FileName);
        // Where the benchmarks lie is no part of the dataset: what they hold is an input.
        var configuration = ResolvedConfiguration.Of(options, key => key != "decontamination.benchmarks").Json;
        // A benchmark that can't be read must not cost the dataset that is there.
        build.Prepare(
            new DatasetPlan(Id, Version, "text", configuration, [new ManifestInput(input.Manifest.Stage, input.Manifest.RootHash), .. decontaminator?.Inputs ?? []]),
            () => _ = decontaminator?.Index,
            decontaminator is null ? [report] : [report, contamination]);
        if (build.UpToDate is { } manifest)
            return manifest;
        if (decontaminator is not null)
            context.Observer.Note(Id, decontaminator.Index.Summary);
        var parameters = LshParameters.For(options.SimilarityThreshold, maxMiss: options.Dedup.MaxMiss);
        RequireMemory(input.Manifest.Shards.Sum(s => s.Rows), parameters, options.Dedup, context.MemoryBytes - (decontaminator?.Index.Ngrams * ContaminationIndexBuilder.BytesPerNgram ?? 0));
        var decided = Decide(input, options, decontaminator, parameters, build.ScratchFolder("shingles"), context);
        var markers = build.Run(input.Tasks, () => new KeepWorker(input, decided, decontaminator));
        return build.Publish(markers, input.Tasks, beforePublish: _ =>
        {
            WriteReport(report, decided, parameters);
            // A report of an earlier run with benchmarks would pass for one of this run.
            if (decontaminator is null)
                File.Delete(contamination);
            else
                new DecontaminationReport(decontaminator, input.Manifest.Shards.Sum(s => s.Rows), decided.Contaminated).Write(contamination);
        });
    }

    /// <summary>Fails when the benchmarks can't be read, before any stage begins.</summary>
    /// <exception cref="UsageException">One of them can't.</exception>
    public static void Require(DeduplicateOptions options) => Decontaminator.Require(options.Decontamination);

    // A shard that fails here fails the stage: decisions without its files would differ from those with them.
    private static Decided Decide(Dataset input, DeduplicateOptions options, Decontaminator? decontaminator, LshParameters parameters, string scratch, RunContext context)
    {
        var documents = new List<Document>[input.Tasks.Count];
        var contaminated = new List<ContaminatedFile>[input.Tasks.Count];
        var table = new BandKeyTable(parameters.Bands);
        using var store = new ShingleStore(scratch, Math.Min(256L << 20, context.MemoryBytes / 8));
        var markers = new ShardRunner(Id + ": signatures", scratch, null, "", context.Workers, context.Observer)
            .Run(input.Tasks, () => new SketchWorker(input, options, documents, new Sketcher(parameters, table, store), decontaminator, contaminated), context.Cancellation);
        if (markers.FirstOrDefault(m => m.Error is not null) is { } failed)
            throw new RunFaultException($"stage '{Id}' needs every shard: {failed.Error}");

        var all = documents.SelectMany(d => d).ToArray();
        var preference = new Preference(options.Dedup.Prefer);
        Array.Sort(all, (a, b) => preference.Compare(a.Candidate, b.Candidate));
        var decisions = options.Enabled
            ? new DuplicateDecider(parameters, table, store).Decide(Array.ConvertAll(all, d => d.Digest), Array.ConvertAll(all, d => d.Sketch))
            : [.. Enumerable.Range(0, all.Length).Select(i => new Decision(DuplicateKind.None, i, i, 1))];
        return new Decided(Array.ConvertAll(all, d => d.Candidate), decisions, [.. contaminated.SelectMany(c => c)], input);
    }

    private static void RequireMemory(long documents, LshParameters parameters, DedupOptions options, long memory)
    {
        var needed = DuplicateDecider.EstimateBytes(documents, parameters) + (documents * (BytesPerDocument + (options.Normalized ? BytesPerDigest : 0) + (options.Prefer.Contains("path") ? BytesPerPath : 0)));
        if (needed <= memory)
            return;
        throw new RunFaultException(
            $"deduplicating {documents} files needs up to {SizeText.FormatRounded(needed)} of memory, above the limit of {SizeText.FormatRounded(memory)}. Give more with --memory, or deduplicate parts of the dataset apart.");
    }

    private static void WriteReport(string path, Decided decided, LshParameters parameters)
    {
        var report = new DeduplicationReport(parameters, decided.Decisions, decided.PathOf, i => decided.Candidates[i].Bytes);
        AtomicFile.Write(path, stream =>
        {
            using (var writer = new Utf8JsonWriter(stream, Report.Options))
                report.Write(writer);
            stream.WriteByte((byte)'\n');
        });
    }

    private readonly record struct Document(Candidate Candidate, ContentDigest Digest, DocumentSketch Sketch);

    /// <summary>The fate of every document, by place in the dataset and by preference; contaminated ones that are dropped have none.</summary>
    private sealed class Decided
    {
        private readonly int[][] _byPlace;
        private readonly Dictionary<int, (string Path, string Id)> _names = [];
        private readonly Dictionary<(int Shard, int Row), IReadOnlyList<PartHit>> _hitsByPlace;

        public Decided(Candidate[] candidates, Decision[] decisions, IReadOnlyList<ContaminatedFile> contaminated, Dataset input)
        {
            Candidates = candidates;
            Decisions = decisions;
            Contaminated = contaminated;
            _hitsByPlace = contaminated.ToDictionary(c => (c.Shard, c.Row), c => c.Hits);
            _byPlace = [.. input.Manifest.Shards.Select(s => new int[s.Rows])];
            // What no candidate takes below is contaminated.
            foreach (var places in _byPlace)
                Array.Fill(places, -1);
            for (var i = 0; i < candidates.Length; i++)
                _byPlace[candidates[i].Shard][candidates[i].Row] = i;
            ReadNames(input);
        }

        public Candidate[] Candidates { get; }

        public Decision[] Decisions { get; }

        public IReadOnlyList<ContaminatedFile> Contaminated { get; }

        public int IndexOf(int shard, int row) => _byPlace[shard][row];

        public IReadOnlyList<PartHit>? HitsOf(int shard, int row) => _hitsByPlace.GetValueOrDefault((shard, row));

        public string PathOf(int document) => _names[document].Path;

        public string IdOf(int document) => _names[document].Id;

        // Only documents that a report or ledger row names: those that go, and those that stay or were met for them.
        private void ReadNames(Dataset input)
        {
            var wanted = new HashSet<int>();
            for (var i = 0; i < Decisions.Length; i++)
            {
                if (Decisions[i].Kind != DuplicateKind.None)
                    wanted.UnionWith([i, Decisions[i].Keeper, Decisions[i].Match]);
            }

            foreach (var shard in wanted.Select(i => Candidates[i].Shard).Distinct().Order())
            {
                var row = 0;
                foreach (var record in input.Read(shard, RecordColumns.WithoutContent()).SelectMany(b => b))
                {
                    var document = IndexOf(shard, row++);
                    if (document >= 0 && wanted.Contains(document))
                        _names[document] = (record.DisplayPath, record.ContentId);
                }
            }
        }
    }

    private sealed class SketchWorker(
        Dataset input, DeduplicateOptions options, List<Document>[] documents, Sketcher sketcher, Decontaminator? decontaminator, List<ContaminatedFile>[] contaminated) : IShardWorker
    {
        private readonly ContaminationScanner? _scanner = decontaminator is null ? null : new(decontaminator.Index);
        private readonly NormalizedText _normalized = new();
        private readonly bool _withPath = options.Dedup.Prefer.Contains("path");

        public void Run(ShardTask task, ShardContext context)
        {
            var found = new List<Document>((int)input.Manifest.Shards[task.Index].Rows);
            var (hits, row) = (new List<ContaminatedFile>(), 0);
            foreach (var batch in input.Read(task.Index, options.Enabled || _scanner is not null ? RecordColumns.Text() : RecordColumns.WithoutContent()))
            {
                foreach (var record in batch)
                {
                    context.Books.In++;
                    context.Books.Kept++;
                    context.Advance(record.Content.Length);
                    var place = row++;
                    if (_scanner?.Scan(record.Content.Span) is { Count: > 0 } parts)
                    {
                        hits.Add(new ContaminatedFile(task.Index, place, record.DisplayPath, record.ContentId, record.Content.Length, parts));
                        if (decontaminator!.Drops)
                            continue;
                    }

                    var scope = DuplicateScope.Of(record, options.Dedup.Scope);
                    found.Add(new Document(
                        Candidate.Of(record, task.Index, place, _withPath),
                        scope.Combine(ContentDigest.Parse(record.Sha256)),
                        options.Enabled ? sketcher.Sketch(record.Content.Span, scope, options.Dedup.Normalized ? _normalized.Digest(record.Content.Span, record.Language) : 0) : default));
                }
            }

            documents[task.Index] = found;
            contaminated[task.Index] = hits;
        }

        public void Dispose()
        {
            _normalized.Dispose();
            sketcher.Dispose();
        }
    }

    private sealed class KeepWorker(Dataset input, Decided decided, Decontaminator? decontaminator) : IShardWorker
    {
        private readonly ByteArena _arena = new();

        public void Run(ShardTask task, ShardContext context)
        {
            using var ledger = new LedgerWriter(context, task.Name);
            using var shards = new ShardWriter(context, task.Name, RecordColumns.Text(), _arena);
            var row = 0;
            foreach (var batch in input.Read(task.Index, RecordColumns.Text()))
            {
                foreach (var record in batch)
                {
                    context.Books.In++;
                    context.Books.BytesIn += record.Content.Length;
                    context.Advance(record.Content.Length);
                    var hits = decided.HitsOf(task.Index, row);
                    var document = decided.IndexOf(task.Index, row++);
                    if (hits is not null)
                        context.Books.Count("contaminated_files");
                    if (document < 0)
                    {
                        context.Books.Drop("contaminated");
                        ledger.Add(Row(record, "contaminated") with { Value = hits![0].Score, Threshold = decontaminator!.Index.Parts[hits[0].Part].Threshold, Detail = decontaminator.Describe(hits) });
                        continue;
                    }

                    var decision = decided.Decisions[document];
                    if (decision.Kind == DuplicateKind.None)
                    {
                        shards.Add(record);
                        continue;
                    }

                    var reason = Reason(decision.Kind);
                    context.Books.Drop(reason);
                    ledger.Add(Row(record, reason) with
                    {
                        KeptPath = decided.PathOf(decision.Keeper),
                        KeptId = decided.IdOf(decision.Keeper),
                        Similarity = decision.Similarity,
                    });
                }
            }

            shards.Complete();
            ledger.Complete();
        }

        public void Dispose()
        {
        }
    }

    private static LedgerRow Row(CodeRecord record, string reason) => new()
    {
        Stage = Id,
        Action = LedgerAction.Dropped,
        Reason = reason,
        ContentId = record.ContentId,
        RepoName = record.RepoName,
        Path = record.Path,
        Language = record.Language,
        LengthBytes = record.LengthBytes,
    };

    private static string Reason(DuplicateKind kind) => kind switch
    {
        DuplicateKind.Exact => "duplicate_exact",
        DuplicateKind.Normalized => "duplicate_normalized",
        _ => "duplicate_near",
    };
}
