using Stackmill.Core.Options;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>Section <c>decontamination</c>: benchmarks whose problems no file may hold, and how much of one is too much.</summary>
internal sealed class DecontaminationOptions : ICheckedOptions
{
    /// <summary>Value of <see cref="Action"/>: contaminated files are left out.</summary>
    public const string Drop = "drop";

    /// <summary>Value of <see cref="Action"/>: contaminated files go on, and the report names them.</summary>
    public const string ReportOnly = "report";

    [Option("benchmarks", "Files with the problems of benchmarks: .jsonl, .jsonl.gz, .jsonl.zst or .parquet. Empty: nothing is looked for.")]
    public IReadOnlyList<string> Benchmarks { get; set; } = [];

    [Option("columns", "What benchmark files of no known form hold: id, prompt, solution, starter or test to the name of the column, or to several names with commas between them.")]
    public IReadOnlyDictionary<string, string> Columns { get; set; } = new Dictionary<string, string>();

    [Option("action", "What becomes of files that hold problems: drop leaves them out, before duplicates are looked for; report lets them go on and names them in the report.", Values = [Drop, ReportOnly])]
    public string Action { get; set; } = Drop;

    [Option("ngram", "Words in a row that are compared; punctuation, white space and ASCII's case do not count.", Min = 5, Max = 50)]
    public int Ngram { get; set; } = 10;

    [Option("threshold", "Share of the n-grams of a prompt, solution or test from which a file holds it.", Min = 0.01, Max = 1)]
    public double Threshold { get; set; } = 0.5;

    [Option("min_hits", "Fewest different n-grams that a file must share with a prompt, solution or test. One with fewer n-grams is looked for as a whole.", Min = 1, Max = 1000)]
    public int MinHits { get; set; } = 3;

    [Option("min_distinct_words", "Fewest different words of two letters or more in an n-gram that counts.", Min = 1, Max = 50)]
    public int MinDistinctWords { get; set; } = 5;

    [Option("min_distinct_words_whole", "The same for a short prompt, solution or test that is looked for as a whole; shorter ones are not looked for, and the report names them.", Min = 1, Max = 50)]
    public int MinDistinctWordsWhole { get; set; } = 8;

    /// <summary>True when there is something to look for.</summary>
    public bool IsOn => Benchmarks.Count > 0;

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        if (MinDistinctWords > Ngram)
            yield return new OptionProblem("min_distinct_words", $"{MinDistinctWords}", $"at most ngram, which is {Ngram}: no n-gram has more words");
        foreach (var role in Columns.Keys.Where(role => !BenchmarkForm.Roles.Contains(role)).Order(StringComparer.Ordinal))
            yield return new OptionProblem("columns", $"the key '{role}'", $"one of {string.Join(", ", BenchmarkForm.Roles)}, with the name of a column as its value");
        if (Columns.Count > 0 && Columns.Keys.All(role => role == BenchmarkForm.Id))
            yield return new OptionProblem("columns", "no column with text", $"one of {string.Join(", ", BenchmarkForm.Roles.Where(role => role != BenchmarkForm.Id))}");
        foreach (var (role, names) in Columns.Where(pair => BenchmarkForm.Split(pair.Value).Count == 0 || (pair.Key == BenchmarkForm.Id && BenchmarkForm.Split(pair.Value).Count > 1)))
            yield return new OptionProblem("columns", $"'{names}' for {role}", role == BenchmarkForm.Id ? "the name of one column" : "the name of a column, or several with commas between them");
    }
}
