using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Datasets that were damaged after they were made.</summary>
public sealed class DamagedDatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public DamagedDatasetTests()
    {
        for (var i = 0; i < 5; i++)
            _folder.Write($"input/{i}.py", Source.Python(i));
        Run().Expect(0);
    }

    private string Project => _folder["project"];

    [Fact]
    public void A_flipped_byte_is_found_by_the_next_stage_and_mended_by_force()
    {
        var state = TreeState.OfOutput(Project);
        var shard = Path.Combine(ProjectLayout.Data(Project, "processed"), "python", "part-00000.parquet");
        Flip(shard);

        var refused = StackmillProgram.Run("deduplicate", "--input", Project, "--output", _folder["other"]);

        Assert.True(refused.ExitCode is 1 or 3, $"{refused}");
        AssertSaysDamaged(refused, shard);
        AssertSaysDamaged(StackmillProgram.Run("export", "--input", ProjectLayout.Data(Project, "processed"), "--output", _folder["release"]).Expect(3), shard);
        Run("--force").Expect(0);
        TreeState.AssertEqual(state, TreeState.OfOutput(Project));
    }

    [Fact]
    public void Validate_finds_a_flipped_byte_in_the_corpus()
    {
        var shard = Path.Combine(ProjectLayout.Data(Project, "corpus"), "python", "part-00000.parquet");
        Flip(shard);

        AssertSaysDamaged(StackmillProgram.Run("validate", "--input", Project).Expect(4), shard);
        File.Delete(shard);
        StackmillProgram.Run("validate", "--input", Project).Expect(4);
    }

    [Theory]
    [InlineData("staged")]
    [InlineData("processed")]
    [InlineData("corpus")]
    [InlineData("release")]
    public void A_second_run_finds_a_flipped_byte_in_any_dataset_and_mends_it(string dataset)
    {
        var state = TreeState.OfOutput(Project);
        Flip(Path.Combine(ProjectLayout.Data(Project, dataset), "python", "part-00000.parquet"));

        Run().Expect(0);

        TreeState.AssertEqual(state, TreeState.OfOutput(Project));
    }

    [Fact]
    public void A_project_without_its_corpus_is_not_exported_from_what_came_before()
    {
        Directory.Delete(ProjectLayout.Data(Project, "corpus"), recursive: true);

        var result = StackmillProgram.Run("export", "--input", Project, "--output", _folder["release"]).Expect(2);

        Assert.Contains("processed", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["release"]));
    }

    [Theory]
    [InlineData("{ \"schema_version\": 1, \"stage\":")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"schema_version\": 1}")]
    [InlineData("[]")]
    public void A_manifest_that_is_no_manifest_is_told_and_mended_by_force(string text)
    {
        var state = TreeState.OfOutput(Project);
        var path = Path.Combine(ProjectLayout.Data(Project, "processed"), Manifest.FileName);
        File.WriteAllText(path, text);

        var refused = StackmillProgram.Run("deduplicate", "--input", Project, "--output", _folder["other"]).Expect(2);

        Assert.Contains(path, refused.Error, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.All, StringComparison.Ordinal);
        Run("--force").Expect(0);
        TreeState.AssertEqual(state, TreeState.OfOutput(Project));
    }

    [Fact]
    public void A_manifest_of_a_newer_form_is_refused_and_kept()
    {
        var path = Path.Combine(ProjectLayout.Data(Project, "staged"), Manifest.FileName);
        var newer = File.ReadAllText(path).Replace("\"schema_version\": 1", "\"schema_version\": 999", StringComparison.Ordinal);
        File.WriteAllText(path, newer);

        var refused = Run().Expect(2);

        Assert.Contains("999", refused.Error, StringComparison.Ordinal);
        Assert.Equal(newer, File.ReadAllText(path));
    }

    [Fact]
    public void A_report_that_is_unreadable_is_made_again()
    {
        var state = TreeState.OfOutput(Project);
        foreach (var report in Directory.EnumerateFiles(Path.Combine(Project, "reports")))
            File.WriteAllText(report, "{ cut");
        Run();

        foreach (var name in (string[])["schema_validation_report.json", "data_statistics.json"])
            Assert.Equal(state[$"reports/{name}"], TreeState.OfOutput(Project, file => file == $"reports/{name}")[$"reports/{name}"]);
    }

    public void Dispose() => _folder.Dispose();

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(path, bytes);
    }

    private static void AssertSaysDamaged(ProgramResult result, string shard)
    {
        Assert.Contains(shard, result.All, StringComparison.Ordinal);
        Assert.Contains("changed or damaged", result.All, StringComparison.Ordinal);
        Assert.Contains("--force", result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
    }

    private ProgramResult Run(params string[] more) => StackmillProgram.Run(["run", "--input", _folder["input"], "--output", Project, "--quiet", .. more]);
}
