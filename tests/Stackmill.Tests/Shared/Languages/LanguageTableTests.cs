using CsCheck;
using Stackmill.Organize;
using Stackmill.Shared.Languages;

namespace Stackmill.Tests.Shared.Languages;

public sealed class LanguageTableTests
{
    [Theory]
    [InlineData("src/main.py", "Python")]
    [InlineData("A.PY", "Python")]
    [InlineData("x.h", "C")]
    [InlineData("x.hpp", "C++")]
    [InlineData("x.c++", "C++")]
    [InlineData("Program.cs", "C#")]
    [InlineData("a/.bashrc", "Shell")]
    [InlineData("Rakefile", "Ruby")]
    [InlineData("dir.py/x.unknown", null)]
    [InlineData("py", null)]
    [InlineData(".py", null)]
    [InlineData("x.", null)]
    [InlineData("", null)]
    [InlineData("a/", null)]
    public void Languages_of_paths(string path, string? language) => Assert.Equal(language, LanguageTable.OfPath(path)?.Name);

    [Fact]
    public void Every_extension_and_file_name_of_the_table_finds_its_entry()
    {
        Assert.True(LanguageTable.Entries.Count >= 18);
        foreach (var entry in LanguageTable.Entries)
        {
            Assert.Same(entry, LanguageTable.Find(entry.Name.ToUpperInvariant()));
            Assert.Same(entry, LanguageTable.Find(entry.ShortName));
            Assert.All(entry.Extensions.Split(' '), e => Assert.Same(entry, LanguageTable.OfPath($"dir/name.{e}")));
            Assert.All(entry.FileNames.Split(' ', StringSplitOptions.RemoveEmptyEntries), n => Assert.Same(entry, LanguageTable.OfPath($"dir/{n}")));
        }
    }

    [Theory]
    [InlineData("Python Java C++ JavaScript C TypeScript Go Rust C# Ruby PHP Shell SQL HTML CSS Markdown JSON YAML")]
    public void The_promised_languages_are_there(string names) => Assert.All(names.Split(' '), n => Assert.NotNull(LanguageTable.Find(n)));

    [Fact]
    public void An_extension_is_lower_case_and_never_holds_a_separator() =>
        Gen.String.Sample(path =>
        {
            var extension = LanguageTable.Extension(path);
            Assert.Equal(extension.ToLowerInvariant(), extension);
            Assert.DoesNotContain('/', extension);
            Assert.DoesNotContain('.', extension);
        });
}
