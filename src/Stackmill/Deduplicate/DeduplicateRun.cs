using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Deduplicate.Containment;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Deduplicate.Repositories;
using Stackmill.Deduplicate.Search;
using Stackmill.Preprocess.Tokenize;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Deduplicate;

/// <summary>One deduplication of one dataset: what it is made from, its steps, and what is written at its end.</summary>
internal sealed class DeduplicateRun
{
    /// <summary>Name of the step that writes what stays.</summary>
    public const string Keep = "keep";

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 3;

    private readonly Dataset _input;
    private readonly DeduplicateOptions _options;
    private readonly RunContext _context;
    private readonly Decontaminator? _decontaminator;
    private readonly Lock _gate = new();
    private readonly Lazy<BpeVocabulary?> _vocabulary;
    private FrequentWindows? _frequent;
    private readonly string _output;
    private readonly IndexForm _form;
    private readonly IReadOnlyList<IndexedShard> _indexed;
    private readonly IReadOnlyList<Dataset> _against;
    private readonly string _report;
    private readonly string _contamination;

    /// <summary>A run that has not begun.</summary>
    public DeduplicateRun(Dataset input, string output, DeduplicateOptions options, RunContext context)
    {
        input.RequireText(DeduplicateStage.Id);
        (_input, _options, _context) = (input, options, context);
        _decontaminator = Decontaminator.Open(options.Decontamination, context.MemoryBytes);
        _report = Path.Combine(ProjectLayout.ReportsFor(output), DeduplicateStage.ReportName);
        _contamination = Path.Combine(ProjectLayout.ReportsFor(output), DecontaminationReport.FileName);
        _output = Path.GetFullPath(output);
        _vocabulary = new(() => BoilerplateCutter.VocabularyFor(input.Manifest, options.Boilerplate));
        Parameters = LshParameters.For(options.SimilarityThreshold, maxMiss: options.Dedup.MaxMiss);
        _form = IndexForm.Of(options.Dedup, Parameters);
        if (!options.Enabled && (options.Dedup.KeepIndex || options.Dedup.Against.Count > 0))
            throw new UsageException("dedup.keep_index or dedup.against is set while deduplication is off; expected one or the other.");
        if (!options.Enabled && options.Containment.IsOn)
            throw new UsageException("containment.mode is set while deduplication is off; expected one or the other.");
        if (options.Boilerplate.IsOn && (!options.Enabled || options.Dedup.Scope == DedupOptions.Repository))
            throw new UsageException("boilerplate.mode is set while copies of one file in several repositories stay (deduplication is off, or dedup.scope is repository): their lines would count as shared by many files. Expected boilerplate.mode: off, or deduplication over all files or languages.");
        if (options.Dedup.KeepIndex && options.Boilerplate.Removes)
            throw new UsageException("dedup.keep_index and boilerplate.mode: remove are set together: the index would describe the texts before the cut. Expected one of them.");
        var against = options.Dedup.Against.Select(path => DedupIndex.Open(path, _form)).ToList();
        foreach (var old in against)
            RequireApart(old.Dataset.Folder, _output);
        _indexed = [.. against.SelectMany(a => a.Shards)];
        _against = [.. against.Select(a => a.Dataset)];
        // Where the benchmarks and the old datasets lie is no part of the dataset: what they hold is an input.
        var configuration = ResolvedConfiguration.Of(options, key => key is not ("decontamination.benchmarks" or "dedup.against")).Json;
        ManifestInput[] inputs = [new ManifestInput(input.Manifest.Stage, input.Manifest.RootHash), .. against.Select(a => new ManifestInput("against " + a.Dataset.Manifest.Stage, a.Dataset.Manifest.RootHash)), .. _decontaminator?.Inputs ?? []];
        Plan = new DatasetPlan(DeduplicateStage.Id, Version, "text", configuration, inputs);
        Rows = [.. input.Manifest.Shards.Select(s => s.Rows)];
    }

    /// <summary>What the dataset will be made of and from.</summary>
    public DatasetPlan Plan { get; }

    /// <summary>What it reads and writes.</summary>
    public StageData Lineage() => DeduplicateLineage.Of(_input, _against, _options.Decontamination.Benchmarks, _output, _options);

