using System.Text;
using CsCheck;
using Stackmill.Organize.Sources.Git;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Git;

public sealed class AttributePatternTests
{
    [Theory]
    [InlineData("*.py", "a/b/c.py", true)]
    [InlineData("*.py", "a.pyc", false)]
    [InlineData("/*.py", "a.py", true)]
    [InlineData("/*.py", "d/a.py", false)]
    [InlineData("vendor/*", "vendor/a.py", true)]
    [InlineData("vendor/*", "vendor/d/a.py", false)]
    [InlineData("vendor/**", "vendor/d/a.py", true)]
    [InlineData("vendor/**", "x/vendor/d/a.py", false)]
    [InlineData("**/vendor/**", "x/vendor/d/a.py", true)]
    [InlineData("**/vendor/**", "vendor/a.py", true)]
    [InlineData("**/vendor/**", "xvendor/a.py", false)]
    [InlineData("a/**/b.py", "a/b.py", true)]
    [InlineData("a/**/b.py", "a/x/y/b.py", true)]
    [InlineData("a/**/b.py", "a/xb.py", false)]
    [InlineData("a?c.[ch]", "abc.h", true)]
    [InlineData("a?c.[!ch]", "abc.h", false)]
    [InlineData("[[:upper:]]*", "d/Abc", true)]
    [InlineData("[[:upper:]]*", "d/abc", false)]
    [InlineData("\\*.py", "*.py", true)]
    [InlineData("\\*.py", "a.py", false)]
    [InlineData("vendor/", "vendor/a.py", false)]
    public void Patterns_match_as_git_says(string pattern, string path, bool matches) =>
        Assert.Equal(matches, AttributePattern.Of(pattern)?.Matches(path) ?? false);

    [Fact]
    public void Random_patterns_match_as_the_git_program_matches_them()
    {
        var parts = Gen.OneOf("a", "b", "ab", "*", "**", "?", "[ab]", "/", "/", "*.c", "[!a]", "[a-c]");
        var names = Gen.OneOf("a", "b", "ab", "c", "a.c", "ba").Array[1, 4].Select(p => string.Join('/', p));
        using var folder = new TempFolder();
        folder.Git("r", "init", "-q");
        var (patterns, paths) = (new HashSet<string>(), new HashSet<string>());
        Gen.Select(parts.Array[1, 6], names).Sample((pattern, path) =>
        {
            lock (patterns)
            {
                patterns.Add(string.Concat(pattern));
                paths.Add(path);
            }
        }, iter: 120, seed: "0000000000001", threads: 1);
        var all = paths.Order(StringComparer.Ordinal).ToList();
        var compared = 0;
        foreach (var pattern in patterns.Where(p => !p.StartsWith('!')).Take(60))
        {
            folder.Write("r/.gitattributes", pattern + " linguist-vendored\n");
            var said = folder.Git("r", ["check-attr", "linguist-vendored", "--", .. all]).Split('\n').Select(l => l.EndsWith(": set", StringComparison.Ordinal)).ToList();
            var attributes = GitAttributes.Parse(Encoding.UTF8.GetBytes(pattern + " linguist-vendored\n"), "", null);
            for (var i = 0; i < all.Count; i++)
            {
                Assert.True(said[i] == (attributes.Of(all[i]).Vendored == true), $"pattern '{pattern}', path '{all[i]}': git says {said[i]}");
                compared++;
            }
        }

        Assert.True(compared > 500);
    }
}
