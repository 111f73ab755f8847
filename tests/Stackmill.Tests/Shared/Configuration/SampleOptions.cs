using Stackmill.Core.Options;

namespace Stackmill.Tests.Shared.Configuration;

/// <summary>An options tree with every kind of key, shaped like the program's own.</summary>
public sealed record SampleOptions
{
    [Option("languages", "Languages to keep; empty keeps all.")]
    public IReadOnlyList<string> Languages { get; init; } = ["Python", "C++"];

    [Section("filters", "What a file must be to stay.")]
    public SampleFilters Filters { get; init; } = new();

    [Section("", "Duplicates.")]
    public SampleDuplicates Duplicates { get; init; } = SampleDuplicates.Shared;

    [Option("parallel_processing", "Use all cores.")]
    public bool ParallelProcessing { get; init; } = true;

    [Option("max_workers", "Workers; null uses one a core.", Min = 1, Max = 64)]
    public int? MaxWorkers { get; init; }

    [Option("seed", "Seed of the sampling.")]
    public long Seed { get; init; } = 42;

    [Section("s3", "Where contents come from.")]
    public SampleStore Store { get; init; } = new();

    [Section("logging", "Logs.")]
    public Stackmill.Shared.Logging.LoggingOptions Logging { get; init; } = new();

    /// <summary>Not a key: must survive copies.</summary>
    public string Origin { get; set; } = "default";
}

public sealed record SampleFilters : ICheckedOptions
{
    [Section("stars", "Popularity.")]
    public SampleStars Stars { get; init; } = new();

    [Section("file_size", "Size of a file.")]
    public SampleSizes FileSize { get; init; } = new();

    [Option("licenses", "Licences to keep.", Values = ["mit", "apache-2.0", "bsd-2-clause", "bsd-3-clause"])]
    public IReadOnlyList<string> Licenses { get; init; } = ["mit", "apache-2.0"];

    public IEnumerable<OptionProblem> Check()
    {
        if (FileSize.MinBytes > FileSize.MaxBytes)
            yield return new OptionProblem("file_size.min_bytes", $"{FileSize.MinBytes} bytes", $"at most max_bytes, {FileSize.MaxBytes} bytes");
    }
}

public sealed record SampleStars
{
    [Option("min", "Fewest stars.", Min = 0)]
    public int Min { get; init; } = 10;
}

public sealed record SampleSizes
{
    [Option("min_bytes", "Smallest file, in bytes.", IsSize = true)]
    public long MinBytes { get; init; } = 100;

    [Option("max_bytes", "Largest file, in bytes.", IsSize = true, Max = 1L << 30)]
    public long MaxBytes { get; init; } = 1 << 20;
}

public sealed record SampleDuplicates
{
    /// <summary>One object for all, as careless initializers have: binding must not write into it.</summary>
    public static SampleDuplicates Shared { get; } = new();

    [Option("similarity_threshold", "Smallest Jaccard similarity of near duplicates.", Min = 0.5, Max = 1)]
    public double SimilarityThreshold { get; init; } = 0.85;

    [Option("model", "Tokenizer.", Values = ["cl100k", "o200k"])]
    public string? Model { get; init; }
}

public sealed record SampleStore
{
    [Option("bucket_name", "Bucket.")]
    public string? BucketName { get; init; }

    [Option("content_prefix", "Prefix of keys, with a | and a \"quote\".")]
    public string ContentPrefix { get; init; } = "content/ #: \"x\" 'y' \\ \u0007 é 🦀";

    [Option("hub_token", "Credential.", IsSecret = true)]
    public string? HubToken { get; init; }

    [Option("columns", "Column names to use instead.")]
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string> { ["text"] = "content", ["null"] = "12" };

    [Option("limit", "Largest number of rows.", Min = 0)]
    public long? Limit { get; init; } = 5;

    [Option("timeout_seconds", "Time for one request, in seconds.", Min = 0.1)]
    public double? TimeoutSeconds { get; init; } = 30;

    [Option("cache", "Size of the cache.", IsSize = true)]
    public int? Cache { get; init; } = 1 << 20;
}
