using Stackmill.Acquire.Contents;
using Stackmill.Acquire.Metadata;
using Stackmill.Core.Options;
using Stackmill.Datasets.Hub;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Deduplicate.Containment;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Export;
using Stackmill.Lineage;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Notifications;
using Stackmill.Organize;
using Stackmill.Organize.Licenses;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Clean;
using Stackmill.Preprocess.Decode;
using Stackmill.Preprocess.Quality;
using Stackmill.Preprocess.Redact;
using Stackmill.Shared;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Logging;
using Stackmill.Validate;

namespace Stackmill.Catalog;

/// <summary>
/// The whole configuration file. Sections are declared beside what they configure; keys keep the names of the seed system
/// where it had them. Each stage takes its own part, so that a change elsewhere does not make it run again.
/// </summary>
[FormerKey("s3", "contents.location: s3://BUCKET/PREFIX/ in the place of bucket_name and content_prefix")]
[FormerKey("download", "contents.max_concurrency in the place of batch_size; what was fetched is never fetched again, as with skip_existing")]
[FormerKey("metadata_paths", "metadata.dataset for a dataset of the Hub, or --input with the Parquet files")]
[FormerKey("supported_languages", "languages")]
internal sealed class StackmillOptions : ICheckedOptions
{
    [Option("source", "What run reads when the command line names no --input: a path, an s3:// or hf:// address, or that of a Git repository.")]
    public string Source { get; set; } = "";

    [Option("languages", "Languages to keep, by linguist's or short name (Python, C++, cpp …). Empty: all that are known.")]
    public IReadOnlyList<string> Languages { get; set; } = [];

    [Section("input", "How the input is read.")]
    public InputOptions Input { get; set; } = new();

    [Section("hub", "The Hugging Face Hub.")]
    public HubOptions Hub { get; set; } = new();

    [Section("metadata", "Rows that describe files, and are filtered before any content is fetched.")]
    public MetadataSectionOptions Metadata { get; set; } = new();

    [Section("contents", "Where contents come from that are known by their blob_id, and how they are fetched.")]
    public ContentOptions Contents { get; set; } = new();

    [Section("storage", "Object storage that paths of the form s3://bucket/prefix lie in.")]
    public StorageOptions Storage { get; set; } = new();

    [Section("filters", "Which files go on.")]
    public FilterSectionOptions Filters { get; set; } = new();

    [Section("licenses", "How licences are recognised.")]
    public LicenseOptions Licenses { get; set; } = new();

    [Option("max_file_size_mb", "Hard limit: larger files are never read, in MiB.", Min = 1, Max = 1024)]
    public int MaxFileSizeMb { get; set; } = 10;

    [Section("stages", "Steps that can be switched off.")]
    public StageSwitches Stages { get; set; } = new();

    [Section("decoding", "How encoding_fix works.")]
    public DecodeOptions Decoding { get; set; } = new();

    [Section("cleaning", "How whitespace_cleanup works.")]
    public CleanOptions Cleaning { get; set; } = new();

    [Section("redaction", "What pii_removal replaces.")]
    public RedactionOptions Redaction { get; set; } = new();

    [Option("tokenizer_model", "Vocabulary whose tokens are counted.", Values = ["o200k_base", "cl100k_base"])]
    public string TokenizerModel { get; set; } = "o200k_base";

    [Option("similarity_threshold", "Exact Jaccard similarity of the sets of shingles (dedup.shingle_tokens) from which a file is a near-duplicate.", Min = 0.5, Max = 1)]
    public double SimilarityThreshold { get; set; } = 0.85;

    [Section("dedup", "How duplicates are found, and which of them stay.")]
    public DedupOptions Dedup { get; set; } = new();

    [Section("decontamination", "Benchmarks whose problems no file of the corpus may hold.")]
    public DecontaminationOptions Decontamination { get; set; } = new();

    [Section("containment", "Files whose text lies in a larger one.")]
    public ContainmentOptions Containment { get; set; } = new();

    [Section("boilerplate", "Blocks of lines that many files share, such as licence headers.")]
    public BoilerplateOptions Boilerplate { get; set; } = new();

    [Section("export", "Form of the release.")]
    public ExportOptions Export { get; set; } = new();

    [Section("output_paths", "Where results go.")]
    public OutputPathOptions OutputPaths { get; set; } = new();

    [Option("shard_size", "Content of one shard. It decides how the work is cut, so another size gives another root hash.", IsSize = true, Min = 65536, Max = 1L << 30)]
    public long ShardSize { get; set; } = 16 << 20;

    [Option("parallel_processing", "Use several threads; when false, one.")]
    public bool ParallelProcessing { get; set; } = true;

    [Option("max_workers", "Threads; 0 for one a processor.", Min = 0, Max = 1024)]
    public int MaxWorkers { get; set; }

    [Option("memory", "Limit of the process's memory.", IsSize = true, Min = 384 << 20)]
    public long Memory { get; set; } = 4_000_000_000;

    [Section("logging", "What is logged, and where.")]
    public LoggingOptions Logging { get; set; } = new();

    [Section("monitoring", "How a run is seen from outside: metrics, traces, records of runs.")]
    public MonitoringOptions Monitoring { get; set; } = new();

    [Section("lineage", "Where it is told what each run read and wrote.")]
    public LineageOptions Lineage { get; set; } = new();

