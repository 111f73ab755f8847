using Stackmill.Catalog;
using Stackmill.Runs;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Runs;

public sealed class RunSourceTests
{
    [Theory]
    [InlineData("http://user:s3cret@127.0.0.1:9/a/b.git", "http://127.0.0.1:9/a/b.git")]
    [InlineData("https://s3cret@127.0.0.1:9/a/b.git?access_token=s3cret", "https://127.0.0.1:9/a/b.git")]
    public void The_address_of_a_repository_is_called_without_its_credentials(string input, string name)
    {
        using var source = RunSource.Open(input, new StackmillOptions(), TestRun.Context(1));
        Assert.Equal(name, source.Name);
        Assert.Equal($"reading '{name}' as a Git repository", source.Input!.Description);
    }
}