    /// <summary>How candidates are found.</summary>
    public LshParameters Parameters { get; }

    /// <summary>Rows of each shard of the input.</summary>
    public IReadOnlyList<long> Rows { get; }

    /// <summary>What the search will take.</summary>
    public SearchForecast Forecast => SearchForecast.Of(Rows.Sum() + _indexed.Sum(i => i.Rows), _input.Manifest.Shards.Sum(s => s.ContentBytes), _input.Manifest.Shards.Sum(s => s.Bytes), Parameters.Bands);

    /// <summary>Finds out what is done already, as <see cref="DatasetBuild.Prepare(DatasetPlan, Action, string[])"/> does, and fails early when the rest can't be done.</summary>
    public void Prepare(DatasetBuild build)
    {
        // A benchmark that can't be read must not cost the dataset that is there.
        string[] reports = [_report, .. _decontaminator is null ? [] : new[] { _contamination }, .. _options is { Enabled: true, Containment.IsOn: true } ? [Beside(ContainmentReport.FileName)] : Array.Empty<string>(), .. _options.Boilerplate.IsOn ? [Beside(BoilerplateReport.FileName)] : Array.Empty<string>(), .. _options.Dedup.KeepIndex ? [DedupIndex.PathOf(_output)] : Array.Empty<string>()];
        build.Prepare(Plan, Clear, reports);
        if (build.UpToDate is not null || !build.IsBegun)
            return;
        if (_decontaminator is not null)
            _context.Observer.Note(DeduplicateStage.Id, _decontaminator.Index.Summary);
        if (!_options.Enabled)
            return;
        var documents = Rows.Sum() + _indexed.Sum(i => i.Rows);
        if (documents >= SearchFiles.NoRank)
            throw new RunFaultException($"the dataset has {documents} files; at most {SearchFiles.NoRank - 1} can be deduplicated together. Deduplicate parts of it apart.");
        var folder = Files(build).Folder;
        Forecast.Require(folder, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length));
        _context.Observer.Note(DeduplicateStage.Id, Forecast.Describe(_context.Workers, _context.MemoryBytes));

