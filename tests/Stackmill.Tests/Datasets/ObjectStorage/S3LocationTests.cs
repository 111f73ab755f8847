using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class S3LocationTests
{
    [Theory]
    [InlineData("s3://bucket", "bucket", "", "s3://bucket")]
    [InlineData("s3://bucket/", "bucket", "", "s3://bucket")]
    [InlineData("s3://my.bucket-1/a/b", "my.bucket-1", "a/b", "s3://my.bucket-1/a/b")]
    [InlineData("s3://bucket/a b/ü/", "bucket", "a b/ü", "s3://bucket/a b/ü")]
    [InlineData("S3://Old_Bucket/x", "Old_Bucket", "x", "s3://Old_Bucket/x")]
    public void Addresses_have_a_bucket_and_a_prefix(string text, string bucket, string prefix, string address)
    {
        Assert.True(S3Location.TryParse(text, out var location));
        Assert.Equal((bucket, prefix, address), (location.Bucket, location.Prefix, location.ToString()));
        Assert.Equal(prefix.Length == 0 ? "x/y" : prefix + "/x/y", location.KeyOf("x/y"));
    }

    [Theory]
    [InlineData("./folder")]
    [InlineData("s3:/bucket/x")]
    [InlineData("bucket/prefix")]
    [InlineData("C:\\data")]
    [InlineData("https://host/x")]
    public void Other_texts_are_no_addresses(string text) => Assert.False(S3Location.TryParse(text, out _));

    [Theory]
    [InlineData("s3://", "names no bucket")]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("s3://ab/x", "can't be the name of a bucket")]
    [InlineData("s3://-abc", "can't be the name of a bucket")]
    [InlineData("s3://a..b", "can't be the name of a bucket")]
    [InlineData("s3://bucket name/x", "can't be the name of a bucket")]
    [InlineData("s3://bucket/a//b", "an empty part")]
    [InlineData("s3://bucket/../other", "an empty part, '.' or '..'")]
    [InlineData("s3://bucket/a\nb", "control characters")]
    public void Impossible_addresses_are_errors_that_say_why(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => S3Location.TryParse(text, out _)).Message);

    [Fact]
    public void Credentials_in_an_address_are_refused_and_not_repeated()
    {
        var fault = Assert.Throws<UsageException>(() => S3Location.TryParse("s3://AKIAKEY:verysecret@bucket/x", out _));
        Assert.DoesNotContain("verysecret", fault.Message);
        Assert.DoesNotContain("AKIAKEY", fault.Message);
    }

    [Theory]
    [InlineData("gs://bucket/x", "https://storage.googleapis.com")]
    [InlineData("az://container/x", "not supported")]
    [InlineData("abfss://container@account.dfs.core.windows.net/x", "not supported")]
    [InlineData("s3a://bucket/x", "write s3://bucket/prefix")]
    public void Other_stores_are_refused_with_a_way_out(string text, string expected)
    {
        using var paths = new StoragePaths(new StorageOptions(), new NullObserver(), default);
        Assert.Contains(expected, Assert.Throws<UsageException>(() => paths.Input(text)).Message);
        Assert.Contains(expected, Assert.Throws<UsageException>(() => paths.Output(text)).Message);
    }

    [Theory]
    [InlineData("relative/folder")]
    [InlineData("/absolute")]
    [InlineData("C:\\data")]
    [InlineData("hf://datasets/x")]
    public void Local_paths_and_addresses_of_other_kinds_stay_as_they_are(string path)
    {
        using var paths = new StoragePaths(new StorageOptions(), new NullObserver(), default);
        Assert.Equal(path, paths.Input(path));
        var output = paths.Output(path);
        Assert.Equal((path, null), (output.LocalPath, output.Address));
        Assert.Equal(new PublishResult(0, 0, 0, 0, 0), output.Publish());
    }
}
