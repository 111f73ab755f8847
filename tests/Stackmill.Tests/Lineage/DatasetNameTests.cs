using Stackmill.Lineage;

namespace Stackmill.Tests.Lineage;

public sealed class DatasetNameTests
{
    [Theory]
    [InlineData("/data/src/", "file", "/data/src", "file:///data/src")]
    [InlineData("/data/a b#c", "file", "/data/a b#c", "file:///data/a%20b%23c")]
    [InlineData("file:///data/src", "file", "/data/src", "file:///data/src")]
    [InlineData("s3://pail/some/key/", "s3://pail", "some/key", "s3://pail/")]
    [InlineData("s3://pail", "s3://pail", "/", "s3://pail/")]
    [InlineData("s3://AKIA:secret@pail/key", "s3://pail", "key", "s3://pail/")]
    [InlineData("s3://AKIA:se/cr:et@pail/key", "s3://pail", "key", "s3://pail/")]
    [InlineData("https://host:8443/a@b", "https://host:8443", "a@b", "https://host:8443/")]
    [InlineData("hf://datasets/owner/name@abc", "hf://datasets", "owner/name@abc", "hf://datasets/")]
    [InlineData("https://user:p@host:8443/a/b.git?token=x#y", "https://host:8443", "a/b.git", "https://host:8443/")]
    [InlineData("git@host.example:owner/repo.git", "ssh://host.example", "owner/repo.git", "ssh://host.example/")]
    public void Data_is_named_by_where_it_lies_and_never_with_a_password(string location, string space, string name, string uri)
    {
        var named = DatasetName.Of(location, new Dictionary<string, string>());
        Assert.Equal((space, name, uri), (named.Namespace, named.Name, named.Uri));
    }

    [Fact]
    public void A_folder_that_stands_for_an_address_is_named_by_it()
    {
        var standing = new Dictionary<string, string> { ["/cache/mirror"] = "s3://pail/project/", ["/cache/mirror/deep"] = "s3://other" };
        Assert.Equal(new DatasetName("s3://pail", "project/data/staged"), DatasetName.Of("/cache/mirror/data/staged", standing));
        Assert.Equal(new DatasetName("s3://pail", "project"), DatasetName.Of("/cache/mirror", standing));
        Assert.Equal(new DatasetName("s3://other", "x"), DatasetName.Of("/cache/mirror/deep/x", standing));
        Assert.Equal(new DatasetName("file", "/cache/mirrors"), DatasetName.Of("/cache/mirrors", standing));
    }
}
