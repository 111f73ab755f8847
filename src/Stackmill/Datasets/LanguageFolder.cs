using System.Text;

namespace Stackmill.Datasets;

/// <summary>Folder names of languages: the seed system's short names (<c>cpp</c>, <c>csharp</c>), otherwise the name in lower case.</summary>
internal static class LanguageFolder
{
    /// <summary>The folder of a language; safe on every file system.</summary>
    public static string Of(string language)
    {
        switch (language)
        {
            case "C++": return "cpp";
            case "C#": return "csharp";
            case "F#": return "fsharp";
            case "": return "unknown";
        }

        var name = new StringBuilder(language.Length);
        foreach (var c in language)
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : c == '+' ? 'p' : '-');
        return name.ToString();
    }
}
