using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;

namespace Stackmill.Tests.Datasets.Hub;

public sealed class HubLocationTests
{
    [Theory]
    [InlineData("hf://datasets/bigcode/the-stack-v2", "bigcode/the-stack-v2", null, "")]
    [InlineData("hf://bigcode/the-stack-v2/", "bigcode/the-stack-v2", null, "")]
    [InlineData("hf://datasets/o/n@v1.0/data/C#/", "o/n", "v1.0", "data/C#")]
    [InlineData("hf://o/n@a%2Fb/x y/C++/z.parquet", "o/n", "a/b", "x y/C++/z.parquet")]
    [InlineData("hf://datasets/o/n@refs/convert/parquet/default/a.parquet", "o/n", "refs/convert/parquet", "default/a.parquet")]
    [InlineData("hf://datasets/o/n@refs/pr/12", "o/n", "refs/pr/12", "")]
    public void Addresses_name_dataset_revision_and_path(string text, string dataset, string? revision, string path)
    {
        var location = HubLocation.Parse(text);
        Assert.Equal(new HubLocation(dataset, revision, path), location);
        Assert.Equal(location, HubLocation.Parse(location.ToString()));
    }

    [Theory]
    [InlineData("s3://bucket/x", "it does not begin with hf://")]
    [InlineData("hf://datasets/squad", "owner or name is missing")]
    [InlineData("hf://", "owner or name is missing")]
    [InlineData("hf://models/o/n", "it names one of the Hub's models, and only datasets can be read")]
    [InlineData("hf://o/n@/x", "nothing stands between '@' and the path")]
    [InlineData("hf://o/-n", "'-n' is no name")]
    [InlineData("hf://o/n--m", "'n--m' is no name")]
    [InlineData("hf://o/n m", "'n m' is no name")]
    [InlineData("hf://o/n/a/../b", "its path 'a/../b' has an empty, '.' or '..' part")]
    public void Other_forms_are_refused_with_an_example(string text, string expected)
    {
        var fault = Assert.Throws<UsageException>(() => HubLocation.Parse(text));
        Assert.StartsWith($"'{text}' is no address of a dataset on the Hub: {expected}", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("Expected hf://datasets/OWNER/NAME[@REVISION][/PATH], for example hf://datasets/bigcode/the-stack-v2/data/Python.", fault.Message, StringComparison.Ordinal);
    }
}
