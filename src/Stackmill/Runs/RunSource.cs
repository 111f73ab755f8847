using Stackmill.Acquire.Contents;
using Stackmill.Acquire.Metadata;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Hub;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Monitoring.Runs;
using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Shared;

namespace Stackmill.Runs;

/// <summary>Where a run's code comes from: an input that <c>organize</c> reads, or rows that describe files, whose contents are fetched first.</summary>
internal sealed class RunSource : IDisposable
{
    private readonly IDisposable? _through;

    // Why it is not known whether rows describe files.
    private ShardFaultException? _unreadable;

    private RunSource(IDisposable? through) => _through = through;

    /// <summary>What <c>organize</c> reads; <c>null</c> when contents are fetched first.</summary>
    public OrganizeInput? Input { get; private init; }

    /// <summary>Rows that describe files; <c>null</c> when the input holds the contents itself.</summary>
    public MetadataSource? Metadata { get; private init; }

    /// <summary>How messages call it.</summary>
    public string Name => Metadata?.Name ?? Input!.Name;

    /// <summary>True for an input that this machine has not got: an address of the Hub, of object storage or of a Git repository.</summary>
    public static bool IsRemote(string input) => HubLocation.IsHub(input) || StoragePaths.IsAddress(input) || (OrganizeInput.IsGitAddress(input) && !Path.Exists(input));

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

    /// <summary>
    /// Opens an input. What lies on the Hub is pinned to a commit and listed. Records and archives in object storage are read where
    /// they lie; anything else there is fetched first.
    /// </summary>
    /// <exception cref="UsageException">It can't be read.</exception>
    /// <exception cref="RunFaultException">The server does not answer.</exception>
    public static RunSource Open(string input, StackmillOptions options, RunContext context)
    {
        if (HubLocation.IsHub(input))
        {
            var hub = new HubClient(options.Hub, waits: message => context.Observer.Note("hub", message), cancellation: context.Cancellation);
            context.Observer.WatchCounts(HubMetrics.Source, () => hub.Counts);
            return Through(hub, () => OpenHub(hub, HubLocation.Parse(input), options, context));
        }

        if (!StoragePaths.IsAddress(input))
            return OpenLocal(input, (input, null), options, null);
        var paths = new StoragePaths(options.Storage, context.Observer, context.Cancellation);
        return Through(paths, () =>
            paths.Files(input, path => OrganizeInput.IsReadInPlace(path, options.Input.Format)) is { Count: > 0 } files && OrganizeInput.AreReadInPlace(files, options.Input.Format)
                ? OfFiles(input, "", files, options, paths)
                : OpenLocal(input, paths.Fetch(input), options, paths));
    }

