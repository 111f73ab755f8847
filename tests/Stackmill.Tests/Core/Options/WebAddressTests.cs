using Stackmill.Core.Options;

namespace Stackmill.Tests.Core.Options;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("http://h")]
    [InlineData("https://h.example.org:8443/a/b/")]
    [InlineData("http://[::1]:9000")]
    [InlineData("http://127.0.0.1:9/x@y")]
    public void Addresses_of_servers_are_taken(string address)
    {
        Assert.Null(WebAddress.Problem(address));
        Assert.Empty(WebAddress.Check("url", address, "http://h"));
    }

    [Theory]
    [InlineData("http://u:hunter2@h:1", "a name or password")]
    [InlineData("http://hunter2@h", "a name or password")]
    [InlineData("http://@h/hunter2", "a name or password")]
    [InlineData("http://h?api_key=hunter2", "a query or fragment")]
    [InlineData("http://h/?", "a query or fragment")]
    [InlineData("http://h/#hunter2", "a query or fragment")]
    [InlineData("hunter2", "no address")]
    [InlineData("ftp://h/hunter2", "no address")]
    [InlineData("http:///hunter2", "no address")]
    [InlineData("http://h/\nX: hunter2", "no address")]
    [InlineData(" http://h/hunter2", "no address")]
    [InlineData("//h/hunter2", "no address")]
    public void Anything_else_is_told_without_being_repeated(string address, string found)
    {
        var problem = Assert.Single(WebAddress.Check("url", address, "http://h"));
        Assert.Contains(found, problem.Found, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Found + problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_text_names_no_server() => Assert.Empty(WebAddress.Check("url", "", "http://h"));
}
