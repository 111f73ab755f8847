using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Validate;

namespace Stackmill.Tests.Validate;

public sealed class ValidateStageTests
{
    private static JsonObject Run(TempFolder folder, params CodeRecord[] records) => Run(folder, TestDatasets.Make(folder["d"], records));

    private static JsonObject Run(TempFolder folder, Dataset dataset) =>
        JsonNode.Parse(ValidateStage.Run(dataset, folder["report.json"], new ValidateOptions { MaxFileSizeMb = 1 }, TestRun.Context()).ToJsonString())!.AsObject();

    private static string Checks(JsonObject report) => string.Join(' ', report["errors_by_check"]!.AsObject().Select(c => $"{c.Key}:{c.Value}"));

    private static CodeRecord Good(string path = "a.py") => TestDatasets.Record(path, "x = 1\n");

    [Fact]
    public void Good_records_and_none_pass()
    {
        using var folder = new TempFolder();
        var report = Run(folder, Good(), Good("b.py"), TestDatasets.Record("c.c", "int c;\n", "C"));
        Assert.True(ValidateStage.Passed(report), report.ToJsonString());
        Assert.Equal((3, 2), ((int)report["total_files"]!, (int)report["languages"]!["python"]!["files"]!));
        using var other = new TempFolder();
        Assert.True(ValidateStage.Passed(Run(other)));
    }

    [Theory]
    [InlineData("path")]
    [InlineData("identity")]
    [InlineData("empty")]
    [InlineData("oversize")]
    [InlineData("encoding")]
    [InlineData("checksum")]
    [InlineData("measures")]
    [InlineData("redactions")]
    [InlineData("residual_pii")]
    public void Each_check_finds_what_it_is_for(string check)
    {
        using var folder = new TempFolder();
        var record = Good();
        switch (check)
        {
            case "path":
                record.Path = "../a.py";
                break;
            case "identity":
                record.BlobId = "x";
                break;
            case "empty":
                record = TestDatasets.Record("a.py", "");
                break;
            case "oversize":
                record = TestDatasets.Record("a.py", new string('x', (1 << 20) + 1));
                break;
            case "encoding":
                record.Content = new byte[] { (byte)'a', 0xFF };
                break;
            case "checksum":
                record.Sha256 = new string('0', 64);
                break;
            case "measures":
                record.Measures = record.Measures! with { Lines = 7 };
                break;
            case "redactions":
                record.Redactions = [new("email", "r", int.MaxValue, int.MaxValue)];
                break;
            default:
                record = TestDatasets.Record("a.py", "# Author: Jane Doe <jane.doe@example.com>\n");
                break;
        }

        var report = Run(folder, record, Good("b.py"));
        Assert.False(ValidateStage.Passed(report));
        Assert.Equal($"{check}:1", Checks(report));
        Assert.Equal(2, (int)report["total_files"]!);
        Assert.DoesNotContain("jane.doe", report.ToJsonString());
    }

    [Fact]
    public void A_manifest_that_tells_other_counts_than_its_shards_fails()
    {
        using var folder = new TempFolder();
        var manifest = TestDatasets.Make(folder["d"], [Good(), Good("b.py")]).Manifest;
        var books = manifest.Books;
        string With(Manifest changed) => Checks(ValidateStage.Run(Dataset.Of(folder["d"], changed), folder["report.json"], new ValidateOptions(), TestRun.Context(force: true)));
        Assert.Equal("books:1 counts:1", With(manifest with { Books = books with { Kept = 5 } }));
        Assert.Equal("ledger:1", With(manifest with { Books = books with { In = 3, DroppedTotal = 1, Dropped = new(StringComparer.Ordinal) { ["x"] = 1 } } }));
        Assert.Equal("root_hash:1", With(manifest with { RootHash = "00" }));
        Assert.Equal("failed_shard:1", With(manifest with { FailedShards = [new FailedShard("part-00009", "gone")] }));
        Assert.Equal("counts:1 root_hash:1", With(manifest with { Shards = [manifest.Shards[0] with { Rows = 9, Path = manifest.Shards[0].Path }], RootHash = "1" }));
        Assert.Equal("language:2", With(manifest with { Shards = [manifest.Shards[0] with { Language = "C" }] }));
    }

    [Fact]
    public void The_list_of_errors_is_bounded_and_the_counts_are_whole()
    {
        using var folder = new TempFolder();
        var report = Run(folder, [.. Enumerable.Range(0, 1200).Select(i =>
        {
            var record = Good($"{i}.py");
            record.Sha256 = new string('0', 64);
            return record;
        })]);
        Assert.Equal((1200, 1000), ((int)report["total_errors"]!, report["errors"]!.AsArray().Count));
        var written = JsonNode.Parse(File.ReadAllText(folder["report.json"]))!;
        Assert.Equal(JsonSerializer.Serialize(report, ShardRunner.Json), JsonSerializer.Serialize(written, ShardRunner.Json));
    }
}
