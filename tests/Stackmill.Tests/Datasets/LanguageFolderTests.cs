using CsCheck;
using Stackmill.Datasets;
using Stackmill.Organize;
using Stackmill.Shared.Languages;

namespace Stackmill.Tests.Datasets;

public sealed class LanguageFolderTests
{
    [Fact]
    public void Every_language_of_the_table_has_a_folder_of_its_own_and_it_is_its_short_name()
    {
        Assert.True(LanguageTable.Entries.Count >= 650);
        Assert.All(LanguageTable.Entries, e => Assert.Equal(e.ShortName, LanguageFolder.Of(e.Name)));
        Assert.Equal(LanguageTable.Entries.Count, LanguageTable.Entries.Select(e => LanguageFolder.Of(e.Name)).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("C++", "cpp")]
    [InlineData("C#", "csharp")]
    [InlineData("F#", "fsharp")]
    [InlineData("", "unknown")]
    [InlineData("Jupyter Notebook", "jupyter-notebook")]
    [InlineData("../../etc", "------etc")]
    public void Known_names(string language, string folder) => Assert.Equal(folder, LanguageFolder.Of(language));

    [Fact]
    public void A_folder_never_holds_more_than_letters_digits_and_dashes() =>
        Gen.String.Sample(language => Assert.Matches("^[a-z0-9-]+$", LanguageFolder.Of(language)));
}
