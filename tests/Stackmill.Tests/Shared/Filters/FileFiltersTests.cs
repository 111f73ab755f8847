using Stackmill.Catalog;
using Stackmill.Core.Stages;
using Stackmill.Organize;
using Stackmill.Shared.Filters;

namespace Stackmill.Tests.Shared.Filters;

public sealed class FileFiltersTests
{
    // The default options, with a list of languages and licences so that these filters decide too.
    private static readonly IReadOnlyList<IFileFilter> All = FileFilters.Create(new OrganizeOptions
    {
        Languages = ["python"],
        Filters = new FilterOptions { Licenses = ["mit"], LicenseTypes = ["permissive"], Vendored = false, Generated = false },
    }, RepositoryListFilter.SampleLists);

    [Fact]
    public void There_are_filters_and_their_ids_are_unique_and_kebab_case()
    {
        Assert.True(All.Count >= 5);
        Assert.Equal(All.Count, All.Select(f => f.Id).Distinct().Count());
        Assert.All(All, f => Assert.Matches("^[a-z]+(-[a-z]+)*$", f.Id));
        Assert.All(All, f => Assert.True(f.Version >= 1 && f.Summary.EndsWith('.')));
    }

    [Fact]
    public void Every_sample_meets_the_fate_it_states() =>
        Assert.All(All, filter => Assert.All(filter.Samples, sample => Assert.Equal(sample.Reason, filter.Check(sample.Facts).Reason)));

    [Fact]
    public void Every_reason_has_a_sample_every_sample_a_declared_reason_and_something_is_kept() =>
        Assert.All(All, filter =>
        {
            Assert.Equal(filter.Reasons.Order(), filter.Samples.Select(s => s.Reason).OfType<string>().Distinct().Order());
            Assert.Contains(filter.Samples, s => s.Reason is null);
            Assert.All(filter.Reasons, r => Assert.Matches("^[a-z]+(_[a-z]+)*$", r));
        });

    [Fact]
    public void Reasons_belong_to_one_filter_each()
    {
        var reasons = All.SelectMany(f => f.Reasons).ToList();
        Assert.Equal(reasons.Count, reasons.Distinct().Count());
    }

    [Fact]
    public void The_hard_limit_wins_over_a_larger_max_bytes()
    {
        var filter = new FileSizeFilter(new FileSizeOptions { MaxBytes = 1L << 40 }, 1024);
        Assert.True(filter.Check(new FileFacts("a.py", "Python", 1L << 30)).IsKept);
        var verdict = filter.Check(new FileFacts("a.py", "Python", (1L << 30) + 1));
        Assert.Equal(("too_large", (1L << 30) + 1, 1L << 30), (verdict.Reason, (long)verdict.Value!, (long)verdict.Threshold!));
    }

    [Fact]
    public void Without_lists_all_languages_and_licences_are_kept()
    {
        var facts = new FileFacts("a.f90", "Fortran", 500, null, ["GPL-3.0"]);
        Assert.All(FileFilters.Create(new StackmillOptions().Organize), f => Assert.True(f.Check(facts).IsKept, f.Id));
    }
}
