using System.Text.RegularExpressions;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>What a second run on the same output does again, and what it leaves.</summary>
public sealed partial class RepeatedRunTests : IDisposable
{
    private static readonly string[] All = ["organize", "preprocess", "deduplicate", "validate", "statistics", "export"];

    private readonly TempFolder _folder = new();

    public RepeatedRunTests()
    {
        GeneratedCorpus.Write(Input, files: 40, seed: 7);
        Run().Expect(0);
    }

    private string Input => _folder["input"];

    private string Project => _folder["project"];

    [Fact]
    public void A_second_run_changes_nothing_and_says_so()
    {
        var before = Written();

        var second = Run().Expect(0);

        TreeState.AssertEqual(before, Written());
        Assert.Equal(All, UpToDate(second));
    }

    [Fact]
    public void Force_does_everything_again_with_the_same_bytes()
    {
        var (state, written) = (TreeState.OfOutput(Project), Written());

        var forced = Run("--force").Expect(0);

        Assert.Empty(UpToDate(forced));
        TreeState.AssertEqual(state, TreeState.OfOutput(Project));
        Assert.All(written, file => Assert.NotEqual(file.Value, Written()[file.Key]));
    }

    [Theory]
    [InlineData("filters.file_size.min_bytes=200", "")]
    [InlineData("tokenizer_model=cl100k_base", "organize")]
    [InlineData("redaction.email=false", "organize")]
    [InlineData("filters.preset=opencoder", "organize")]
    [InlineData("filters.sampling={Python: 0.5}", "organize")]
    [InlineData("similarity_threshold=0.9", "organize,preprocess")]
    [InlineData("export.format=jsonl", "organize,preprocess,deduplicate,validate,statistics")]
    [InlineData("max_workers=1", "organize,preprocess,deduplicate,validate,statistics,export")]
    [InlineData("logging.level=debug", "organize,preprocess,deduplicate,validate,statistics,export")]
    public void An_option_makes_only_what_depends_on_it_run_again(string option, string stay)
    {
        var again = Run("--set", option).Expect(0);

        // A later stage whose input turned out the same may rest: what must rest is listed, what must run is what the option names.
        Assert.Equal(stay, string.Join(',', UpToDate(again).TakeWhile((stage, i) => All[i] == stage)));
    }

    [Fact]
    public void A_changed_an_added_and_a_removed_file_are_noticed()
    {
        var file = Directory.EnumerateFiles(Input, "*.py", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(f => new FileInfo(f).Length > 500);
        var text = File.ReadAllText(file);

        // The same length: only the content and the time differ.
        File.WriteAllText(file, text.Replace("compute", "comfort", StringComparison.Ordinal));
        Assert.DoesNotContain("organize", UpToDate(Run().Expect(0)));
        Assert.Contains("comfort", Contents(), StringComparison.Ordinal);

        var added = Path.Combine(Input, "repo-00", "added.py");
        File.WriteAllText(added, text.Replace("compute", "welcome", StringComparison.Ordinal));
        Assert.DoesNotContain("organize", UpToDate(Run().Expect(0)));
        Assert.Contains("welcome", Contents(), StringComparison.Ordinal);

        File.Delete(added);
        Assert.DoesNotContain("organize", UpToDate(Run().Expect(0)));
        Assert.DoesNotContain("welcome", Contents(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_shard_is_made_again_with_the_same_bytes()
    {
        var state = TreeState.OfOutput(Project);
        foreach (var name in (string[])["staged", "processed", "corpus", "release"])
            File.Delete(Directory.EnumerateFiles(Path.Combine(ProjectLayout.Data(Project, name), "python"), "part-*").Order(StringComparer.Ordinal).First());

        Run().Expect(0);

        TreeState.AssertEqual(state, TreeState.OfOutput(Project));
    }

    [Fact]
    public void Leftovers_of_killed_runs_vanish_with_the_next_work()
    {
        var stale = Path.Combine(ProjectLayout.Data(Project, "staged"), "python", "part-00099.parquet.4242.tmp");
        File.WriteAllText(stale, "half");

        Run("--set", "filters.file_size.min_bytes=200").Expect(0);

        Assert.False(File.Exists(stale));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(Project, "*", SearchOption.AllDirectories), path =>
            path.EndsWith(".tmp", StringComparison.Ordinal) || path.EndsWith("_work", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private ProgramResult Run(params string[] more) => StackmillProgram.Run(["run", "--input", Input, "--output", Project, .. more]);

    private SortedDictionary<string, string> Written() => TreeState.Exact(Project, path => !path.StartsWith("logs/", StringComparison.Ordinal) && !path.EndsWith(".lock", StringComparison.Ordinal));

    private string Contents()
    {
        var lines = _folder["lines"];
        StackmillProgram.Run("export", "--input", Project, "--output", lines, "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
        return string.Concat(JsonLineFiles.Read(lines).Select(record => (string)record["content"]!));
    }

    private static IEnumerable<string> UpToDate(ProgramResult result) => Resting().Matches(result.Error).Select(match => match.Groups[1].Value);

    [GeneratedRegex("^([a-z]+): up to date", RegexOptions.Multiline)]
    private static partial Regex Resting();
}
