using System.Globalization;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Storage;
using Stackmill.Organize.Sources.Records;
using Stackmill.Shared;

namespace Stackmill.Organize.Sources.Git;

/// <summary>One row of a CSV file by the names of its columns.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Line">Line that it begins on.</param>
/// <param name="Values">Values that are not empty.</param>
internal sealed record CsvRow(string File, long Line, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>A value, or an empty text.</summary>
    public string this[string column] => Values.GetValueOrDefault(column, "");

    /// <summary>What the columns stars, forks, license and license_type say.</summary>
    /// <exception cref="UsageException">A value is not one of its column.</exception>
    public RepositoryFacts Facts()
    {
        var licenses = this["license"].Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var type = this["license_type"];
        if (type is not ("" or "permissive" or "no_license" or "non_permissive"))
            throw Wrong($"license_type is '{type}'; expected permissive, no_license or non_permissive");
        return new RepositoryFacts(Count("stars"), Count("forks"), licenses.Length == 0 ? null : licenses, type.Length == 0 ? null : type);
    }

    /// <summary>A fault of this row.</summary>
    public UsageException Wrong(string what) => new($"'{File}', line {Line}: {what}.");

    private long? Count(string column)
    {
        var text = this[column];
        if (text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw Wrong($"{column} is '{text}'; expected a whole number, or nothing");
    }
}

/// <summary>Reads small CSV files of repositories, whose columns must all be known.</summary>
internal static class CsvRows
{
    /// <summary>The rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">The columns that it may have.</param>
    /// <param name="needed">Of which it must have one at least.</param>
    /// <exception cref="UsageException">It can't be read, or has other columns.</exception>
    public static List<CsvRow> Read(string path, string[] known, string[] needed)
    {
        try
        {
            using var csv = new CsvReader(new LocalFile(path, Path.GetFileName(path)), (byte)',');
            return Read(csv, path, known, needed);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' can't be read as CSV: {fault.Message} Expected a header with {string.Join(", ", known)}.", fault);
        }
    }

    private static List<CsvRow> Read(CsvReader csv, string path, string[] known, string[] needed)
    {
        if (Values(csv, path) is not { } columns)
            throw new UsageException($"'{path}' is empty. Expected a header with {string.Join(", ", known)}.");
        foreach (var column in columns.Where(c => !known.Contains(c)))
            throw new UsageException($"'{path}', line 1: there is no column '{column}'; expected {string.Join(", ", known)}.{(NearestName.Find(column, known) is { } near ? $" Did you mean '{near}'?" : "")}");
        if (columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"'{path}', line 1: the column '{twice.Key}' is there {twice.Count()} times. Leave one.");
        if (!columns.Intersect(needed).Any())
            throw new UsageException($"'{path}', line 1: the header has no column '{string.Join("' or '", needed)}'; expected {string.Join(", ", known)}.");
        var rows = new List<CsvRow>();
        while (Values(csv, path) is { } values)
        {
            if (values.Count > columns.Count)
                throw new UsageException($"'{path}', line {csv.Line}: there are {values.Count} values for {columns.Count} columns.");
            var named = values.Index().Where(v => v.Item.Length > 0).ToDictionary(v => columns[v.Index], v => v.Item, StringComparer.Ordinal);
            if (named.Count > 0)
                rows.Add(new CsvRow(path, csv.Line, named));
        }

        return rows;
    }

    private static List<string>? Values(CsvReader csv, string path)
    {
        if (!csv.Read())
            return null;
        return csv.Problem is null
            ? [.. Enumerable.Range(0, Math.Min(csv.Count, csv.MaxFields)).Select(i => Encoding.UTF8.GetString(csv[i].Span).Trim())]
            : throw new UsageException($"'{path}', line {csv.Line}: {csv.Problem}.");
    }
}
