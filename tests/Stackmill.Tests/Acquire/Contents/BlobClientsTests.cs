using Stackmill.Acquire.Contents;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Acquire.Contents;

public sealed class BlobClientsTests
{
    private static string Where(Action<ContentOptions> change)
    {
        var options = new ContentOptions();
        change(options);
        using var client = BlobClients.Create(options, _ => null, TimeProvider.System, default);
        return client.Where;
    }

    [Fact]
    public void The_location_the_endpoint_and_the_region_give_the_address()
    {
        Assert.Equal("https://softwareheritage.s3.us-east-1.amazonaws.com/content/", Where(_ => { }));
        Assert.Equal("https://copy.s3.cn-north-1.amazonaws.com.cn/", Where(o => (o.Location, o.Region) = ("s3://copy", "cn-north-1")));
        // The certificate of Amazon's servers is for one label before theirs.
        Assert.Equal("https://s3.eu-west-3.amazonaws.com/my.copy/a/b/", Where(o => (o.Location, o.Region) = ("s3://my.copy/a/b", "eu-west-3")));
        Assert.Equal("http://host:9000/copy/a%20b%23/", Where(o => (o.Location, o.Endpoint) = ("s3://copy/a b#/", "http://host:9000")));
        Assert.Equal("https://host/below/copy/content/", Where(o => (o.Location, o.Endpoint) = ("s3://copy/content", "https://host/below")));
        Assert.Equal("https://mirror.test/content/", Where(o => o.Location = "https://mirror.test/content"));
    }

    [Theory]
    [InlineData("contents.request_payer=true", "contents.request_payer", "signed: true")]
    [InlineData("contents.profile=work", "contents.profile", "signed: true")]
    [InlineData("contents.location=ftp://host/x", "contents.location", "s3://bucket/prefix/ or https://host/path/")]
    [InlineData("contents.location=content", "contents.location", "s3://bucket/prefix/ or https://host/path/")]
    [InlineData("contents.location=s3:///x", "contents.location", "s3://bucket/prefix/ or https://host/path/")]
    [InlineData("contents.location=s3://KEY:verysecret@bucket/x", "contents.location", "no credentials")]
    [InlineData("contents.location=https://user:verysecret@host/x", "contents.location", "without those")]
    [InlineData("contents.location=https://host/x?token=verysecret", "contents.location", "without those")]
    [InlineData("contents.endpoint=host:9000", "contents.endpoint", "http://host:port")]
    [InlineData("contents.endpoint=https://user:verysecret@host", "contents.endpoint", "without user")]
    public void What_does_not_go_together_is_an_error_of_the_configuration_that_repeats_no_secret(string assignment, string key, string expected)
    {
        var (_, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), [assignment]);
        var error = Assert.Single(errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Signed_requests_need_a_bucket()
    {
        var (_, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), ["contents.signed=true", "contents.location=https://host/content/"]);
        Assert.Contains("s3://bucket/prefix/", Assert.Single(errors).ToString(), StringComparison.Ordinal);
        (_, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), ["contents.signed=true", "contents.request_payer=true", "contents.profile=work"]);
        Assert.Empty(errors);
    }

    [Fact]
    public void Credentials_that_are_not_there_are_told_by_the_keys_of_contents()
    {
        var fault = Assert.Throws<UsageException>(() => Where(o => (o.Signed, o.Profile) = (true, "no-such-profile")));
        Assert.Contains("contents.profile is 'no-such-profile'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://softwareheritage/content/", true)]
    [InlineData("s3://softwareheritage", true)]
    [InlineData("S3://SoftwareHeritage/content/", true)]
    [InlineData("https://softwareheritage.s3.amazonaws.com/content/", true)]
    [InlineData("https://s3.us-east-1.amazonaws.com/softwareheritage/content/", true)]
    [InlineData("https://archive.softwareheritage.org/api/1/content/", true)]
    [InlineData("s3://copy/content/", false)]
    [InlineData("https://mirror.test/content/", false)]
    public void The_terms_hold_for_Software_Heritages_own_places(string location, bool apply) => Assert.Equal(apply, Terms.Apply(location));
}
