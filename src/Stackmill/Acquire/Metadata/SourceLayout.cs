using Apache.Arrow.Types;
using ParquetSharp.Arrow;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Acquire.Metadata;

/// <summary>
/// Where the columns of The Stack v2 lie in one Parquet file: one row a file, or (the <c>-train-*-ids</c> datasets) one
/// row a repository, whose list <c>files</c> holds the files.
/// </summary>
internal sealed class SourceLayout
{
    private const string Files = "files";

    private readonly Dictionary<string, int[]> _leaves = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inFiles = new(StringComparer.Ordinal);

    private SourceLayout(bool isNested) => IsNested = isNested;

    /// <summary>True when one row is a repository.</summary>
    public bool IsNested { get; }

    /// <summary>True when the file has the column.</summary>
    public bool Has(string column) => _leaves.ContainsKey(column);

    /// <summary>True when the column lies in the list of files, false when one value stands for all files of a row.</summary>
    public bool IsInFiles(string column) => _inFiles.Contains(column);

    /// <summary>Indices of the column's leaves; none when the file lacks it.</summary>
    public IReadOnlyList<int> Leaves(string column) => _leaves.GetValueOrDefault(column) ?? [];

    /// <summary>The leaves of some columns, in the order of the file.</summary>
    public int[] Leaves(IEnumerable<string> columns) => [.. columns.SelectMany(Leaves).Distinct().Order()];

    /// <summary>The cheapest column that tells how many files the rows hold.</summary>
    public string CountColumn => IsInFiles("is_vendor") ? "is_vendor" : "length_bytes";

    /// <summary>Finds the columns of an open file.</summary>
    /// <exception cref="ShardFaultException">It lacks a column that is needed.</exception>
    public static SourceLayout Of(string name, FileReader file)
    {
        var fields = file.Schema.FieldsList;
        var inner = fields.FirstOrDefault(f => f.Name == Files)?.DataType switch
        {
            ListType { ValueDataType: StructType s } => s,
            LargeListType { ValueDataType: StructType s } => s,
            _ => null,
        };
        var layout = new SourceLayout(inner is not null);
        var names = inner?.Fields.Select(f => f.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        var leaves = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var schema = file.ParquetReader.FileMetaData.Schema;
        for (var i = 0; i < schema.NumColumns; i++)
        {
            var path = schema.Column(i).Path.ToDotVector();
            var column = path[0];
            if (layout.IsNested && column == Files)
            {
                // Below the list stand one or two levels without meaning, by the writer; then the name of the file's column.
                var at = System.Array.FindIndex(path, 1, names.Contains);
                if (at < 0)
                    continue;
                column = path[at];
                // What a file says of itself comes before what its repository says.
                if (layout._inFiles.Add(column))
                    leaves[column] = [];
            }
            else if (layout._inFiles.Contains(column))
            {
                continue;
            }

            if (!leaves.TryGetValue(column, out var list))
                leaves[column] = list = [];
            list.Add(i);
        }

        foreach (var (column, list) in leaves)
            layout._leaves[column] = [.. list];
        layout.Require(name, fields.Select(f => f.Name), names);
        return layout;
    }

    private void Require(string name, IEnumerable<string> columns, HashSet<string> inFiles)
    {
        var missing = MetadataColumns.Required.Where(c => !Has(c)).Concat(IsNested && Has("length_bytes") && !IsInFiles("length_bytes") ? ["files.length_bytes"] : []).ToList();
        if (missing.Count == 0)
            return;
        var found = ColumnNames.Show([.. columns]) + (inFiles.Count > 0 ? $"; in files: {ColumnNames.Show([.. inFiles.Order(StringComparer.Ordinal)])}" : "");
        throw new ShardFaultException(
            $"'{name}' has no column {string.Join(", ", missing)}; its columns are {found}. Expected rows as in The Stack v2 (one a file with {string.Join(", ", MetadataColumns.Required)}, or one a repository with a list 'files' of those). Check metadata.dataset.");
    }
}
