using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets.Hub;

public sealed class HubTokenTests
{
    [Fact]
    public void First_place_with_a_token_wins()
    {
        using var folder = new TempFolder();
        var file = folder.Write("token", "hf_file\n");
        var environment = new Dictionary<string, string> { ["HF_TOKEN"] = " hf_1 ", ["HUGGING_FACE_HUB_TOKEN"] = "hf_2", ["HUGGINGFACE_TOKEN"] = "hf_3", ["HF_TOKEN_PATH"] = file };
        var expected = new[]
        {
            ("hf_0", "the option hub.token (--token)", ""), ("hf_1", "the environment variable HF_TOKEN", "HF_TOKEN"),
            ("hf_2", "the environment variable HUGGING_FACE_HUB_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
            ("hf_3", "the environment variable HUGGINGFACE_TOKEN", "HUGGINGFACE_TOKEN"), ("hf_file", $"the file '{file}'", "HF_TOKEN_PATH"),
        };
        var options = new HubOptions { Token = "hf_0" };
        foreach (var (secret, source, variable) in expected)
        {
            var token = HubToken.Find(options, environment.GetValueOrDefault)!;
            Assert.Equal((secret, source, $"token from {source}"), (token.Secret, token.Source, token.ToString()));
            options.Token = " ";
            environment.Remove(variable);
        }

        Assert.Null(HubToken.Find(options, name => name == "HOME" ? folder.Path : null));
    }

    [Theory]
    [InlineData("HF_TOKEN_PATH", "a/b", "HOME", "/home1", "a/b")]
    [InlineData("HF_TOKEN_PATH", "~/b", "HOME", "/home1", "/home1/b")]
    [InlineData("HF_HOME", "/hf", "XDG_CACHE_HOME", "/xdg", "/hf/token")]
    [InlineData("XDG_CACHE_HOME", "/xdg", "HOME", "/home1", "/xdg/huggingface/token")]
    [InlineData("", "", "HOME", "/home1", "/home1/.cache/huggingface/token")]
    public void Token_file_is_where_the_hubs_client_keeps_it(string first, string firstValue, string second, string secondValue, string expected)
    {
        Requires.Unix();
        Assert.Equal(expected, HubToken.FilePath(name => name == first ? firstValue : name == second ? secondValue : null));
    }

    [Theory]
    [InlineData("hf_abc def", "white space at its character 7 of 10")]
    [InlineData("hf_abc\r\nX-Header: 1", "white space at its character 7 of 19")]
    [InlineData("hf_a\u0001bc", "a control character at its character 5 of 7")]
    [InlineData("hf_ä", "a character outside ASCII at its character 4 of 4")]
    public void Token_that_can_not_be_one_is_told_by_its_place_and_not_shown(string text, string expected)
    {
        var fault = Assert.Throws<UsageException>(() => HubToken.Find(new HubOptions(), name => name == "HF_TOKEN" ? text : null));
        Assert.Equal(
            $"The access token from the environment variable HF_TOKEN holds {expected}. Expected one token of printable ASCII characters, as the Hub shows it: copy it again.",
            fault.Message);
        Assert.DoesNotContain("hf_", fault.ToString(), StringComparison.Ordinal);
    }
}
