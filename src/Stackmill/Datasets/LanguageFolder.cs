using System.Text;
using Stackmill.Shared.Languages;

namespace Stackmill.Datasets;

/// <summary>Folder names of languages: those of the table (<c>cpp</c>, <c>csharp</c>), otherwise the name in lower case.</summary>
internal static class LanguageFolder
{
    /// <summary>The folder of a language; safe on every file system.</summary>
    public static string Of(string language)
    {
        if (language.Length == 0)
            return "unknown";
        if (LanguageTable.Find(language) is { } known && known.Name == language)
            return known.ShortName;
        var name = new StringBuilder(language.Length);
        foreach (var c in language)
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : c == '+' ? 'p' : '-');
        return name.ToString();
    }
}
