using Stackmill.Shared.Languages;

namespace Stackmill.Acquire.Metadata;

/// <summary>Languages as the datasets name them.</summary>
internal static class MetadataLanguage
{
    /// <summary>The table's language of a name, or <c>null</c> when it has none.</summary>
    public static LanguageEntry? Find(string? name) => name is null ? null : LanguageTable.Find(name);
}
