using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;

namespace Stackmill.Organize.Sources.Records;

/// <summary>Records of <c>.csv</c> and <c>.tsv</c> files with a header, one file a record.</summary>
internal static class CsvRecords
{
    /// <summary>True when the name is one of such a file, compressed or not.</summary>
    public static bool IsName(string path) => PackedFile.InnerName(path) is var name
        && (name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || IsTabbed(name));

    /// <summary>Reads all records of a file.</summary>
    /// <exception cref="ShardFaultException">There is no header, or it lacks the content or a column that the options name.</exception>
    public static void Read(SourceFile file, RecordNames names, IRecordSink sink)
    {
        var tabbed = IsTabbed(PackedFile.InnerName(file.RelativePath));
        using var csv = new CsvReader(file, tabbed ? (byte)'\t' : (byte)',');
        if (!csv.Read() || csv.Problem is not null)
            throw new ShardFaultException($"'{file.Name}' has no header: {csv.Problem ?? "it is empty"}. Expected a first line with the names of the columns, separated by {(tabbed ? "tabs" : "commas")}.");
        var header = Header(csv);
        if (Array.Exists(header, h => h.Contains('\0', StringComparison.Ordinal)))
            throw new ShardFaultException($"'{file.Name}' has zero bytes in its header: is it UTF-16? Expected UTF-8, or another encoding of one byte a letter; convert it, such as with iconv -f UTF-16 -t UTF-8.");
        var content = Find(file, header, names.Content)
            ?? throw new ShardFaultException($"'{file.Name}' has no column 'content'; its columns are {ColumnNames.Show(header)}. Name the one that holds the code with --content-column. Columns are separated by {(tabbed ? "tabs in .tsv" : "commas in .csv")} files.");
        var fields = names.Others.Select(f => (f.Field, Index: Find(file, header, f))).Where(f => f.Index is not null).Select(f => (Field: f.Field!, Index: f.Index!.Value)).ToList();
        if (csv.Count > header.Length)
            throw new ShardFaultException($"the header of '{file.Name}' has {csv.Count} columns; at most {header.Length} are read.");
        csv.MaxFields = header.Length;
        while (csv.Read())
        {
            var record = new CodeRecord();
            if (csv.TooLong)
            {
                sink.Fail(Unknown(file), new RecordFaultException("line_too_long", $"line {csv.Line}: {csv.Problem}"));
            }
            else if (csv.Problem is not null)
            {
                sink.Fail(Unknown(file), new RecordFaultException("invalid_csv", $"line {csv.Line}: {csv.Problem}"));
            }
            else if (csv.Count != header.Length)
            {
                sink.Fail(Unknown(file), new RecordFaultException("invalid_csv", $"line {csv.Line}: {csv.Count} fields; expected {header.Length}, as in the header"));
            }
            else
            {
                foreach (var (field, index) in fields)
                {
                    var value = csv[index];
                    if (value.Length > 0)
                        field.Set(record, Encoding.UTF8.GetString(value.Span));
                }

                record.Content = csv[content];
                sink.Take(record);
            }
        }
    }

    private static CodeRecord Unknown(SourceFile file) => new() { Path = Path.GetFileName(file.RelativePath) };

    private static string[] Header(CsvReader csv)
    {
        var names = new string[Math.Min(csv.Count, csv.MaxFields)];
        for (var i = 0; i < names.Length; i++)
            names[i] = Encoding.UTF8.GetString(csv[i].Span).Trim();
        return names;
    }

    private static int? Find(SourceFile file, string[] header, FieldNames field)
    {
        foreach (var name in field.Names)
        {
            var index = Array.IndexOf(header, name);
            if (index >= 0)
                return index;
        }

        return field.Option is null
            ? null
            : throw new ShardFaultException($"'{file.Name}' has no column '{field.Names[0]}', which {field.Option} names; its columns are {ColumnNames.Show(header)}.");
    }

    private static bool IsTabbed(string name) => name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);
}
