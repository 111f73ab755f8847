using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;

namespace Stackmill.Acquire.Metadata;

/// <summary>
/// Filters rows that describe files, before any content is fetched, into one Parquet file a language. Of remote files only
/// the footers, the row groups that may hold a wanted row, and the columns that are needed are read.
/// </summary>
internal static class MetadataStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "metadata";

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 2;

    // While one thread of a worker waits for the network, another decodes. The rows in their memory are half as many each.
    private const int ThreadsPerWorker = 2;

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    /// <param name="source">The Parquet files.</param>
    /// <param name="output">Folder of the dataset, <c>data/raw</c> of a project.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="context">The run.</param>
    /// <exception cref="UsageException">There are no files, or the output can't be used.</exception>
    /// <exception cref="RunFaultException">The run could not go on.</exception>
    public static Manifest Run(MetadataSource source, string output, MetadataOptions options, RunContext context)
    {
        Require(source, output);
        StageColumns.Tell(context, Id, WorkPart.Whole(), () => Lineage(source, output));
        var files = source.Files.OrderBy(f => f.RelativePath, StringComparer.Ordinal).ToList();
        var lists = RepositoryLists.Load(options.Filters);
        using var build = DatasetBuild.Begin(output, context);
        build.Prepare(new DatasetPlan(Id, Version, Id, Configuration(options), Inputs(source, files, lists)), () => RemoveFiles(output, []));
        if (build.UpToDate is { } done)
        {
            if (options.Metadata.Json)
                MetadataJson.WriteMissing(output, done, context.Cancellation);
            return done;
        }

        var plan = MetadataPlan.Make(files, options, lists, output, context);
        context.Observer.Note(Id, $"{files.Count} files of '{source.Name}', {plan.Pieces.Count} pieces");
        var markers = Filter(build, plan, options, lists, context.Workers * ThreadsPerWorker);
        var merges = Merges(plan, markers, options.Metadata.Limit, files.Count);
        var merged = Merge(build, merges, plan.HasFilename);

        // What the merge leaves out was kept by the task that read it.
        var above = merges.Sum(m => m.Above);
        var correction = new Books { Kept = -above };
        if (above > 0)
            correction.Dropped["above_limit"] = above;
        return build.Publish([.. markers, .. merged], [], correction, manifest =>
        {
            RemoveFiles(output, manifest.Shards.Select(s => s.Path).ToHashSet(StringComparer.Ordinal));
            if (options.Metadata.Json)
                MetadataJson.WriteMissing(output, manifest, context.Cancellation);
        });
    }

    // The rows are those of the source, in the columns that are known; the source may have others.
    private static StageData Lineage(MetadataSource source, string output)
    {
        var columns = MetadataColumns.WriteColumns(filename: false);
        return new StageData(
            [new DataPlace(source.Name, "parquet", StageColumns.Plain(columns)) { Amount = new DataAmount(source.Revision, null, source.Files.Sum(f => f.Length), source.Files.Count) }],
            new DataPlace(output, "parquet", StageColumns.Of(columns, static name => name == "language" ? [new(name, "linguist's name of it")] : null)));
    }

    private static List<ShardMarker> Filter(DatasetBuild build, MetadataPlan plan, MetadataOptions options, RepositoryLists lists, int threads)
    {
        var markers = new SortedDictionary<int, ShardMarker>();
        var waves = new LimitWaves(options.Metadata.Limit);
        foreach (var wave in waves.Cut(plan.Pieces))
        {
            var pieces = wave.Zip(waves.Full(wave)).ToList();
            var tasks = pieces.Select((p, i) => new ShardTask(i, TaskName(p.First, p.Second), p.First.Weight)).ToList();
            var done = build.Run(tasks, () => new FilterWorker(pieces, plan, options, lists), threads);
            for (var i = 0; i < done.Count; i++)
            {
                markers[wave[i].Index] = done[i];
                waves.Done(wave[i], Parts(done[i]).ToDictionary(o => o.Language, o => o.Rows, StringComparer.Ordinal));
            }
        }

        return [.. markers.Values];
    }

    // A task that knew of other full languages did something else: its marker must not be taken over.
    private static string TaskName(MetadataPiece piece, IReadOnlySet<string> full)
    {
        if (full.Count == 0)
            return piece.Name;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', full.Order(StringComparer.Ordinal))));
        return $"{piece.Name}{BitConverter.ToUInt32(hash):D10}";
    }

    private static List<MergePlan> Merges(MetadataPlan plan, List<ShardMarker> markers, long limit, int files)
    {
        var byLanguage = new SortedDictionary<string, List<MergePart>>(StringComparer.Ordinal);
        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < markers.Count; i++)
        {
            foreach (var part in Parts(markers[i]))
            {
                var before = taken.GetValueOrDefault(part.Language);
                var take = limit == 0 ? part.Rows : Math.Min(part.Rows, limit - before);
                taken[part.Language] = before + take;
                if (!byLanguage.TryGetValue(part.Language, out var parts))
                    byLanguage.Add(part.Language, parts = []);
                parts.Add(new MergePart(plan.Pieces[i], part, take));
            }
        }

        // Their ledger parts are numbered after those of the files.
        var numbers = LanguageTable.Entries.Select((e, i) => (e.Name, i)).ToDictionary(e => e.Name, e => files + e.i, StringComparer.Ordinal);
        return [.. byLanguage.Select(l => new MergePlan(l.Key, $"part-{numbers[l.Key]:D5}", l.Value))];
    }

    private static IReadOnlyList<ShardMarker> Merge(DatasetBuild build, List<MergePlan> merges, bool filename)
    {
        // The name holds what is merged: a run that goes on with more parts than one before must not take its files over.
        var tasks = merges.Select((m, i) => new ShardTask(
            i, $"merge-{LanguageFolder.Of(m.Language)}-{Hash(m.Parts.Select(p => $"{p.Taken}\t{p.Output.Sha256}\n"))[..16]}", m.Parts.Sum(p => p.Output.ContentBytes))).ToList();
        var markers = build.Run(tasks, () => new MergeWorker(merges, filename));
        // Its rows are in the books already, so that nothing may be published without it.
        return markers.FirstOrDefault(m => m.Error is not null) is { } failed ? throw new RunFaultException(failed.Error!) : markers;
    }

    private static IEnumerable<ShardOutput> Parts(ShardMarker marker) => marker.Outputs.Where(o => o.Kind == PartWriter.PartKind);

    private static List<ManifestInput> Inputs(MetadataSource source, List<SourceFile> files, RepositoryLists lists)
    {
        List<ManifestInput> inputs =
        [
            new(source.Name, source.Revision),
            new("files", Hash(files.Select(f => $"{f.RelativePath}\t{f.Length}\t{f.Tag}\n"))),
        ];
        if (lists.Fingerprint.Length > 0)
            inputs.Add(new ManifestInput("lists", lists.Fingerprint));
        return inputs;
    }

    // The JSON files are made from the dataset: asking for them is no reason to read the source again.
    private static string Configuration(MetadataOptions options)
    {
        var json = JsonNode.Parse(ResolvedConfiguration.Of(options).Json)!.AsObject();
        json["metadata"]!.AsObject().Remove("json");
        return json.ToJsonString();
    }

    private static string Hash(IEnumerable<string> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));

    private static void RemoveFiles(string folder, HashSet<string> known)
    {
        foreach (var file in Directory.EnumerateFiles(folder, MetadataTable.Prefix + "*.parquet").Where(f => !known.Contains(Path.GetFileName(f))).ToList())
            File.Delete(file);
        MetadataJson.Remove(folder);
    }

    private static void Require(MetadataSource source, string output)
    {
        if (source.Files.Count == 0)
            throw new UsageException($"'{source.Name}' holds no Parquet files, so there is no metadata to filter. Check metadata.dataset and metadata.revision, and that the languages exist in it.");
        DatasetBuild.RequireOwn(output);
        var folder = RealPath.OfFolder(output);
        foreach (var file in source.Files.OfType<LocalFile>())
        {
            if (RealPath.OfFolder(Path.GetDirectoryName(Path.GetFullPath(file.Name))!).StartsWith(folder, StringComparison.Ordinal))
                throw new UsageException($"the input '{file.Name}' lies inside the output '{output}', which is written anew. Choose another --output.");
        }
    }
}
