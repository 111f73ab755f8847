using Stackmill.Acquire.Metadata;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Hub;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Shared;
using Stackmill.Shared.Languages;

namespace Stackmill.Runs;

/// <summary>Where a run's code comes from: an input that <c>organize</c> reads, or rows that describe files, whose contents are fetched first.</summary>
internal sealed class RunSource : IDisposable
{
    private readonly HubClient? _hub;

    private RunSource(HubClient? hub) => _hub = hub;

    /// <summary>What <c>organize</c> reads; <c>null</c> when contents are fetched first.</summary>
    public OrganizeInput? Input { get; private init; }

    /// <summary>Rows that describe files; <c>null</c> when the input holds the contents itself.</summary>
    public MetadataSource? Metadata { get; private init; }

    /// <summary>How messages call it.</summary>
    public string Name => Metadata?.Name ?? Input!.Name;

    /// <summary>True for an input that this machine has not got: an address of the Hub or of a Git repository.</summary>
    public static bool IsRemote(string input) => HubLocation.IsHub(input) || (OrganizeInput.IsGitAddress(input) && !Path.Exists(input));

    /// <summary>The input that a command line or configuration names: the first, else <c>source</c>, else <c>metadata.dataset</c>.</summary>
    /// <exception cref="UsageException">Neither names one.</exception>
    public static string Choose(string? given, StackmillOptions options)
    {
        if (given is { Length: > 0 })
            return given;
        if (options.Source.Length > 0)
            return options.Source;
        return options.Metadata.Dataset.Length > 0
            ? $"hf://datasets/{options.Metadata.Dataset}@{Uri.EscapeDataString(options.Metadata.Revision)}"
            : throw new UsageException("there is no --input, and the configuration has neither source nor metadata.dataset. Name a folder, file or address, e.g. --input ~/src, or a dataset, e.g. --dataset bigcode/the-stack-v2-dedup.");
    }

    /// <summary>Opens an input. What lies on the Hub is pinned to a commit and listed.</summary>
    /// <exception cref="UsageException">It can't be read.</exception>
    /// <exception cref="RunFaultException">The Hub does not answer.</exception>
    public static RunSource Open(string input, StackmillOptions options, RunContext context)
    {
        if (HubLocation.IsHub(input))
            return OpenHub(HubLocation.Parse(input), options, context);
        var found = OrganizeInput.Find(input, options.Input.Format);
        return found.Kind is { Form: InputForm.Parquet } kind && DescribesFiles(kind.Files[0], options)
            ? new RunSource(null) { Metadata = new MetadataSource(found.Name, "", kind.Files) }
            : new RunSource(null) { Input = found };
    }

    /// <summary>Opens a dataset of the Hub, or local files, whose rows describe files.</summary>
    /// <exception cref="UsageException">It can't be read, or holds no such rows.</exception>
    public static RunSource OpenMetadata(string input, StackmillOptions options, RunContext context)
    {
        var source = Open(input, options, context);
        if (source.Metadata is not null)
            return source;
        source.Dispose();
        throw new UsageException($"'{input}' holds no rows that describe files: expected Parquet with a column blob_id and none with contents. Inputs that hold their contents are read by 'stackmill run' or 'stackmill organize'.");
    }

    /// <summary>Closes what the input was opened through.</summary>
    public void Dispose() => _hub?.Dispose();

    private static RunSource OpenHub(HubLocation location, StackmillOptions options, RunContext context)
    {
        var hub = new HubClient(options.Hub, log: context.Loggers.CreateLogger("Stackmill.Hub"), cancellation: context.Cancellation);
        var opened = false;
        try
        {
            var dataset = hub.Pin(location.Dataset, location.Revision);
            if (dataset.IsRenamed)
                context.Observer.Warn("hub", $"the dataset '{location.Dataset}' is called '{dataset.Id}' now: name that in the command or configuration");
            context.Observer.Note("hub", $"'{dataset.Id}' at {dataset.Revision} is commit {dataset.Commit}");
            var files = OfLanguages(hub.List(dataset, location.Path), options);
            var parquet = files.Where(f => f.RelativePath.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)).ToList();
            var name = $"hf://datasets/{dataset.Id}@{dataset.Commit}{(location.Path.Length > 0 ? "/" + location.Path : "")}";
            var source = options.Input.Format is "auto" or "parquet" && parquet.Count > 0 && DescribesFiles(parquet[0], options)
                ? new RunSource(hub) { Metadata = new MetadataSource(dataset.Id, dataset.Commit, parquet) }
                : new RunSource(hub) { Input = OrganizeInput.OfFiles(name, files, options.Input.Format) };
            opened = true;
            return source;
        }
        finally
        {
            if (!opened)
                hub.Dispose();
        }
    }

    // A configuration a language has its files in a folder of its name: the others need not even be opened.
    private static List<SourceFile> OfLanguages(IReadOnlyList<HubFile> files, StackmillOptions options)
    {
        var wanted = options.MetadataStage.Languages;
        var folders = files.Select(f => f.RelativePath.Split('/')).Where(p => p is ["data", _, _, ..]).Select(p => p[1]).Distinct(StringComparer.Ordinal)
            .ToDictionary(f => f, f => LanguageTable.Find(f.Replace("-Sharp", "#", StringComparison.Ordinal))?.Name, StringComparer.Ordinal);
        if (wanted.Count == 0 || wanted.Any(language => !folders.ContainsValue(language)))
            return [.. files];
        return [.. files.Where(f => f.RelativePath.Split('/') is not ["data", var folder, _, ..] || (folders[folder] is { } language && wanted.Contains(language)))];
    }

    /// <summary>True when the rows of a Parquet file describe files by their blob_id and hold no contents.</summary>
    public static bool DescribesFiles(SourceFile file, StackmillOptions options)
    {
        if (options.Input.ContentColumn.Length > 0 || options.Input.Columns.ContainsKey(RecordColumns.Content))
            return false;
        HashSet<string> leaves;
        try
        {
            using var reader = ParquetTableReader.Open(file);
            var schema = reader.ParquetReader.FileMetaData.Schema;
            leaves = [.. Enumerable.Range(0, schema.NumColumns).Select(i => schema.Column(i).Path.ToDotVector()).Select(p => p.Length == 1 ? p[0] : $"{p[0]}.{p[^1]}")];
        }
        catch (ShardFaultException)
        {
            // Whoever reads it counts it as a failed shard.
            return false;
        }

        bool Has(string name) => leaves.Contains(name) || leaves.Contains("files." + name);
        return Has("blob_id") && !Has(RecordColumns.Content) && !RecordColumns.ContentAliases.Any(Has);
    }
}
