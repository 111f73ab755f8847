using System.Text.Json.Nodes;
using CsCheck;
using Stackmill.Runs.Cluster;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Runs.Cluster;

public sealed class ManifestYamlTests
{
    [Fact]
    public void Blocks_are_indented_and_words_that_mean_something_else_are_quoted()
    {
        var document = new JsonObject
        {
            ["kind"] = "Job",
            ["count"] = 3,
            ["on"] = "yes",
            ["version"] = "0.1.0",
            ["empty"] = new JsonObject(),
            ["items"] = new JsonArray("a b", new JsonObject { ["name"] = "x", ["drop"] = new JsonArray("ALL") }),
        };

        Assert.Equal(
            "# Note.\n---\nkind: Job\ncount: 3\n\"on\": \"yes\"\nversion: \"0.1.0\"\nempty: {}\nitems:\n  - \"a b\"\n  - name: x\n    drop:\n      - ALL\n",
            ManifestYaml.Write("Note.", [document]));
    }

    [Fact]
    public void Any_text_comes_back_from_a_parser_as_it_was() => Gen.String.Array[0, 5].Sample(texts =>
    {
        var document = new JsonObject { ["texts"] = new JsonArray([.. texts.Select(t => (JsonNode)Whole(t))]), ["one"] = new JsonObject { ["inner"] = Whole(string.Concat(texts)) } };
        var read = Assert.Single(YamlText.Documents(ManifestYaml.Write("Note.", [document])));
        Assert.Equal(document.ToJsonString(), read.ToJsonString());
    });

    // Half a character is none that a file can hold.
    private static string Whole(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("claim:/data", "claim", "/data", false)]
    [InlineData("claim:/data/:ro", "claim", "/data", true)]
    public void A_volume_is_a_claim_and_a_path(string text, string claim, string path, bool isReadOnly) => Assert.Equal(new KubernetesVolume(claim, path, isReadOnly), KubernetesVolume.Parse(text));

    [Theory]
    [InlineData("claim")]
    [InlineData("Claim:/data")]
    [InlineData("claim:data")]
    [InlineData("claim:/")]
    [InlineData("claim:/data:rw")]
    [InlineData("claim:/data/../etc")]
    [InlineData("claim://data")]
    [InlineData("claim:/data/./x")]
    public void Anything_else_is_no_volume(string text) => Assert.Null(KubernetesVolume.Parse(text));

    [Fact]
    public void A_volume_holds_what_lies_below_its_path_and_not_what_begins_like_it()
    {
        var volume = new KubernetesVolume("claim", "/data", false);
        Assert.True(volume.Holds("/data"));
        Assert.True(volume.Holds("/data/x"));
        Assert.False(volume.Holds("/data-2"));
    }
}
