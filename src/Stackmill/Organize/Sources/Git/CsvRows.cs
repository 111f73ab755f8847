using System.Globalization;
using Stackmill.Core.Faults;
using Stackmill.Shared;
using Sylvan.Data.Csv;

namespace Stackmill.Organize.Sources.Git;

/// <summary>One row of a CSV file by the names of its columns.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Line">Number of the row, the header being 1.</param>
/// <param name="Values">Values that are not empty.</param>
internal sealed record CsvRow(string File, int Line, IReadOnlyDictionary<string, string> Values)
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
        var rows = new List<CsvRow>();
        try
        {
            using var text = new StreamReader(path);
            using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = true, ResultSetMode = ResultSetMode.SingleResult });
            var columns = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetName(i).Trim()).ToList();
            foreach (var column in columns.Where(c => !known.Contains(c)))
                throw new UsageException($"'{path}', line 1: there is no column '{column}'; expected {string.Join(", ", known)}.{(NearestName.Find(column, known) is { } near ? $" Did you mean '{near}'?" : "")}");
            if (!columns.Intersect(needed).Any())
                throw new UsageException($"'{path}', line 1: the header has no column '{string.Join("' or '", needed)}'; expected {string.Join(", ", known)}.");
            while (csv.Read())
            {
                var values = new Dictionary<string, string>(StringComparer.Ordinal);
                if (csv.RowFieldCount > columns.Count)
                    throw new UsageException($"'{path}', line {csv.RowNumber + 1}: there are {csv.RowFieldCount} values for {columns.Count} columns.");
                for (var i = 0; i < csv.RowFieldCount; i++)
                {
                    if (csv.GetString(i).Trim() is { Length: > 0 } value)
                        values[columns[i]] = value;
                }

                if (values.Count > 0)
                    rows.Add(new CsvRow(path, csv.RowNumber + 1, values));
            }

            return rows;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CsvFormatException or CsvMissingHeadersException)
        {
            throw new UsageException($"'{path}' can't be read as CSV: {fault.Message} Expected a header with {string.Join(", ", known)}.", fault);
        }
    }
}
