using ParquetSharp;
using Stackmill.Core.Stages;
using Stackmill.Shared.Filters;
using Encoding = System.Text.Encoding;

namespace Stackmill.Acquire.Metadata;

/// <summary>
/// What the footer's statistics say of one row group. They may be absent, and texts in them may be cut, so that only what
/// follows for certain is used: a row group is excluded when even the best row that the statistics allow would be dropped.
/// </summary>
internal sealed class GroupStatistics(MetadataOptions options, RepositoryLists lists)
{
    // Writers cut texts in statistics at 64 bytes or later; the longest name of a language has 30.
    private const int LongestExactText = 32;

    // The native reader does not tell a count of nulls that is missing from one of zero; these writers always write it.
    private static readonly string[] CountNulls = ["parquet-cpp", "parquet-mr", "parquet-rs"];

    private readonly IReadOnlyList<IFileFilter> _filters = FileFilters.Create(options, lists);
    private readonly long _bestLength = Math.Max(1, options.Filters.FileSize.MinBytes);

    /// <summary>The reason for which the filters drop every row of a row group; <c>null</c> when some may pass.</summary>
    /// <param name="group">The row group's part of the footer.</param>
    /// <param name="createdBy">The program that wrote the file, by its footer.</param>
    /// <param name="layout">Where the columns lie.</param>
    /// <param name="language">The one language of all rows by the table's name, or <c>null</c> when it is not known to be one.</param>
    public string? Exclude(RowGroupMetaData group, string? createdBy, SourceLayout layout, out string? language)
    {
        var countsNulls = createdBy is not null && System.Array.Exists(CountNulls, w => createdBy.StartsWith(w, StringComparison.Ordinal));
        var name = One(group, layout, "language", Nulls.Fail);
        language = MetadataLanguage.Find(name)?.Name;
        var nulls = countsNulls ? Nulls.Pass : Nulls.PassUncounted;
        var stars = Range(group, layout, "star_events_count", nulls)?.Max;
        var lengths = Range(group, layout, "length_bytes", Nulls.Fail);
        // Each filter looks at one column, so the best row is the best value of each.
        var best = new FileFacts(
            "",
            language,
            lengths is { } range ? Math.Clamp(_bestLength, range.Min, range.Max) : _bestLength,
            stars,
            LicenseType: One(group, layout, "license_type", nulls),
            IsVendor: AllTrue(group, layout, "is_vendor", nulls),
            IsGenerated: AllTrue(group, layout, "is_generated", nulls));
        foreach (var filter in _filters)
        {
            if (filter is RepositoryListFilter || (name is null && filter is SupportedLanguageFilter or LanguageSelectionFilter))
                continue;
            var verdict = filter.Check(best);
            if (!verdict.IsKept)
                return verdict.Reason;
        }

        return null;
    }

    private static string? One(RowGroupMetaData group, SourceLayout layout, string column, Nulls nulls) => Use(group, layout, column, nulls, statistics =>
    {
        if (statistics is not Statistics<ByteArray> texts)
            return null;
        var min = Bytes(texts.Min);
        var max = Bytes(texts.Max);
        return min.Length <= LongestExactText && min.SequenceEqual(max) ? Encoding.UTF8.GetString(min) : null;
    });

    private static (long Min, long Max)? Range(RowGroupMetaData group, SourceLayout layout, string column, Nulls nulls) => Use(group, layout, column, nulls, statistics =>
    {
        (long Min, long Max)? range = statistics switch
        {
            Statistics<long> s => (s.Min, s.Max),
            Statistics<int> s => (s.Min, s.Max),
            _ => null,
        };
        return range is { } r && r.Min <= r.Max ? range : null;
    });

    private static bool? AllTrue(RowGroupMetaData group, SourceLayout layout, string column, Nulls nulls) =>
        Use(group, layout, column, nulls, statistics => statistics is Statistics<bool> { Min: true, Max: true } ? true : (bool?)null);

    private static T? Use<T>(RowGroupMetaData group, SourceLayout layout, string column, Nulls nulls, Func<ParquetSharp.Statistics, T?> use)
    {
        if (layout.Leaves(column) is not [var leaf])
            return default;
        // The order of unsigned numbers is another one than that of the values that are read here.
        var descriptor = group.Schema.Column(leaf);
        using var logical = descriptor.LogicalType;
        if (logical is IntLogicalType { IsSigned: false })
            return default;
        using var chunk = group.GetColumnChunkMetaData(leaf);
        using var statistics = chunk.Statistics;
        if (statistics is null || !statistics.HasMinMax)
            return default;
        var mayPass = descriptor.MaxDefinitionLevel > 0 && nulls switch
        {
            Nulls.Fail => false,
            Nulls.Pass => statistics.NullCount > 0,
            _ => true,
        };
        return mayPass ? default : use(statistics);
    }

    private static unsafe ReadOnlySpan<byte> Bytes(ByteArray value) => new((void*)value.Pointer, value.Length);

    // What becomes of rows without a value, and whether the footer can be asked for their number.
    private enum Nulls
    {
        Fail,
        Pass,
        PassUncounted,
    }
}
