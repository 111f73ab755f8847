using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning.Remotes;

/// <summary>What <c>data remote add</c> takes into a configuration that Git keeps.</summary>
public sealed class RemoteNamesTests
{
    [Theory]
    [InlineData("http://u:hunter2@h/x")]
    [InlineData("https://hunter2@h/x")]
    [InlineData("ssh://u:hunter2@h/x")]
    [InlineData("http://u:hun/hunter2@h/x")]
    [InlineData("s3://hunter2:x@bucket/x")]
    public void An_address_with_a_password_is_refused_and_not_repeated(string url)
    {
        using var project = new GoldenProject();
        var before = File.ReadAllText(project[".dvc/config"]);

        var result = project.Data("remote", "add", "x", url).Expect(2);

        Assert.Contains("credentials", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.All, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(project[".dvc/config"]));
    }

    [Fact]
    public void A_password_that_stands_in_the_configuration_is_not_printed()
    {
        using var project = new GoldenProject();
        project.Write(".dvc/config", "['remote \"far\"']\n    url = https://u:hunter2@example.org/x\n");

        Assert.Equal("far\thttps://example.org/x\n", project.Data("remote", "list").Expect(0).Output);
        Assert.DoesNotContain("hunter2", project.Data("push", "--remote", "far").Expect(2).All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" ", "is empty")]
    [InlineData("file://", "is empty")]
    [InlineData(".", "the project itself")]
    [InlineData("data/..", "the project itself")]
    [InlineData(".git/objects", "inside of a Git repository's own folder")]
    [InlineData(".GIT", "inside of a Git repository's own folder")]
    [InlineData(".dvc/cache", "where the cache lies")]
    [InlineData(".dvc", "where the cache lies")]
    public void A_place_that_is_none_apart_is_refused(string url, string expected)
    {
        using var project = new GoldenProject();
        var before = File.ReadAllText(project[".dvc/config"]);

        Assert.Contains(expected, project.Data("remote", "add", "--default", "e", url).Expect(2).Error, StringComparison.Ordinal);

        Assert.Equal(before, File.ReadAllText(project[".dvc/config"]));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("ä")]
    [InlineData("")]
    public void A_name_of_other_characters_than_those_that_are_told_is_refused(string name)
    {
        using var project = new GoldenProject();

        Assert.Contains("expected letters, digits, '-' and '_'", project.Data("remote", "add", name, "/srv/store").Expect(2).Error, StringComparison.Ordinal);
        project.Data("remote", "add", "A-1_b", "ssh://user@example.org/x").Expect(0);
        Assert.Equal("A-1_b\tssh://example.org/x\n", project.Data("remote", "list").Expect(0).Output);
    }
}