    /// <summary>True when the rows of an input describe files, so that a run fetches their contents first. Nothing but what tells is read of one that lies elsewhere.</summary>
    /// <exception cref="UsageException">It can't be read.</exception>
    /// <exception cref="RunFaultException">The server does not answer.</exception>
    public static bool DescribesFiles(string input, StackmillOptions options, RunContext context)
    {
        if (HubLocation.IsHub(input) || !IsRemote(input))
        {
            using var source = Open(input, options, context);
            return source.Metadata is not null;
        }

        if (!StoragePaths.IsAddress(input))
            return false;
        using var paths = new StoragePaths(options.Storage, context.Observer, context.Cancellation);
        var files = paths.Files(input, path => OrganizeInput.IsReadInPlace(path, options.Input.Format));
        // What would be fetched as a whole holds its contents itself.
        return files is { Count: > 0 } && OrganizeInput.AreReadInPlace(files, options.Input.Format)
            && DescribesFiles([.. files.Where(f => f.RelativePath.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))], options);
    }

    /// <summary>Opens a dataset of the Hub, or other files, whose rows describe files.</summary>
    /// <exception cref="UsageException">It can't be read, or holds no such rows.</exception>
    public static RunSource OpenMetadata(string input, StackmillOptions options, RunContext context)
    {
        var source = Open(input, options, context);
        if (source.Metadata is not null)
            return source;
        source.Dispose();
        if (source._unreadable is { } fault)
            throw new RunFaultException(fault.Message, fault);
        throw new UsageException($"'{input}' holds no rows that describe files: expected Parquet with a column blob_id and none with contents. Inputs that hold their contents are read by 'stackmill run' or 'stackmill organize'.");
    }

    /// <summary>Closes what the input was opened through.</summary>
    public void Dispose() => _through?.Dispose();

    private static RunSource Through(IDisposable opened, Func<RunSource> find)
    {
        var found = false;
        try
        {
            var source = find();
            found = true;
            return source;
        }
        finally
        {
            if (!found)
                opened.Dispose();
        }
    }

    private static RunSource OpenLocal(string name, (string Path, string? Fingerprint) at, StackmillOptions options, IDisposable? through)
    {
        if (Directory.Exists(at.Path) && options.Input.Format is "auto" or "parquet" && Manifest.Read(at.Path) is { Stage: ContentStage.Id } manifest)
            return new RunSource(through) { Input = OrganizeInput.OfDataset(at.Path, manifest) with { Name = name } };
        var found = OrganizeInput.Find(at.Path, options.Input.Format);
        // What lies here is called as the input finds right: the address of a repository may hold a password.
        if (through is not null)
            found = found with { Name = name };
        ShardFaultException? unreadable = null;
        if (found.Kind is { Form: InputForm.Parquet } kind && DescribesFiles(kind.Files, options, out unreadable))
            return new RunSource(through) { Metadata = new MetadataSource(name, "", kind.Files) };
        // Times of change are those of this machine's copy.
        return new RunSource(through) { _unreadable = unreadable, Input = found with { State = at.Fingerprint is { } listing ? new ManifestInput("input", listing) : null } };
    }

    private static RunSource OpenHub(HubClient hub, HubLocation location, StackmillOptions options, RunContext context)
    {
        var dataset = hub.Pin(location.Dataset, location.Revision);
        if (dataset.IsRenamed)
            context.Observer.Warn("hub", $"the dataset '{location.Dataset}' is called '{dataset.Id}' now: name that in the command or configuration");
        context.Observer.Note("hub", $"'{dataset.Id}' at {dataset.Revision} is commit {dataset.Commit}");
        var all = hub.List(dataset, location.Path);
        var files = OfLanguages(all, options);
        if (files.Count < all.Count)
            context.Observer.Note("hub", $"{all.Count - files.Count:N0} of {all.Count:N0} files lie in folders of other languages and are not opened");
        return OfFiles(
            $"hf://datasets/{dataset.Id}@{dataset.Commit}{(location.Path.Length > 0 ? "/" + location.Path : "")}", dataset.Commit, files, options, hub, dataset.Id);
    }

    private static RunSource OfFiles(string name, string revision, IReadOnlyList<SourceFile> files, StackmillOptions options, IDisposable through, string? dataset = null)
    {
        var parquet = options.Input.Format is "auto" or "parquet" ? files.Where(f => f.RelativePath.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)).ToList() : [];
        return DescribesFiles(parquet, options, out var unreadable)
            ? new RunSource(through) { Metadata = new MetadataSource(dataset ?? name, revision, parquet) }
            : new RunSource(through) { _unreadable = unreadable, Input = OrganizeInput.OfFiles(name, files, options.Input.Format) };
    }

    // A configuration a language has its files in a folder of its name: the others need not even be opened.
    private static List<SourceFile> OfLanguages(IReadOnlyList<HubFile> files, StackmillOptions options)
    {
        var wanted = options.MetadataStage.Languages;
        var folders = files.Select(f => f.RelativePath.Split('/')).Where(p => p is ["data", _, _, ..]).Select(p => p[1]).Distinct(StringComparer.Ordinal)
            .ToDictionary(f => f, f => MetadataLanguage.Find(f)?.Name, StringComparer.Ordinal);
        if (wanted.Count == 0 || wanted.Any(language => !folders.ContainsValue(language)))
            return [.. files];
        return [.. files.Where(f => f.RelativePath.Split('/') is not ["data", var folder, _, ..] || (folders[folder] is { } language && wanted.Contains(language)))];
    }

    /// <summary>
    /// True when the rows of Parquet files describe files by their blob_id and hold no contents. The first file that can be opened
    /// tells; one that can't be is counted as a failed shard by whoever reads it.
    /// </summary>
    public static bool DescribesFiles(IReadOnlyList<SourceFile> files, StackmillOptions options) => DescribesFiles(files, options, out _);

    // The fault is that of the first file, when none can be opened.
    private static bool DescribesFiles(IReadOnlyList<SourceFile> files, StackmillOptions options, out ShardFaultException? unreadable)
    {
        unreadable = null;
        if (options.Input.ContentColumn.Length > 0 || options.Input.Columns.ContainsKey(RecordColumns.Content))
            return false;
        foreach (var file in files)
        {
            try
            {
                using var reader = ParquetTableReader.Open(file);
                var schema = ParquetTableReader.Guard(file.Name, () => reader.ParquetReader.FileMetaData.Schema);
                var leaves = Enumerable.Range(0, schema.NumColumns).Select(i => schema.Column(i).Path.ToDotVector()).Select(p => p.Length == 1 ? p[0] : $"{p[0]}.{p[^1]}").ToHashSet(StringComparer.Ordinal);
                unreadable = null;
                bool Has(string name) => leaves.Contains(name) || leaves.Contains("files." + name);
                return Has("blob_id") && !Has(RecordColumns.Content) && !RecordColumns.ContentAliases.Any(Has);
            }
            catch (ShardFaultException fault)
            {
                // The next one may tell.
                unreadable ??= fault;
            }
        }

        return false;
    }
}
