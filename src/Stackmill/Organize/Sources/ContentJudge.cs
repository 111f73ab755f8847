using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Languages.Traits;

namespace Stackmill.Organize.Sources;

/// <summary>What path and content tell of a file that has been read.</summary>
internal static class ContentJudge
{
    /// <summary>Fills in the language, unless its source has said it, and the flags that the source leaves open.</summary>
    /// <param name="record">Path and content are known; the language is empty when none was found.</param>
    /// <param name="isLanguageGiven">The source has named the language.</param>
    /// <returns>What the filters decide on.</returns>
    public static FileFacts Fill(CodeRecord record, bool isLanguageGiven)
    {
        var content = record.Content.Span;
        if (!isLanguageGiven)
            record.Language = LanguageDetector.Detect(record.Path, content).Language?.Name ?? "";
        record.IsVendor ??= FileTraits.VendoredBy(record.Path) is not null;
        record.IsGenerated ??= FileTraits.GeneratedBy(record.Path, content) is not null;
        return FileFacts.Of(record, record.Language.Length > 0 ? record.Language : null, content.Length);
    }
}
