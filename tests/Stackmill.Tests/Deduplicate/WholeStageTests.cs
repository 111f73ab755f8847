using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Deduplicate.Containment;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate;

/// <summary>Repositories, containment and boilerplate as steps of the stage.</summary>
public sealed class WholeStageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Lines(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i => $"total_{i} = first_{i % 7}(total_{i - 1}, {i * 31 % 97}) + second[{i}]\n"));

    private Dataset Run(string name, Dataset input, DeduplicateOptions options, int workers = 2) =>
        Dataset.Of(_folder[name], DeduplicateStage.Run(input, _folder[name], options, TestRun.Context(workers)));

    private JsonNode Report(string name, string file) => JsonNode.Parse(File.ReadAllText(_folder[name, file]))!;

    [Fact]
    public void A_repository_with_the_same_files_goes_whole_for_the_preferred_one()
    {
        CodeRecord Of(string repo, string path, int from, long stars)
        {
            var record = TestDatasets.Record(path, Lines(from, 30), repo: repo);
            record.StarEventsCount = stars;
            return record;
        }

        // The fork's files have a star more each than those of a third repository, which holds one of them alone.
        var input = TestDatasets.Make(_folder["in"],
        [
            Of("o/first", "a.py", 0, 5), Of("o/first", "b.py", 1000, 5), Of("o/fork", "a.py", 0, 3), Of("o/fork", "b.py", 1000, 3), Of("o/third", "a.py", 0, 9), Of("o/third", "c.py", 2000, 9),
        ]);
        var ledger = Run("out", input, new DeduplicateOptions()).ReadLedger().OrderBy(r => r.RepoName, StringComparer.Ordinal).ThenBy(r => r.Path, StringComparer.Ordinal).Select(r => (r.Reason, r.RepoName, r.Path, r.KeptPath)).ToList();
        Assert.Equal(
            [("duplicate_exact", "o/first", "a.py", "o/third/a.py"), ("duplicate_repository", "o/fork", "a.py", "o/first/a.py"), ("duplicate_repository", "o/fork", "b.py", "o/first/b.py")], ledger);
        var summary = Report("out", DeduplicateStage.ReportName)["summary"]!;
        Assert.Equal((6, 3, 3), ((int)summary["input_files"]!, (int)summary["output_files"]!, (int)summary["removed_files"]!));
        Assert.Equal(2, (int)summary["repositories"]!["removed_files"]!);

        var off = Run("off", input, new DeduplicateOptions { Dedup = { Repositories = false } });
        Assert.All(off.ReadLedger(), r => Assert.Equal("duplicate_exact", r.Reason));
    }

    [Fact]
    public void A_file_that_lies_in_a_larger_one_goes_unless_another_went_for_it()
    {
        var input = TestDatasets.Make(_folder["in"],
        [
            TestDatasets.Record("whole.py", Lines(0, 200)), TestDatasets.Record("part.py", Lines(50, 40)), TestDatasets.Record("copy.py", Lines(50, 40)),
            TestDatasets.Record("kept.py", Lines(120, 40)), TestDatasets.Record("near.py", Lines(120, 40) + "other = 1\n"), TestDatasets.Record("own.py", Lines(5000, 40)),
        ]);
        DeduplicateOptions Options(string mode) => new() { Dedup = { Prefer = ["path"] }, Containment = { Mode = mode, MinShingles = 50 } };

        var dropped = Run("drop", input, Options(ContainmentOptions.Drop));
        var ledger = dropped.ReadLedger().ToDictionary(r => r.Path);
        Assert.Equal(["kept.py", "own.py", "whole.py"], TestDatasets.ReadAll(dropped).Select(r => r.Path).Order(StringComparer.Ordinal));
        Assert.Equal(("duplicate_exact", "copy.py"), (ledger["part.py"].Reason, ledger["part.py"].KeptPath));
        Assert.Equal(("contained", "whole.py"), (ledger["copy.py"].Reason, ledger["copy.py"].KeptPath));
        Assert.InRange(ledger["copy.py"].Value!.Value, 0.95, 1);
        Assert.Equal(0.95, ledger["copy.py"].Threshold);
        Assert.Equal(("duplicate_near", "kept.py"), (ledger["near.py"].Reason, ledger["near.py"].KeptPath));
        var summary = Report("drop", ContainmentReport.FileName)["summary"]!;
        Assert.Equal((1, 1), ((int)summary["files_dropped"]!, (int)summary["files_kept_for_duplicates"]!));
        Assert.Equal(3, (int)Report("drop", DeduplicateStage.ReportName)["summary"]!["output_files"]!);

        // A report changes nothing, and does not outlast a run without it.
        var plain = Run("plain", input, Options(ContainmentOptions.Off));
        Assert.Equal(plain.Manifest.RootHash, Run("report", input, Options(ContainmentOptions.ReportOnly)).Manifest.RootHash);
        Assert.True(File.Exists(_folder["report", ContainmentReport.FileName]));
        Run("report", input, Options(ContainmentOptions.Off));
        Assert.False(File.Exists(_folder["report", ContainmentReport.FileName]));
    }

    [Fact]
    public void Lines_that_many_files_share_are_cut_out_of_those_that_stay_for_any_number_of_workers()
    {
        var header = string.Concat(Enumerable.Range(0, 8).Select(i => $"# Permission number {i} is granted to whoever reads these words of the holder\n"));
        List<CodeRecord> records = [.. Enumerable.Range(0, 30).Select(i => TestDatasets.Record($"f{i:D2}.py", header + Lines(100 * i, 20))), TestDatasets.Record("only.py", header), TestDatasets.Record("other.py", Lines(9000, 20))];
        var input = TestDatasets.Make(_folder["in"], records);
        DeduplicateOptions Options(string mode) => new() { Boilerplate = { Mode = mode, MinFiles = 10 } };

        var cut = Run("cut", input, Options(BoilerplateOptions.Remove), workers: 1);
        Assert.Equal(cut.Manifest.RootHash, Run("cut4", input, Options(BoilerplateOptions.Remove), workers: 4).Manifest.RootHash);
        Assert.Equal(File.ReadAllText(_folder["cut", BoilerplateReport.FileName]), File.ReadAllText(_folder["cut4", BoilerplateReport.FileName]));
        Assert.Equal((32, 31), (cut.Manifest.Books.In, cut.Manifest.Books.Kept));
        Assert.Equal(1, cut.Manifest.Books.ToBooks().Dropped["boilerplate_only"]);
        foreach (var record in TestDatasets.ReadAll(cut))
        {
            Assert.DoesNotContain("Permission", Encoding.UTF8.GetString(record.Content.Span), StringComparison.Ordinal);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(record.Content.Span)), record.Sha256);
            Assert.Equal(20, record.Measures!.Lines);
        }

        var changed = cut.ReadLedger().Where(r => r.Action == LedgerAction.Changed).ToList();
        Assert.Equal(30, changed.Count);
        Assert.All(changed, r => Assert.Equal(("boilerplate", 8.0), (r.Reason, r.Value)));
        Assert.Contains("Permission number 3", File.ReadAllText(_folder["cut", BoilerplateReport.FileName]), StringComparison.Ordinal);

        var plain = Run("plain", input, Options(BoilerplateOptions.Off));
        Assert.Equal(plain.Manifest.RootHash, Run("report", input, Options(BoilerplateOptions.ReportOnly)).Manifest.RootHash);
        Assert.Contains("dedup.keep_index and boilerplate.mode: remove", Assert.Throws<UsageException>(() => Run("both", input, new DeduplicateOptions { Dedup = { KeepIndex = true }, Boilerplate = { Mode = BoilerplateOptions.Remove } })).Message, StringComparison.Ordinal);
        Assert.Contains("containment.mode is set", Assert.Throws<UsageException>(() => Run("off", input, new DeduplicateOptions { Enabled = false, Containment = { Mode = ContainmentOptions.Drop } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boilerplate_is_refused_where_copies_of_one_file_stay()
    {
        var input = TestDatasets.Make(_folder["in"], [TestDatasets.Record("a.py", Lines(0, 20))]);
        foreach (var options in new[] { new DeduplicateOptions { Enabled = false }, new DeduplicateOptions { Dedup = { Scope = DedupOptions.Repository } } })
        {
            options.Boilerplate.Mode = BoilerplateOptions.Remove;
            Assert.Contains("boilerplate.mode is set while copies", Assert.Throws<UsageException>(() => Run("out", input, options)).Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_folder["out"]));
    }
}