        void Clear()
        {
            _ = _decontaminator?.Index;
            if (Directory.Exists(DedupIndex.FolderOf(_output)))
                Directory.Delete(DedupIndex.FolderOf(_output), recursive: true);
        }
    }

    /// <summary>Where the steps leave what the next ones read.</summary>
    public SearchFiles Files(DatasetBuild build) => new(build.ScratchFolder("search"), Rows, Parameters, _indexed);

    /// <summary>Names of the steps, in order, as the options alone tell them, and whether each is one task; a step may turn out to be empty or missing.</summary>
    public static IReadOnlyList<(string Name, bool IsOne)> StepNames(DeduplicateOptions options) =>
    [
        (SearchFiles.Signatures, false),
        .. RepositoryCollector.Applies(options) ? [("repositories", true)] : Array.Empty<(string, bool)>(),
        .. options.Enabled ? SearchSteps.Names(options.Dedup) : [],
        .. options is { Enabled: true, Containment.IsOn: true } ? [("containment", true)] : Array.Empty<(string, bool)>(),
        .. BoilerplateSteps.Names(options),
        (Keep, false),
    ];

    /// <summary>The steps before <see cref="Keep"/>, in order.</summary>
    public IReadOnlyList<SearchStep> Steps(SearchFiles files)
    {
        var signatures = new SearchStep(SearchFiles.Signatures, _input.Tasks, _ => new SignatureWorker(_input, _options, Parameters, _decontaminator));
        var repositories = new SearchStep("repositories", [new ShardTask(0, "repositories", Rows.Sum())], memory => new SearchSteps.Worker((_, context) => RepositoryDecider.Run(
            Enumerable.Range(0, files.NewRows.Count).Select(files.RepositoriesOf), context.CreateOutput(SearchFiles.GoneRepositoriesName, SearchFiles.Signatures, "", static () => (0, 0)), files.Scratch("repositories"), memory, context.Cancellation)));
        var containment = new SearchStep("containment", [new ShardTask(0, "containment", Rows.Sum())], memory => new SearchSteps.Worker((_, context) => ContainmentStep.Run(files, _options.Containment, memory, context)));
        SearchStep[] all = !_options.Enabled ? [signatures]
            : [signatures, .. RepositoryCollector.Applies(_options) ? [repositories] : Array.Empty<SearchStep>(), .. SearchSteps.Of(files, _options.Dedup), .. _options.Containment.IsOn ? [containment] : Array.Empty<SearchStep>()];
        return [.. all, .. BoilerplateSteps.Of(_input, files, _options, _decontaminator)];
    }

    /// <summary>Does tasks of a step.</summary>
    public IReadOnlyList<ShardMarker> Do(SearchStep step, IReadOnlyList<ShardTask> tasks, SearchFiles files) =>
        SearchSteps.Run(step, tasks, files, Plan.Key, _context with { MemoryBytes = _context.MemoryBytes - (_decontaminator?.Index.Ngrams * ContaminationIndexBuilder.BytesPerNgram ?? 0) });

    /// <summary>Knows which tasks of a step are done.</summary>
    public ShardRunner Runner(SearchStep step, SearchFiles files) => SearchSteps.Runner(step, files, Plan.Key, _context);

    /// <summary>The tasks that write what stays.</summary>
    public IReadOnlyList<ShardTask> KeepTasks => _input.Tasks;

    /// <summary>Makes a worker that writes what stays.</summary>
    public IShardWorker CreateKeepWorker(SearchFiles files)
    {
        var cutter = Frequent(files) is { } frequent ? new BoilerplateCutter(frequent, _options.Boilerplate, _vocabulary.Value) : null;
        return new KeepWorker(_input, files, _options, _decontaminator, cutter, _context.MemoryBytes / 16);
    }

    // The old datasets are read until the end, and stay as they are.
    private static void RequireApart(string old, string output)
    {
        var (one, other) = (RealPath.OfFolder(old), RealPath.OfFolder(output));
        if (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal))
            throw new UsageException($"the output '{output}' and the dataset '{old}' of dedup.against are the same, or one lies in the other. Choose another --output.");
    }

    private string Beside(string report) => Path.Combine(Path.GetDirectoryName(_report)!, report);

    private FrequentWindows? Frequent(SearchFiles files)
    {
        // Shared by all workers.
        lock (_gate)
            return _frequent ??= _options.Boilerplate.IsOn ? FrequentWindows.Open(BoilerplateSteps.Frequent(files), _context.MemoryBytes / 4) : null;
    }

    // A report of an earlier run with other options would pass for one of this run.
    private void WriteOther(string name, bool isOn, Action<string> write)
    {
        if (isOn)
            write(Beside(name));
        else
            File.Delete(Beside(name));
    }

    /// <summary>Writes the reports and the manifest.</summary>
    public Manifest Publish(DatasetBuild build, IReadOnlyList<ShardMarker> markers, SearchFiles files) => build.Publish(markers, _input.Tasks, beforePublish: manifest =>
    {
        if (_options.Dedup.KeepIndex)
            DedupIndex.Write(_output, manifest, _form, markers.SelectMany(m => m.Outputs));
        new DeduplicationReport(files, _options, _context.MemoryBytes / 4).Write(_report);
        WriteOther(ContainmentReport.FileName, _options is { Enabled: true, Containment.IsOn: true }, path => AtomicFile.WriteAllBytes(path, File.ReadAllBytes(files.ContainmentReport)));
        WriteOther(BoilerplateReport.FileName, _options.Boilerplate.IsOn, path =>
        {
            var counters = new Books();
            foreach (var marker in markers)
                counters.Merge(marker.Books);
            var blocks = KeepTasks.Select(t => Path.Combine(_output, KeepWorker.BlocksName(files, _output, t)));
            BoilerplateReport.Write(path, _input, _options.Boilerplate, Frequent(files)!, blocks, files.Scratch("boilerplate"), _context.MemoryBytes / 4, counters.Counters);
        });
        // A report of an earlier run with benchmarks would pass for one of this run.
        if (_decontaminator is null)
            File.Delete(_contamination);
        else
            new DecontaminationReport(_decontaminator, files.NewRows.Sum(), [.. Enumerable.Range(0, files.NewRows.Count).SelectMany(s => SignatureWorker.ReadHits(files, s))]).Write(_contamination);
    });
}
