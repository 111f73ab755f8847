using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class ManifestTests
{
    [Fact]
    public void A_manifest_is_read_back_as_it_was_written()
    {
        using var folder = new TempFolder();
        var written = TestDatasets.Make(folder["d"], [TestDatasets.Record("a.py", "x = 1\n"), TestDatasets.Record("b.c", "int x;\n", "C")]).Manifest;
        var read = Manifest.Read(folder["d"])!;
        Assert.Equal(JsonSerializer.Serialize(written, ShardRunner.Json), JsonSerializer.Serialize(read, ShardRunner.Json));
        Assert.Equal(2, read.Shards.Count);
        Assert.Equal(Manifest.HashShards(read.Shards), read.RootHash);
        Assert.Equal(2, read.Books.ToBooks().Kept);
    }

    [Fact]
    public void A_folder_without_one_has_none()
    {
        using var folder = new TempFolder();
        Assert.Null(Manifest.Read(folder.Path));
        Assert.Null(Manifest.Read(folder["missing"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\0\0\0")]
    public void What_is_no_manifest_is_an_error_that_says_where_and_what_to_do(string text)
    {
        using var folder = new TempFolder();
        folder.Write(Manifest.FileName, text);
        var message = Assert.Throws<UsageException>(() => Manifest.Read(folder.Path)).Message;
        Assert.Contains(folder[Manifest.FileName], message);
        Assert.Matches("again|newer", message);
    }

    [Theory]
    [InlineData("shards")]
    [InlineData("books")]
    [InlineData("ledger")]
    [InlineData("key")]
    [InlineData("failed_shards")]
    public void A_manifest_without_a_part_or_with_nothing_in_it_is_an_error(string field)
    {
        using var folder = new TempFolder();
        TestDatasets.Make(folder["d"], [TestDatasets.Record("a.py", "x = 1\n")]);
        var path = folder["d", Manifest.FileName];
        var node = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        node[field] = null;
        File.WriteAllText(path, node.ToJsonString());
        Assert.Throws<UsageException>(() => Manifest.Read(folder["d"]));
        node.Remove(field);
        File.WriteAllText(path, node.ToJsonString());
        Assert.Throws<UsageException>(() => Manifest.Read(folder["d"]));
    }

    [Fact]
    public void A_manifest_of_a_newer_form_asks_for_a_newer_program()
    {
        using var folder = new TempFolder();
        TestDatasets.Make(folder["d"], []);
        var path = folder["d", Manifest.FileName];
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"schema_version\": 1", "\"schema_version\": 99"));
        Assert.Contains("99", Assert.Throws<UsageException>(() => Manifest.Read(folder["d"])).Message);
    }

    [Fact]
    public void The_root_hash_depends_on_path_and_bytes_and_not_on_the_order()
    {
        ShardOutput a = new("a", "shard", "C", 1, 1, 1, "00"), b = new("b", "shard", "C", 1, 1, 1, "11");
        Assert.Equal(Manifest.HashShards([a, b]), Manifest.HashShards([b, a]));
        Assert.NotEqual(Manifest.HashShards([a, b]), Manifest.HashShards([a with { Sha256 = "11" }, b with { Sha256 = "00" }]));
        Assert.NotEqual(Manifest.HashShards([a]), Manifest.HashShards([a, b]));
    }
}
