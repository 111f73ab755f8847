using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Conventions;

/// <summary>The recipe of CONTRIBUTING.md, followed to the letter: its filter is compiled here and does what it says.</summary>
public sealed class ContributingTests
{
    [Fact]
    public void The_example_filter_of_the_recipe_compiles_and_meets_its_samples()
    {
        var example = Example();
        var compiled = File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "tests/Stackmill.Tests/Conventions/GeneratedFolderFilter.cs"));
        Assert.Contains(example, compiled, StringComparison.Ordinal);

        var filter = new GeneratedFolderFilter();
        Assert.Equal(2, filter.Samples.Count);
        Assert.All(filter.Samples, s => Assert.Equal(s.Reason, filter.Check(s.Facts).Reason));
        Assert.Equal(filter.Reasons, filter.Samples.Select(s => s.Reason).OfType<string>());
    }

    [Fact]
    public void The_recipe_names_the_files_that_it_takes()
    {
        var text = Contributing();
        string[] paths = ["src/Stackmill/Shared/Filters/FileFilters.cs", "src/Stackmill/Shared/Languages/LanguageTable.cs", "src/Stackmill/Preprocess/Redact/RuleCatalog.cs"];
        Assert.All(paths, path => Assert.Contains(path, text, StringComparison.Ordinal));
        Assert.All(paths, path => Assert.True(File.Exists(Path.Combine(Samples.RepositoryRoot, path)), path));
    }

    private static string Contributing() => File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "CONTRIBUTING.md")).ReplaceLineEndings("\n");

    private static string Example()
    {
        var text = Contributing();
        var start = text.IndexOf("```csharp\n/// <summary>Drops files that lie", StringComparison.Ordinal);
        Assert.True(start > 0, "CONTRIBUTING.md shows no example filter");
        start += "```csharp\n".Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
