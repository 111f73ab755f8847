using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Validations that find something: exit code 4, a list, no release, and statistics all the same.</summary>
public sealed class FailedValidationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public FailedValidationTests()
    {
        _folder.Write("input/good.py", Source.Python(1));
        _folder.Write("input/person.py", "# ask ines.marsh@harbour-office.net\n" + Source.Python(2));
    }

    private string Project => _folder["project"];

    private string ReportPath => Path.Combine(Project, "reports", "schema_validation_report.json");

    [Fact]
    public void Personal_data_that_was_left_in_fails_and_is_listed_by_file()
    {
        Run("--set", "stages.pii_removal=false").Expect(0);

        var result = StackmillProgram.Run("validate", "--input", Project).Expect(4);

        Assert.Contains("person.py", result.All, StringComparison.Ordinal);
        Assert.Contains("residual_pii", result.All, StringComparison.Ordinal);
        var report = JsonNode.Parse(File.ReadAllBytes(ReportPath))!;
        Assert.Equal(("failed", 1, 1), ((string)report["status"]!, (int)report["pii_hits"]!, (int)report["total_errors"]!));
        var error = Assert.Single(report["errors"]!.AsArray())!;
        Assert.Equal(("residual_pii", "person.py"), ((string)error["check"]!, (string)error["path"]!));
    }

    [Fact]
    public void A_file_above_the_limit_fails()
    {
        _folder.Write("input/large.py", string.Concat(Enumerable.Range(0, 2_200).Select(Source.Python)));
        Run("--set", "filters.file_size.max_bytes=4MiB").Expect(0);

        StackmillProgram.Run("validate", "--input", Project, "--set", "max_file_size_mb=1").Expect(4);

        var report = JsonNode.Parse(File.ReadAllBytes(ReportPath))!;
        Assert.Equal(("failed", 1), ((string)report["status"]!, (int)report["oversize_files"]!));
        Assert.Equal("large.py", (string)Assert.Single(report["errors"]!.AsArray())!["path"]!);
    }

    [Fact]
    public void Books_that_do_not_balance_fail_and_statistics_can_be_made_all_the_same()
    {
        Run().Expect(0);
        Forge("in", 5);

        var validated = StackmillProgram.Run("validate", "--input", Project, "--force").Expect(4);

        Assert.Contains("5 in, but 2 kept", validated.All, StringComparison.Ordinal);
        StackmillProgram.Run("statistics", "--input", Project, "--force").Expect(0);
    }

    [Fact]
    public void A_run_on_a_corpus_that_fails_ends_with_4_after_the_statistics()
    {
        Run().Expect(0);
        Directory.Delete(ProjectLayout.Data(Project, "release"), recursive: true);
        File.Delete(Path.Combine(Project, "reports", "data_statistics.json"));
        Forge("kept", 1);
        File.Delete(ReportPath);

        var result = Run().Expect(4);

        Assert.Contains("no release was made", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Project, "reports", "data_statistics.json")));
        Assert.False(File.Exists(Path.Combine(ProjectLayout.Data(Project, "release"), Manifest.FileName)));

        Run("--force").Expect(0);
        Assert.True(File.Exists(Path.Combine(ProjectLayout.Data(Project, "release"), Manifest.FileName)));
    }

    [Fact]
    public void A_staged_dataset_cannot_be_validated()
    {
        Run().Expect(0);

        Assert.Contains("original bytes", StackmillProgram.Run("validate", "--input", ProjectLayout.Data(Project, "staged")).Expect(2).Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    // Books that the program would never write itself; the shards stay whole, so the stages have nothing to do.
    private void Forge(string count, int value)
    {
        var path = Path.Combine(ProjectLayout.Data(Project, "corpus"), Manifest.FileName);
        var manifest = JsonNode.Parse(File.ReadAllBytes(path))!;
        manifest["books"]![count] = value;
        File.WriteAllText(path, manifest.ToJsonString());
    }

    private ProgramResult Run(params string[] more) => StackmillProgram.Run(["run", "--input", _folder["input"], "--output", Project, .. more]);
}