    [Section("notifications", "Who is told how a run ended.")]
    public NotificationOptions Notifications { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        var named = Languages.Select(l => ("languages", l)).Concat(Input.Language.Length > 0 ? [("input.language", Input.Language)] : []);
        foreach (var (key, language) in named.Where(n => LanguageTable.Find(n.Item2) is null))
        {
            var near = NearestName.Find(language, LanguageTable.Names);
            yield return new OptionProblem(key, $"the language '{language}'", near is null ? "a language of docs/languages.md, such as 'Python'" : $"a known language, such as '{near}'");
        }

        if (Filters.FileSize.MinBytes > Filters.FileSize.MaxBytes)
            yield return new OptionProblem("filters.file_size.min_bytes", $"{Filters.FileSize.MinBytes}", $"at most max_bytes, which is {Filters.FileSize.MaxBytes}");
        foreach (var (key, path) in LocalPaths())
        {
            if (path.Contains("://", StringComparison.Ordinal))
                yield return new OptionProblem(key, "an address", "a path of this machine");
        }
    }

    /// <summary>Threads that this configuration asks for.</summary>
    public int Workers => !ParallelProcessing ? 1 : MaxWorkers > 0 ? MaxWorkers : Environment.ProcessorCount;

    /// <summary>Bytes of the largest file that goes through.</summary>
    public long LargestFile => Math.Min((long)MaxFileSizeMb << 20, Filters.FileSize.MaxBytes);

    /// <summary>The part of <c>metadata</c>.</summary>
    public MetadataOptions MetadataStage => new() { Metadata = Metadata, Languages = SortedLanguages(), MaxFileSizeMb = MaxFileSizeMb, Filters = Filters };

    /// <summary>The part of <c>contents</c>.</summary>
    public ContentStageOptions ContentStage => new() { Contents = Contents, MaxFileSizeMb = MaxFileSizeMb, ShardSize = ShardSize };

    /// <summary>The part of <c>organize</c>.</summary>
    public OrganizeOptions Organize => new()
    {
        Languages = SortedLanguages(),
        MaxFileSizeMb = MaxFileSizeMb,
        ShardSize = ShardSize,
        Filters = Filters,
        Licenses = Licenses,
        Input = Input,
    };

    /// <summary>The part of <c>preprocess</c>.</summary>
    public PreprocessOptions Preprocess => new()
    {
        Stages = WithoutDeduplication(),
        TokenizerModel = TokenizerModel,
        Decoding = Decoding,
        Cleaning = Cleaning,
        Redaction = Redaction,
        Filters = Filters.Quality.Normalised(),
    };

    /// <summary>The part of <c>deduplicate</c>.</summary>
    public DeduplicateOptions Deduplicate => new()
    {
        Enabled = Stages.Deduplication,
        SimilarityThreshold = SimilarityThreshold,
        Dedup = Dedup,
        Decontamination = Decontamination,
        Containment = Containment,
        Boilerplate = Boilerplate,
    };

    /// <summary>The part of <c>validate</c>.</summary>
    public ValidateOptions Validate => new() { MaxFileSizeMb = MaxFileSizeMb, PiiRemoval = Stages.PiiRemoval, Redaction = Redaction };

    // Inputs and outputs of commands may be addresses; what a run keeps for itself, and the lists that it looks things up in, may not.
    private IEnumerable<(string Key, string Path)> LocalPaths() =>
    [
        ("contents.cache", Contents.Cache),
        ("contents.file_tree", Contents.FileTree),
        ("storage.work_dir", Storage.WorkDir),
        ("input.git.metadata", Input.Git.Metadata),
        ("input.git.clones", Input.Git.Clones),
        ("logging.file", Logging.File),
        ("monitoring.file", Monitoring.File),
        ("filters.allow_repositories", Filters.AllowRepositories),
        ("filters.deny_repositories", Filters.DenyRepositories),
        .. Filters.OptOuts.Select(path => ("filters.opt_outs", path)),
        .. Dedup.Against.Select(path => ("dedup.against", path)),
        .. Decontamination.Benchmarks.Select(path => ("decontamination.benchmarks", path)),
    ];

    // Sorted linguist's names: another spelling or order is no other selection.
    private List<string> SortedLanguages() => [.. Languages.Select(l => LanguageTable.Find(l)?.Name ?? l).Distinct().Order(StringComparer.Ordinal)];

    // Whether duplicates go later changes nothing here.
    private StageSwitches WithoutDeduplication() => new()
    {
        EncodingFix = Stages.EncodingFix,
        MalformedCleaning = Stages.MalformedCleaning,
        PiiRemoval = Stages.PiiRemoval,
        Tokenization = Stages.Tokenization,
        WhitespaceCleanup = Stages.WhitespaceCleanup,
    };
}

/// <summary>
/// Section <c>filters</c> as people write it. Stages that filter before a text is read see its base class, and
/// <c>preprocess</c> the quality rules: what one of them doesn't see is no part of its dataset's key.
/// </summary>
internal sealed class FilterSectionOptions : FilterOptions
{
    [Section("", "Rules on the text of files.")]
    public QualityOptions Quality { get; set; } = new();
}

/// <summary>Section <c>output_paths</c>.</summary>
internal sealed class OutputPathOptions
{
    [Option("base_dir", "Project folder that results go into when the command line names none.")]
    public string BaseDir { get; set; } = "";
}
