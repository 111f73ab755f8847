using System.Text.RegularExpressions;
using Stackmill.Catalog;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Organize;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;
using Stackmill.Tests.Support;
using RuleCatalog = Stackmill.Preprocess.Redact.RuleCatalog;

namespace Stackmill.Tests.Conventions;

/// <summary>Names in the catalog are unique and of one case, and every reason in the code is in it.</summary>
public sealed partial class CatalogTests
{
    // Selections that are empty by default decide nothing; samples are held against these.
    private static readonly OrganizeOptions ForSamples = new()
    {
        Languages = ["Python"],
        Filters = new FilterOptions { Licenses = ["MIT", "Apache-2.0"], LicenseTypes = ["permissive", "no_license"], Vendored = false, Generated = false },
    };

    private static readonly IReadOnlyList<IFileFilter> Filters = FileFilters.Create(ForSamples, RepositoryListFilter.SampleLists);

    [Fact]
    public void Stages_filters_and_rules_have_unique_kebab_case_ids_and_a_summary()
    {
        Assert.Equal(["metadata", "contents", "organize", "preprocess", "deduplicate", "validate", "statistics", "export"], StageCatalog.Entries.Select(s => s.Id));
        Assert.True(Filters.Count >= 5 && RuleCatalog.Rules.Count > 30, $"only {Filters.Count} filters and {RuleCatalog.Rules.Count} rules were seen");
        var ids = StageCatalog.Entries.Select(s => (s.Id, s.Summary))
            .Concat(Filters.Select(f => (f.Id, f.Summary)))
            .Concat(RuleCatalog.Rules.Select(r => (r.Id, r.Description))).ToList();
        Assert.Equal(ids.Count, ids.Select(i => i.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, i => Assert.Matches(Kebab(), i.Id));
        Assert.All(ids, i => Assert.True(i.Item2.Length >= 5, $"'{i.Id}' needs a summary, and has '{i.Item2}'"));
        Assert.All(Filters, f => Assert.True(f.Version >= 1, f.Id));
    }

    [Fact]
    public void Every_filter_has_a_sample_that_it_keeps_and_one_for_each_reason()
    {
        foreach (var filter in Filters)
        {
            Assert.Contains(filter.Samples, s => s.Reason is null);
            Assert.Equal(filter.Reasons.Order(StringComparer.Ordinal), filter.Samples.Select(s => s.Reason).OfType<string>().Distinct().Order(StringComparer.Ordinal));
            Assert.All(filter.Samples, s => Assert.Equal((filter.Id, s.Facts, s.Reason), (filter.Id, s.Facts, filter.Check(s.Facts).Reason)));
        }
    }

    [Fact]
    public void Reasons_are_snake_case_unique_in_their_stage_and_documented()
    {
        var stages = File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "docs/stages.md"));
        var reasons = StageCatalog.Entries.SelectMany(s => s.Reasons.Select(r => (s.Id, r.Reason)))
            .Concat(Filters.SelectMany(f => f.Reasons.Select(r => (Id: OrganizeStage.Id, Reason: r)))).ToList();
        Assert.True(reasons.Count > 20, $"only {reasons.Count} reasons were seen");
        Assert.Equal(reasons.Count, reasons.Distinct().Count());
        Assert.All(reasons, r => Assert.Matches(Snake(), r.Reason));
        Assert.All(reasons, r => Assert.Contains($"`{r.Reason}`", stages, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_reason_in_the_code_is_in_the_catalog_and_every_one_in_the_catalog_in_the_code()
    {
        var known = StageCatalog.Entries.SelectMany(s => s.Reasons.Select(r => r.Reason)).Concat(Filters.SelectMany(f => f.Reasons)).ToHashSet(StringComparer.Ordinal);
        var (unknown, given, sources) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal), Repository.Sources());
        foreach (var file in sources.Where(f => !f.Path.Contains("/Catalog/", StringComparison.Ordinal)))
        {
            var code = file.Code;
            foreach (Match match in GivenReason().Matches(code))
            {
                var reason = match.Groups["reason"].Value;
                given.Add(reason);
                if (!known.Contains(reason))
                    unknown.Add($"{file.At(code, match.Index)}: '{reason}'");
            }
        }

        Assert.True(given.Count > 15, $"only {string.Join(", ", given)} were seen");
        Assert.True(unknown.Count == 0, $"not in StageCatalog or a filter's Reasons:\n{string.Join('\n', unknown)}");
        Assert.Equal([], known.Except(given).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Languages_have_unique_names_and_the_folders_that_datasets_use()
    {
        var entries = LanguageTable.Entries;
        Assert.True(entries.Count >= 650, $"only {entries.Count} languages were seen");
        Assert.Equal(entries.Count, entries.Select(e => e.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(entries.Select(e => e.ShortName), entries.Select(e => LanguageFolder.Of(e.Name)));
        Assert.Equal(entries.Select(e => e.Name).Order(StringComparer.Ordinal), entries.Select(e => e.Name));
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex Snake();

    // The ways in which a reason is given: verdicts, faults of records, books, entries of a folder, and kinds of duplicates.
    [GeneratedRegex("""(?:Verdict\.Drop\(|new RecordFaultException\(|Books\.(?:Drop|Fail)\(|QualityRule\.(?:AtMost|AtLeast|Below)\(|DuplicateKind\.\w+ => |_ => (?="duplicate_|"not_fetched)|BlobStatus\.\w+ => |new FolderEntry\([^"\n]*?(?:"/"[^"\n]*)?)"(?<reason>[a-z][a-z0-9_]+)"(?<!"(?:exact|normalized|near)")""")]
    private static partial Regex GivenReason();
}
