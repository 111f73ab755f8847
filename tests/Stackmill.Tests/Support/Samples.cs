using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stackmill.Tests.Support;

/// <summary>What must become of one entry of the sample corpus: one line of <c>samples/expected.jsonl</c>.</summary>
internal sealed record ExpectedFile
{
    /// <summary>From <see cref="Samples.CorpusPath"/>, with forward slashes; a folder that is dropped whole ends with one.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the original bytes; null for links and folders.</summary>
    public long? Bytes { get; init; }

    /// <summary>Git blob id of the original bytes; null for links and folders.</summary>
    public string? ContentId { get; init; }

    /// <summary>Linguist's name, or null where none is decided.</summary>
    public string? Language { get; init; }

    /// <summary><c>organize</c>, <c>preprocess</c> or <c>deduplicate</c> for a file dropped there, <c>corpus</c> for one that stays.</summary>
    public required string Stage { get; init; }

    /// <summary><c>keep</c> or <c>drop</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why the file is dropped; null when it stays.</summary>
    public string? Reason { get; init; }

    /// <summary>IANA name, in lower case, of what the bytes are decoded from; null for a file that is not decoded.</summary>
    public string? Encoding { get; init; }

    /// <summary>Names that are as right as <see cref="Encoding"/>, because the tables agree on every byte of the file.</summary>
    public IReadOnlyList<string> EncodingAlso { get; init; } = [];

    /// <summary>How many places are replaced, by kind; empty where nothing is.</summary>
    public IReadOnlyDictionary<string, int> Redactions { get; init; } = new Dictionary<string, int>();

    /// <summary>Pieces of the final text.</summary>
    public IReadOnlyList<string> MustContain { get; init; } = [];

    /// <summary>What the final text may not hold.</summary>
    public IReadOnlyList<string> MustNotContain { get; init; } = [];

    /// <summary>The file that is kept instead of this one.</summary>
    public string? DuplicateOf { get; init; }

    /// <summary>A file whose likeness is stated although this one does not go because of it.</summary>
    public string? SimilarTo { get; init; }

    /// <summary>Jaccard index with <see cref="DuplicateOf"/> or <see cref="SimilarTo"/>, rounded to four decimals.</summary>
    public double? Similarity { get; init; }

    /// <summary>Target of a symbolic link.</summary>
    public string? Link { get; init; }

    /// <summary>Family of the planted flaw; null for a file without one.</summary>
    public string? Kind { get; init; }

    /// <summary>The planted flaw in a sentence; null for a file without one.</summary>
    public string? Flaw { get; init; }

    /// <summary>True when the file reaches the final corpus.</summary>
    [JsonIgnore]
    public bool IsKept => Verdict == "keep";

    /// <summary>Where the entry lies on this machine.</summary>
    [JsonIgnore]
    public string FullPath => System.IO.Path.Combine(Samples.CorpusPath, Path);
}

/// <summary>The sample corpus of the repository and the fate of each of its files.</summary>
internal static class Samples
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly Lazy<IReadOnlyList<ExpectedFile>> Records = new(ReadExpected);

    /// <summary>The folder that holds <c>Stackmill.slnx</c>, looked for from the test program upward.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder of the sample files.</summary>
    public static string CorpusPath { get; } = Path.Combine(RepositoryRoot, "samples", "corpus");

    /// <summary>Every line of <c>samples/expected.jsonl</c>, in its order.</summary>
    public static IReadOnlyList<ExpectedFile> Expected => Records.Value;

    /// <summary>The record of one path; fails when there is none.</summary>
    public static ExpectedFile ExpectedOf(string path) =>
        Expected.SingleOrDefault(file => file.Path == path) ?? throw new ArgumentException($"samples/expected.jsonl has no '{path}'", nameof(path));

    private static List<ExpectedFile> ReadExpected() =>
        [.. File.ReadLines(Path.Combine(RepositoryRoot, "samples", "expected.jsonl"))
            .Select(line => JsonSerializer.Deserialize<ExpectedFile>(line, SnakeCase)!)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Stackmill.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no Stackmill.slnx in or above {AppContext.BaseDirectory}; run the tests from a clone");
    }
}
