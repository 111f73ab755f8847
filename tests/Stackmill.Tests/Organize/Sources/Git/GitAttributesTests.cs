using System.Text;
using Stackmill.Organize.Sources.Git;

namespace Stackmill.Tests.Organize.Sources.Git;

public sealed class GitAttributesTests
{
    private static GitAttributes Parse(string text, string folder = "", GitAttributes? parent = null) => GitAttributes.Parse(Encoding.UTF8.GetBytes(text), folder, parent);

    [Fact]
    public void The_last_rule_of_the_nearest_file_wins()
    {
        var top = Parse("*.py linguist-vendored linguist-language=Java\n# comment *.py -linguist-vendored\nkeep/*.py -linguist-vendored\n\"with space/*.py\" linguist-generated=true\n*.c linguist-vendored=false\n");
        Assert.Equal(new LinguistAttributes(true, null, "Java"), top.Of("a.py"));
        Assert.Equal(new LinguistAttributes(false, null, "Java"), top.Of("keep/a.py"));
        Assert.Equal(new LinguistAttributes(true, true, "Java"), top.Of("with space/a.py"));
        Assert.False(top.Of("a.c").Vendored);
        var inner = Parse("a.py !linguist-vendored linguist-language=Ruby\n/x/b.py -linguist-vendored\n", "lib/", top);
        Assert.Equal(new LinguistAttributes(null, null, "Ruby"), inner.Of("lib/d/a.py"));
        Assert.Equal(new LinguistAttributes(false, null, "Java"), inner.Of("lib/x/b.py"));
        Assert.Equal(new LinguistAttributes(true, null, "Java"), inner.Of("lib/b.py"));
    }

    [Fact]
    public void Macros_of_the_top_file_stand_for_their_attributes_and_never_grow()
    {
        var text = new StringBuilder("[attr]third -linguist-vendored linguist-generated\n");
        for (var i = 0; i < 40; i++)
            text.Append($"[attr]m{i} {string.Concat(Enumerable.Repeat(i == 0 ? "third " : $"m{i - 1} ", 200))}\n");
        text.Append("*.py m39\n*.c binary\n*.h -m39\n");
        var top = Parse(text.ToString());
        Assert.Equal(new LinguistAttributes(false, true, null), top.Of("a.py"));
        Assert.Equal(default, top.Of("a.c"));
        Assert.Equal(default, top.Of("a.h"));
        Assert.Equal(default, Parse("[attr]inner linguist-vendored\n*.c inner\n", "d/", top).Of("d/a.c"));
    }
}
