using Stackmill.Core.Options;

namespace Stackmill.Deduplicate;

/// <summary>How duplicates are found, and which of them stay.</summary>
internal sealed class DedupOptions : ICheckedOptions
{
    public const string Global = "global";
    public const string Language = "language";
    public const string Repository = "repository";

    [Option("prefer", "Which of equal or similar files stays, the first rule that tells them apart: license (permissive, then unknown, none, others), stars, forks, newest, longest, path. What is left is decided by content id.", Values = ["license", "stars", "forks", "newest", "longest", "path"])]
    public IReadOnlyList<string> Prefer { get; set; } = ["license", "stars", "forks", "newest"];

    [Option("scope", "Among which files duplicates are looked for: all, those of one language, or those of one repository.", Values = [Global, Language, Repository])]
    public string Scope { get; set; } = Global;

    [Option("normalized", "Also remove files that equal one that stays when comments and white space are left out; what stands in strings counts.")]
    public bool Normalized { get; set; }

    [Option("max_miss", "Highest probability that a pair exactly at similarity_threshold is not found; a lower one takes more bands.", Min = 1e-12, Max = 0.5)]
    public double MaxMiss { get; set; } = LshParameters.DefaultMaxMiss;

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        foreach (var twice in Prefer.CountBy(p => p).Where(p => p.Value > 1))
            yield return new OptionProblem("prefer", $"'{twice.Key}' {twice.Value} times", "each rule once");
    }
}
