using System.Text;
using Apache.Arrow;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared.Filters;

namespace Stackmill.Acquire.Metadata;

/// <summary>
/// The filters of single files, held against rows of which only the columns are read that some filter looks at.
/// One for each worker: it reuses texts.
/// </summary>
internal sealed class RowFilter
{
    // Languages and licences are few; text that does not repeat must not be held for ever.
    private const int MostTexts = 4096;
    private const int LongestText = 64;

    private readonly IReadOnlyList<IFileFilter> _filters;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>Makes the filters ready, and finds out what they look at.</summary>
    public RowFilter(MetadataOptions options, RepositoryLists lists)
    {
        _filters = FileFilters.Create(options, lists);
        Columns = ColumnsOf(options.Filters, lists);
    }

    /// <summary>The columns that decide, the others need not be read for rows that are dropped.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Decides on one row.</summary>
    /// <param name="batch">Rows with <see cref="Columns"/>.</param>
    /// <param name="item">Which row.</param>
    /// <param name="language">Its language by linguist's name, or <c>null</c> when the table has none.</param>
    public Verdict Check(FilterArrays batch, int item, out string? language)
    {
        language = MetadataLanguage.Find(Text(batch.Language, item))?.Name;
        // No filter looks at the path.
        var facts = new FileFacts(
            "",
            language,
            batch.Length(item) ?? 0,
            batch.Stars is { } stars ? ArrowValues.Long(stars.Array, stars.Index(item)) : null,
            Licenses(batch.Licenses, item),
            Text(batch.LicenseType, item),
            batch.IsVendor is { } vendor ? ArrowValues.Bool(vendor.Array, vendor.Index(item)) : null,
            batch.IsGenerated is { } generated ? ArrowValues.Bool(generated.Array, generated.Index(item)) : null,
            Whole(batch.RepoName, item) ?? "",
            Whole(batch.BlobId, item),
            Whole(batch.ContentId, item));
        foreach (var filter in _filters)
        {
            var verdict = filter.Check(facts);
            if (!verdict.IsKept)
                return verdict;
        }

        return Verdict.Keep;
    }

    /// <summary>The columns that these options need.</summary>
    private static List<string> ColumnsOf(FilterOptions filters, RepositoryLists lists)
    {
        List<string> columns = ["language", "length_bytes"];
        if (filters.Stars.Min > 0)
            columns.Add("star_events_count");
        if (filters.Licenses.Count > 0)
            columns.Add("detected_licenses");
        if (filters.LicenseTypes.Count > 0)
            columns.Add("license_type");
        if (!filters.Vendored)
            columns.Add("is_vendor");
        if (!filters.Generated)
            columns.Add("is_generated");
        if (lists.Allowed is not null || lists.Denied.Count > 0 || lists.OptedOut.Count > 0)
            columns.Add("repo_name");
        if (lists.OptedOut.Count > 0)
            columns.AddRange(["blob_id", "content_id"]);
        return columns;
    }

    private IReadOnlyList<string>? Licenses(ItemColumn? column, int item)
    {
        if (column is null)
            return null;
        var row = column.Index(item);
        if (column.Array is not ListArray list)
            return ArrowValues.Strings(column.Array, row);
        if (list.IsNull(row))
            return null;
        var (start, end) = (list.ValueOffsets[row], list.ValueOffsets[row + 1]);
        var licenses = new List<string>(end - start);
        for (var i = start; i < end; i++)
        {
            if (Text(list.Values, i) is { } license)
                licenses.Add(license);
        }

        return licenses;
    }

    private static string? Whole(ItemColumn? column, int item) => column is null ? null : ArrowValues.String(column.Array, column.Index(item));

    private string? Text(ItemColumn? column, int item) => column is null ? null : Text(column.Array, column.Index(item));

    // Texts that repeat in millions of rows are made once.
    private string? Text(IArrowArray array, int row)
    {
        var bytes = ArrowValues.Bytes(array, row, out var isNull).Span;
        if (isNull)
            return null;
        if (bytes.Length > LongestText)
            return Encoding.UTF8.GetString(bytes);
        Span<char> chars = stackalloc char[LongestText];
        var length = Encoding.UTF8.GetChars(bytes, chars);
        if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars[..length], out var text))
            return text;
        if (_texts.Count == MostTexts)
            _texts.Clear();
        text = new string(chars[..length]);
        _texts.Add(text);
        return text;
    }
}

/// <summary>The columns of one batch that the filters look at, found once; <c>null</c> where the column is not read or not there.</summary>
internal sealed class FilterArrays(ItemBatch batch)
{
    private readonly ItemColumn _lengths = batch.Column("length_bytes")!;

    /// <summary>The batch.</summary>
    public ItemBatch Batch { get; } = batch;

    /// <summary>Column <c>language</c>.</summary>
    public ItemColumn? Language { get; } = batch.Column("language");

    /// <summary>Column <c>star_events_count</c>.</summary>
    public ItemColumn? Stars { get; } = batch.Column("star_events_count");

    /// <summary>Column <c>detected_licenses</c>.</summary>
    public ItemColumn? Licenses { get; } = batch.Column("detected_licenses");

    /// <summary>Column <c>license_type</c>.</summary>
    public ItemColumn? LicenseType { get; } = batch.Column("license_type");

    /// <summary>Column <c>is_vendor</c>.</summary>
    public ItemColumn? IsVendor { get; } = batch.Column("is_vendor");

    /// <summary>Column <c>is_generated</c>.</summary>
    public ItemColumn? IsGenerated { get; } = batch.Column("is_generated");

    /// <summary>Column <c>repo_name</c>.</summary>
    public ItemColumn? RepoName { get; } = batch.Column("repo_name");

    /// <summary>Column <c>blob_id</c>.</summary>
    public ItemColumn? BlobId { get; } = batch.Column("blob_id");

    /// <summary>Column <c>content_id</c>.</summary>
    public ItemColumn? ContentId { get; } = batch.Column("content_id");

    /// <summary>The row's <c>length_bytes</c>; <c>null</c> when it has none or a negative one.</summary>
    public long? Length(int item) => ArrowValues.Long(_lengths.Array, _lengths.Index(item)) is >= 0 and var length ? length : null;
}
