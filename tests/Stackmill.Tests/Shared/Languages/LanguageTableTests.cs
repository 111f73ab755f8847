using CsCheck;
using Stackmill.Datasets;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Languages.Heuristics;

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
    [InlineData("page.blade.php", "Blade")]
    [InlineData("a.b.php", "PHP")]
    [InlineData("CMakeLists.txt", "CMake")]
    [InlineData("notes.txt", "Text")]
    [InlineData("App.tsx", "TSX")]
    [InlineData("dir.py/x.unknown", null)]
    [InlineData("ls.1", null)]
    [InlineData("py", null)]
    [InlineData(".py", null)]
    [InlineData("x.", null)]
    [InlineData("", null)]
    [InlineData("a/", null)]
    public void Languages_of_paths(string path, string? language) => Assert.Equal(language, LanguageTable.OfPath(path)?.Name);

    [Fact]
    public void Every_name_extension_file_name_and_interpreter_of_the_table_finds_its_entry()
    {
        Assert.True(LanguageTable.Entries.Count >= 650, $"only {LanguageTable.Entries.Count} languages were seen");
        foreach (var entry in LanguageTable.Entries)
        {
            Assert.Contains(entry.Type, new[] { "programming", "markup", "data", "prose" });
            Assert.Same(entry, LanguageTable.Find(entry.Name.ToUpperInvariant()));
            Assert.Same(entry, LanguageTable.Find(entry.ShortName));
            Assert.Same(entry, LanguageTable.Find(entry.Name.Replace(' ', '_')));
            Assert.All(Words(entry.Extensions), e => Assert.Contains(entry, LanguageTable.Candidates($"dir/name.{e}", out _)));
            Assert.All(Words(entry.FileNames), n => Assert.Contains(entry, LanguageTable.Candidates($"dir/{n}", out _)));
            Assert.All(Words(entry.Interpreters), i => Assert.Contains(entry, LanguageTable.OfInterpreter(i)));
            Assert.All(entry.Aliases.Split('|', StringSplitOptions.RemoveEmptyEntries), a => Assert.Same(entry, LanguageTable.OfAlias(a)));
        }
    }

    [Fact]
    public void Every_extension_of_several_languages_has_signs_to_tell_them_apart()
    {
        var shared = LanguageTable.Entries.SelectMany(e => Words(e.Extensions)).GroupBy(e => e).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        Assert.True(shared.Count > 100, $"only {shared.Count} were seen");
        Assert.All(shared, e => Assert.True(Disambiguations.Of($"a.{e}") is not null, e));
    }

    [Theory]
    [InlineData("C", "c")]
    [InlineData("C++", "cpp")]
    [InlineData("C#", "csharp")]
    [InlineData("F#", "fsharp")]
    [InlineData("Java", "java")]
    [InlineData("JavaScript", "javascript")]
    [InlineData("Jupyter Notebook", "jupyter-notebook")]
    [InlineData("Objective-C", "objective-c")]
    public void Folders_are_as_they_have_always_been(string language, string folder) => Assert.Equal(folder, LanguageFolder.Of(language));

    [Fact]
    public void Folders_are_safe_on_every_file_system_and_each_languages_own()
    {
        Assert.All(LanguageTable.Entries, e => Assert.Matches("^[a-z0-9][a-z0-9-]*$", e.ShortName));
        Assert.Equal(LanguageTable.Entries.Count, LanguageTable.Entries.Select(e => e.ShortName).Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(LanguageTable.Entries, e => e.ShortName is "con" or "prn" or "aux" or "nul");
    }

    [Theory]
    [InlineData("C-Sharp", "C#")]
    [InlineData("F-Sharp", "F#")]
    [InlineData("C++", "C++")]
    [InlineData("Jupyter_Notebook", "Jupyter Notebook")]
    [InlineData("Visual_Basic_.NET", "Visual Basic .NET")]
    [InlineData("csharp", "C#")]
    [InlineData("golang", "Go")]
    [InlineData("Klingon", null)]
    public void Names_as_datasets_and_people_write_them(string name, string? language) => Assert.Equal(language, LanguageTable.Find(name)?.Name);

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

    [Theory]
    [InlineData("main.py", "Python", null)]
    [InlineData("a.h", "C", "C C++ Objective-C")]
    [InlineData("ls.1", null, "Roff Roff Manpage")]
    [InlineData("NOTES", null, "")]
    [InlineData("photo.png", null, null)]
    public void What_a_listing_may_still_leave_open(string path, string? language, string? possible)
    {
        var guess = NameGuess.Of(path);
        Assert.Equal((language, possible), (guess.Language, guess.Possible is null ? null : string.Join(' ', guess.Possible.Order(StringComparer.Ordinal))));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
