using System.Text;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Organize.Sources.Records;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The same records as a table in every form, on this machine and on the Hub.</summary>
public sealed class RecordInputTests(FolderRun run) : IClassFixture<FolderRun>
{
    private readonly TempFolder _folder = run.Folder;

    private List<CodeRecord> Records => [.. run.Contents.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new CodeRecord
    {
        // The Stack v3 has a language for each file; none that the table knows lets the path decide.
        Path = f.Key, RepoName = "own/" + f.Key.Split('/')[0], Language = "", Content = Encoding.UTF8.GetBytes(f.Value), LicenseType = "permissive", DetectedLicenses = ["MIT"],
        StarEventsCount = 50, ForkEventsCount = 2, RevisionId = "r", BranchName = "main", GithubId = 7, CommitterDateMicros = 1_700_000_000_000_000, IsVendor = false,
    })];

    [Theory]
    [InlineData("table.csv")]
    [InlineData("table.tsv")]
    [InlineData("bom.csv")]
    [InlineData("table.arrow")]
    [InlineData("stream.arrow")]
    [InlineData("table.parquet")]
    [InlineData("v3.parquet")]
    [InlineData("v3.jsonl")]
    public void A_table_of_the_corpus_ends_with_the_same_contents(string name)
    {
        _folder.Write(name, Table(name));
        AssertSame(run.RunOn(_folder[name], "table-" + name));
    }

    [Fact]
    public void Columns_of_other_names_are_told_and_then_mapped()
    {
        var text = Encoding.UTF8.GetString(Table("table.csv"));
        _folder.Write("mapped.csv", "body,owner,where" + text[text.IndexOf(",language", StringComparison.Ordinal)..]);
        var unknown = StackmillProgram.Run("organize", "--input", _folder["mapped.csv"], "--output", _folder["mapped-1"], "--content-column", "boddy").Expect(3);
        Assert.Contains("its columns are body, owner, where", unknown.All.ReplaceLineEndings(" "), StringComparison.Ordinal);
        StackmillProgram.Run("organize", "--input", _folder["mapped.csv"], "--output", _folder["mapped-2"], "--content-column", "body", "--path-column", "where", "--set", "input.columns={repo_name: owner}", "--quiet").Expect(0);
        Assert.Equal(Records.Select(r => (r.RepoName, r.Path)).Order(), TestDatasets.ReadAll(Dataset.Open(_folder["mapped-2"])).Select(r => (r.RepoName, r.Path)).Order());
    }

    [Fact]
    public async Task A_dataset_of_the_hub_with_inline_contents_is_read_in_place_and_pinned()
    {
        await using var hub = await HubServer.StartAsync();
        var repositories = Records.GroupBy(r => r.RepoName).ToList();
        hub.Add("own/v3", new Dictionary<string, byte[]>
        {
            ["README.md"] = Encoding.UTF8.GetBytes("# a card\n"),
            ["data/part-0.snappy.parquet"] = RecordTables.Parquet(RecordTables.Nested([.. repositories.Take(1)])),
            ["data/part-1.snappy.parquet"] = RecordTables.Parquet(RecordTables.Nested([.. repositories.Skip(1)])),
        }, gated: true);
        hub.Add("own/lines", new Dictionary<string, byte[]> { ["train.jsonl"] = RecordTables.JsonLines(RecordTables.Flat(Records)) });
        foreach (var dataset in (string[])["own/v3", "own/lines"])
        {
            var project = "hub-" + dataset.Replace('/', '-');
            var program = new StackmillProgram { Environment = new Dictionary<string, string> { ["HF_TOKEN"] = HubServer.Token, ["HF_ENDPOINT"] = hub.Endpoint } };
            var told = program.With("run", "--input", $"hf://datasets/{dataset}", "--output", _folder[project]).Expect(0);
            Assert.Contains(hub.Datasets[dataset].Commit, told.All, StringComparison.Ordinal);
            Assert.DoesNotContain(HubServer.Token, told.All, StringComparison.Ordinal);
            AssertSame(run.Read(_folder[project]));
            Assert.Contains("organize: up to date", program.With("run", "--input", $"hf://datasets/{dataset}", "--output", _folder[project]).Expect(0).All, StringComparison.Ordinal);
        }

        Assert.All(hub.Requests.Where(r => r.Host == "cdn"), r => Assert.Null(r.Authorization));
    }

    private byte[] Table(string name) => name switch
    {
        "table.csv" => RecordTables.Csv(",", "\n", RecordTables.Flat(Records)),
        "table.tsv" => RecordTables.Csv("\t", "\r\n", RecordTables.Flat(Records)),
        "bom.csv" => [.. "\uFEFF"u8, .. RecordTables.Csv(",", "\r\n", RecordTables.Flat(Records))],
        "table.arrow" => RecordTables.ArrowFile(RecordTables.Flat(Records)),
        "stream.arrow" => RecordTables.ArrowStream(RecordTables.Flat(Records)),
        "table.parquet" => RecordTables.Parquet(RecordTables.Flat(Records)),
        "v3.parquet" => RecordTables.Parquet(RecordTables.Nested([.. Records.GroupBy(r => r.RepoName)])),
        _ => RecordTables.JsonLines(RecordTables.Nested([.. Records.GroupBy(r => r.RepoName)])),
    };

    private void AssertSame(Dictionary<string, string> actual)
    {
        Assert.Equal(run.Contents.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(run.Contents, file => Assert.Equal(file.Value, actual[file.Key]));
    }
}
