using Stackmill.Core.Model;
using Stackmill.Core.Stages;

namespace Stackmill.Shared.Filters;

/// <summary>Drops files whose kind of licence was not asked for, where the source tells it.</summary>
internal sealed class LicenseTypeFilter(IReadOnlyList<string> allowed) : IFileFilter
{
    public string Id => "license-type";

    public int Version => 1;

    public string Summary => "Drops files whose source tells a kind of licence that is not in filters.license_types.";

    public IReadOnlyList<string> Reasons => ["license_type_not_allowed"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("a.py", "Python", 500, LicenseType: "permissive"), null),
        new(new("a.py", "Python", 500), null),
        new(new("a.py", "Python", 500, LicenseType: "non_permissive"), "license_type_not_allowed"),
    ];

    public Verdict Check(in FileFacts file) =>
        allowed.Count == 0 || file.LicenseType is null || allowed.Contains(file.LicenseType) ? Verdict.Keep : Verdict.Drop("license_type_not_allowed");
}

/// <summary>Drops files that are copies of somebody else's code, or that a tool has written.</summary>
internal sealed class SourceFlagsFilter(bool keepVendored, bool keepGenerated) : IFileFilter
{
    public string Id => "source-flags";

    public int Version => 2;

    public string Summary => "Drops vendored or generated files, where filters.vendored or filters.generated is false. Their source says so, or path and content do.";

    public IReadOnlyList<string> Reasons => ["vendored", "generated"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("a.py", "Python", 500, IsVendor: false, IsGenerated: false), null),
        new(new("a.py", "Python", 500), null),
        new(new("node_modules/a.js", "JavaScript", 500, IsVendor: true), "vendored"),
        new(new("a_pb2.py", "Python", 500, IsGenerated: true), "generated"),
    ];

    public Verdict Check(in FileFacts file)
    {
        if (!keepVendored && file.IsVendor == true)
            return Verdict.Drop("vendored");
        return !keepGenerated && file.IsGenerated == true ? Verdict.Drop("generated") : Verdict.Keep;
    }
}

/// <summary>Drops files of repositories that lists leave out, and what people asked to be left out.</summary>
internal sealed class RepositoryListFilter(RepositoryLists lists) : IFileFilter
{
    public string Id => "repository-lists";

    public int Version => 1;

    public string Summary => "Drops files of repositories that filters.allow_repositories lacks or filters.deny_repositories names, and owners, repositories and files in filters.opt_outs.";

    public IReadOnlyList<string> Reasons => ["opted_out", "repository_denied", "repository_not_allowed"];

    // Held against the lists of SampleLists; a run without lists keeps all of them.
    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("a.py", "Python", 500, RepoName: "kept/one"), null),
        new(new("a.py", "Python", 500, RepoName: "Shy/anything"), "opted_out"),
        new(new("a.py", "Python", 500, RepoName: "kept/two", BlobId: "00112233445566778899aabbccddeeff00112233"), "opted_out"),
        new(new("a.py", "Python", 500, RepoName: "kept/bad"), "repository_denied"),
        new(new("a.py", "Python", 500, RepoName: "other/one"), "repository_not_allowed"),
    ];

    /// <summary>The lists that the samples are held against.</summary>
    public static RepositoryLists SampleLists { get; } =
        RepositoryLists.Of(["kept/*", "shy"], ["kept/bad"], ["# asked in writing", "shy", "00112233445566778899AABBCCDDEEFF00112233"]);

    public Verdict Check(in FileFacts file)
    {
        if (lists.OptedOut.HasRepository(file.RepoName) || lists.OptedOut.HasId(file.BlobId) || lists.OptedOut.HasId(file.ContentId))
            return Verdict.Drop("opted_out");
        if (lists.Denied.HasRepository(file.RepoName))
            return Verdict.Drop("repository_denied");
        return lists.Allowed is { } allowed && !allowed.HasRepository(file.RepoName) ? Verdict.Drop("repository_not_allowed") : Verdict.Keep;
    }
}

/// <summary>All filters of single files, in the order in which they decide.</summary>
internal static class FileFilters
{
    /// <summary>The filters with a run's options and lists.</summary>
    public static IReadOnlyList<IFileFilter> Create(IFileSelection options, RepositoryLists lists) =>
    [
        new RepositoryListFilter(lists),
        new SupportedLanguageFilter(),
        new LanguageSelectionFilter(options.Languages),
        new FileSizeFilter(options.Filters.FileSize, options.MaxFileSizeMb),
        new StarsFilter(options.Filters.Stars),
        new LicenseFilter(options.Filters.Licenses),
        new LicenseTypeFilter(options.Filters.LicenseTypes),
        new SourceFlagsFilter(options.Filters.Vendored, options.Filters.Generated),
    ];

    /// <summary>Those of the filters that decide by licence, for files whose licences are known only when they were read.</summary>
    public static IReadOnlyList<IFileFilter> OfLicenses(IFileSelection options) => [new LicenseFilter(options.Filters.Licenses), new LicenseTypeFilter(options.Filters.LicenseTypes)];

    /// <summary>The filters with a run's options; the lists that they name are read.</summary>
    public static IReadOnlyList<IFileFilter> Create(IFileSelection options) => Create(options, RepositoryLists.Load(options.Filters));
}
