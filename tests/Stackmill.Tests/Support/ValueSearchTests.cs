using System.Text;

namespace Stackmill.Tests.Support;

public sealed class ValueSearchTests
{
    private static readonly ValueSearch Search = new(["marsh/ines@harbour.net", "pässwort"]);

    [Theory]
    [InlineData("x marsh/ines@harbour.net y")]
    [InlineData("x marsh%2Fines%40harbour.net y")]
    [InlineData("p\\u00E4sswort")]
    [InlineData("pässwort")]
    public void Values_are_seen_in_text_and_escaped(string text) => Assert.True(Search.IsIn(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "")]
    [InlineData("ab", "z")]
    [InlineData("abc", "zz")]
    public void Values_are_seen_in_base64_whatever_stands_around_them(string before, string after)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + "marsh/ines@harbour.net" + after));
        Assert.True(Search.IsIn(Encoding.ASCII.GetBytes(encoded)));
        Assert.Throws<Xunit.Sdk.FailException>(() => Search.AssertAbsent("it", encoded));
    }

    [Fact]
    public void Values_are_seen_in_wide_text_and_nothing_is_seen_where_none_is()
    {
        Assert.True(Search.IsIn(Encoding.Unicode.GetBytes("a pässwort")));
        Assert.False(Search.IsIn(Encoding.UTF8.GetBytes("ines harbour passwort")));
    }
}
