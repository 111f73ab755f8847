using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Containment;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Deduplicate.Repositories;
using Stackmill.Deduplicate.Search;

namespace Stackmill.Deduplicate;

/// <summary>The first step's worker: reads a shard, looks for problems of benchmarks, and sketches its files.</summary>
/// <param name="input">The dataset.</param>
/// <param name="options">How duplicates are found.</param>
/// <param name="parameters">Bands and rows.</param>
/// <param name="decontaminator">What files may not hold; <c>null</c> for nothing.</param>
internal sealed class SignatureWorker(Dataset input, DeduplicateOptions options, LshParameters parameters, Decontaminator? decontaminator) : IShardWorker
{
    // Every column that is read costs time.
    /// <summary>What a file is told apart and preferred by, besides its content.</summary>
    internal static readonly string[] NeededColumns = ["content_id", "repo_name", "path", "language", "license_type", "star_events_count", "fork_events_count", "committer_date", "sha256"];

    private readonly ContaminationScanner? _scanner = decontaminator is null ? null : new(decontaminator.Index);
    private readonly NormalizedText? _normalized = options.Dedup.Normalized ? new() : null;
    private readonly Sketcher _sketcher = new(parameters, options.Dedup);

    /// <inheritdoc/>
    public void Run(ShardTask task, ShardContext context)
    {
        var (hits, row) = (new List<ContaminatedFile>(), 0);
        var needsText = options.Enabled || _scanner is not null;
        using var writer = new SketchWriter(what => context.CreateOutput(SearchFiles.SignatureName(task.Index, what), SearchFiles.Signatures, "", static () => (0, 0)), parameters.Bands, checksummed: context.Checksummed);
        using var repositories = RepositoryCollector.Applies(options)
            ? new RepositoryCollector(context.CreateOutput(SearchFiles.SignatureName(task.Index, "repositories"), SearchFiles.Signatures, "", static () => (0, 0)), input.Manifest.RootHash, options.Dedup)
            : null;
        using var samples = options is { Enabled: true, Containment.IsOn: true }
            ? new SampleWriter(context.CreateOutput(SearchFiles.SignatureName(task.Index, "samples"), SearchFiles.Signatures, "", static () => (0, 0)), options.Containment)
            : null;
        foreach (var batch in input.Read(task.Index, [.. RecordColumns.Text().Where(c => NeededColumns.Contains(c.Name) || (needsText && c.Name == RecordColumns.Content))]))
        {
            foreach (var record in batch)
            {
                context.Books.In++;
                context.Books.Kept++;
                context.Advance(record.Content.Length);
                var document = SketchedDocument.Of(record);
                if (_scanner?.Scan(record.Content.Span) is { Count: > 0 } parts)
                {
                    hits.Add(new ContaminatedFile(task.Index, row, record.DisplayPath, record.ContentId, record.Content.Length, parts));
                    document.Excluded = decontaminator!.Drops ? (byte)1 : (byte)0;
                }

                if (document.Excluded == 0)
                    repositories?.Add(record, row);
                if (options.Enabled && document.Excluded == 0)
                    Sketch(record, ref document);
                else
                    writer.Add(document, [], [], record.DisplayPath, record.ContentId);
                row++;
            }
        }

        writer.Complete();
        repositories?.Complete();
        samples?.Complete();
        if (decontaminator is not null)
            File.WriteAllBytes(context.CreateOutput(HitsName(task.Index), SearchFiles.Signatures, "", () => (hits.Count, 0)), JsonSerializer.SerializeToUtf8Bytes(hits));

        void Sketch(CodeRecord record, ref SketchedDocument document)
        {
            var scope = DuplicateScope.Of(record, options.Dedup.Scope);
            _sketcher.Sketch(record.Content.Span, scope, _normalized?.Digest(record.Content.Span, record.Language) ?? 0, record.Language);
            document.Digest = scope.Combine(ContentDigest.Parse(record.Sha256));
            (document.TokenHigh, document.TokenLow, document.TokenCount) = ((ulong)(_sketcher.Digest >> 64), (ulong)_sketcher.Digest, _sketcher.TokenCount);
            samples?.Add(row, _sketcher.Shingles, scope.Value.A);
            writer.Add(document, _sketcher.Keys, _sketcher.Shingles, record.DisplayPath, record.ContentId);
        }
    }

    /// <summary>The contaminated files of a shard.</summary>
    public static IReadOnlyList<ContaminatedFile> ReadHits(SearchFiles files, int shard) =>
        JsonSerializer.Deserialize<List<ContaminatedFile>>(File.ReadAllBytes(Path.Combine(files.Folder, HitsName(shard)))) ?? [];

    /// <inheritdoc/>
    public void Dispose() => _normalized?.Dispose();

    private static string HitsName(int shard) => SearchFiles.SignatureName(shard, "hits.json");
}
