using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class DatasetTests
{
    [Fact]
    public void A_project_folder_stands_for_its_corpus_and_for_nothing_before_it_or_for_the_named_one()
    {
        using var folder = new TempFolder();
        Assert.Contains("no finished dataset", Assert.Throws<UsageException>(() => Dataset.Open(folder.Path)).Message);
        TestDatasets.Make(folder["data", "staged"], [], text: false);
        Assert.Contains(folder["data", "staged"], Assert.Throws<UsageException>(() => Dataset.Open(folder.Path)).Message);
        TestDatasets.Make(folder["data", "corpus"], []);
        Assert.EndsWith("corpus", Dataset.Open(folder.Path).Folder);
        Assert.EndsWith("staged", Dataset.Open(folder.Path, "staged").Folder);
        Assert.Throws<UsageException>(() => Dataset.Open(folder.Path, "processed"));
        Assert.Equal("organize", Dataset.Open(folder["data", "staged"]).Manifest.Stage);
    }

    [Fact]
    public void A_missing_folder_and_a_file_are_usage_errors()
    {
        using var folder = new TempFolder();
        Assert.Contains("no folder", Assert.Throws<UsageException>(() => Dataset.Open(folder["x"])).Message);
        Assert.Contains("is a file", Assert.Throws<UsageException>(() => Dataset.Open(folder.Write("f", "x"))).Message);
    }

    [Fact]
    public void A_changed_or_missing_shard_is_refused_with_its_name()
    {
        using var folder = new TempFolder();
        var dataset = TestDatasets.Make(folder["d"], [TestDatasets.Record("a.py", "x = 1\n")]);
        var path = folder["d", dataset.Manifest.Shards[0].Path];
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(path, Assert.Throws<ShardFaultException>(() => TestDatasets.ReadAll(dataset)).Message);
        File.Delete(path);
        Assert.Contains("missing", Assert.Throws<ShardFaultException>(() => TestDatasets.ReadAll(dataset)).Message);
    }

    [Fact]
    public void Bytes_are_not_taken_for_text()
    {
        using var folder = new TempFolder();
        TestDatasets.Make(folder["text"], []).RequireText("statistics");
        Assert.Contains("preprocess", Assert.Throws<UsageException>(() => TestDatasets.Make(folder["bytes"], [], text: false).RequireText("statistics")).Message);
    }

    [Theory]
    [InlineData("/p/data/corpus", "/p/reports")]
    [InlineData("/p/data/corpus/", "/p/reports")]
    [InlineData("/elsewhere/corpus", "/elsewhere/corpus")]
    public void Reports_go_to_the_project_that_the_dataset_lies_in(string dataset, string reports)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "POSIX paths");
        Assert.Equal(reports, ProjectLayout.ReportsFor(dataset));
    }
}
