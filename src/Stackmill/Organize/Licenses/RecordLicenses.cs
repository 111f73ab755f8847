using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Licenses;

/// <summary>Gives a record its licences. One object serves one thread.</summary>
internal sealed class RecordLicenses(OrganizeOptions options)
{
    private readonly LicenseDetector _detector = new();
    private readonly IReadOnlyList<IFileFilter> _filters = FileFilters.OfLicenses(options);

    /// <summary>True when records like this one get their licences here.</summary>
    /// <param name="options">How licences are recognised.</param>
    /// <param name="licenses">The ids that the source tells.</param>
    /// <param name="type">The type that the source tells.</param>
    public static bool IsWanted(LicenseOptions options, IReadOnlyList<string>? licenses, string? type) => options.Detect switch
    {
        LicenseOptions.Never => false,
        LicenseOptions.Always => true,
        _ => licenses is null && type is null,
    };

    /// <summary>Sets the licences and their type, where that is wanted.</summary>
    /// <param name="record">The record, with its path and content.</param>
    /// <param name="ofFolder">Ids that its folder's files tell; <c>null</c> when its folder is not known.</param>
    public void Apply(CodeRecord record, IReadOnlyList<string>? ofFolder)
    {
        if (!IsWanted(options.Licenses, record.DetectedLicenses, record.LicenseType))
        {
            if (options.Licenses.Detect != LicenseOptions.Never && record is { DetectedLicenses: { } told, LicenseType: null })
                record.LicenseType = LicenseTypes.Of(told);
            return;
        }

        var own = Header(record);
        // Of a file alone it is not known that there is no licence.
        if (ofFolder is null && own.Count == 0)
            return;
        var ids = (ofFolder ?? []).Concat(own.Select(m => m.Id)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        record.DetectedLicenses = ids;
        record.LicenseType = LicenseTypes.Of(ids);
    }

    /// <summary>What the filters of licences say of a record.</summary>
    public Verdict Check(CodeRecord record)
    {
        var facts = FileFacts.Of(record, record.Language, record.Content.Length);
        foreach (var filter in _filters)
        {
            var verdict = filter.Check(facts);
            if (!verdict.IsKept)
                return verdict;
        }

        return Verdict.Keep;
    }

    // A licence file is no source file with a header; its folder speaks for it.
    private IReadOnlyList<LicenseMatch> Header(CodeRecord record) =>
        options.Licenses.Headers && LicenseFiles.Of(record.Path, out _) is LicenseFileKind.None or LicenseFileKind.Manifest ? _detector.OfSource(record.Content.Span) : [];
}
