using Stackmill.Core.Options;

namespace Stackmill.Deduplicate;

/// <summary>How duplicates are found, and which of them stay.</summary>
internal sealed class DedupOptions : ICheckedOptions
{
    public const string Global = "global";
    public const string Language = "language";
    public const string Repository = "repository";

    public const string Keep = "keep";
    public const string Blank = "blank";

    [Option("prefer", "Which of equal or similar files stays, the first rule that tells them apart: license (permissive, then unknown, none, others), stars, forks, newest, longest, path. What is left is decided by content id.", Values = ["license", "stars", "forks", "newest", "longest", "path"])]
    public IReadOnlyList<string> Prefer { get; set; } = ["license", "stars", "forks", "newest"];

    [Option("scope", "Among which files duplicates are looked for: all, those of one language, or those of one repository.", Values = [Global, Language, Repository])]
    public string Scope { get; set; } = Global;

    [Option("normalized", "Also remove files that equal one that stays when comments and white space are left out; what stands in strings counts.")]
    public bool Normalized { get; set; }

    [Option("repositories", "First look for repositories that hold the same files (path and content) in this dataset, two or more, and remove all of them but the one preferred. Not with scope: repository.")]
    public bool Repositories { get; set; } = true;

    [Option("shingle_tokens", "Tokens in a shingle (k): more tell files further apart. Files with fewer tokens are duplicates only when all their tokens are the same.", Min = 1, Max = Shingler.MostTokensPerShingle)]
    public int ShingleTokens { get; set; } = Shingler.TokensPerShingle;

    [Option("identifiers", "keep: names count as they are written. blank: all names in code count as one, so that copies with other names are duplicates too; keywords, numbers, signs, comments and strings still count.", Values = [Keep, Blank])]
    public string Identifiers { get; set; } = Keep;

    [Option("keep_index", "Keep beside the shards what a later run needs to compare new files with this dataset (dedup.against) without reading it again: about 500 bytes a file.")]
    public bool KeepIndex { get; set; }

    [Option("against", "Datasets with a kept index: files that duplicate one of theirs go, and theirs stay as they are.")]
    public IReadOnlyList<string> Against { get; set; } = [];

    [Option("max_miss", "Highest probability that a pair exactly at similarity_threshold is not found; a lower one takes more bands.", Min = 1e-12, Max = 0.5)]
    public double MaxMiss { get; set; } = LshParameters.DefaultMaxMiss;

    /// <summary>What makes shingles by these options; one a worker.</summary>
    public Shingler NewShingler() => new(level: null, ShingleTokens, Identifiers == Blank);

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        foreach (var twice in Prefer.CountBy(p => p).Where(p => p.Value > 1))
            yield return new OptionProblem("prefer", $"'{twice.Key}' {twice.Value} times", "each rule once");
    }
}
