using Stackmill.Shared.Languages;

namespace Stackmill.Acquire.Metadata;

/// <summary>Languages as the datasets name them.</summary>
internal static class MetadataLanguage
{
    /// <summary>The table's language of a name, or <c>null</c>. The Hub's folders write <c>C-Sharp</c> for <c>C#</c>; both are understood.</summary>
    public static LanguageEntry? Find(string? name)
    {
        if (name is null)
            return null;
        return LanguageTable.Find(name) ?? (name.EndsWith("-Sharp", StringComparison.OrdinalIgnoreCase) ? LanguageTable.Find(name[..^"-Sharp".Length] + "#") : null);
    }
}
