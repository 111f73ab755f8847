using Apache.Arrow;
using Apache.Arrow.Types;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Organize.Sources.Records;

/// <summary>A field, and the way to its column: index of the column, then of the structs' fields below it.</summary>
internal sealed record BoundField(RecordField Field, int[] Way);

/// <summary>
/// Where in an Arrow schema (of a Parquet file or an Arrow stream) the parts of a record lie: in the row itself, or for rows
/// that are repositories in the structs of a list.
/// </summary>
/// <param name="Content">Way to the content: from the row, or from the list's struct.</param>
/// <param name="Row">Fields of the row.</param>
/// <param name="Files">Way to the list; <c>null</c> when rows are files.</param>
/// <param name="File">Fields of the list's struct.</param>
internal sealed record ArrowBinding(int[] Content, IReadOnlyList<BoundField> Row, int[]? Files, IReadOnlyList<BoundField> File)
{
    /// <summary>Binds a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="names">What is looked for.</param>
    /// <param name="file">How messages name the file.</param>
    /// <exception cref="ShardFaultException">There is no content, or not what the options name.</exception>
    public static ArrowBinding Of(Schema schema, RecordNames names, string file)
    {
        var row = schema.FieldsList;
        var columns = $"its columns are {string.Join(", ", row.Select(Described))}";
        var content = names.FilesColumn.Length > 0 ? null : Best(row, names.Content.Names, IsText);
        var list = content is not null ? null : Best(row, [names.FilesName], type => Items(type) is not null);
        if (list is null && names.FilesColumn.Length > 0)
            throw new ShardFaultException($"'{file}' has no column '{names.FilesColumn}' (input.files_column) that is a list of structs; {columns}.");
        IReadOnlyList<Field> items = list is null ? [] : Items(TypeAt(row, list))!.Fields;
        if (list is not null)
        {
            columns += $"; '{names.FilesName}' holds {string.Join(", ", items.Select(Described))}";
            content = Best(items, [.. names.Content.Names.Select(names.InFile)], IsText);
        }

        if (content is null)
        {
            throw new ShardFaultException(
                $"'{file}' has no column '{(names.Content.Option is null ? "content" : names.Content.Names[0])}' of text or bytes; {columns}. Name the one that holds the code with --content-column.");
        }

        var (ofRow, ofFile) = (new List<BoundField>(), new List<BoundField>());
        foreach (var (field, known, option) in names.Others)
        {
            var inFile = list is null ? null : Best(items, [.. known.Select(names.InFile)], field!.Fits);
            // A repository's row may have a name of its own, but no path of a file.
            var inRow = list is not null && field!.Name == "path" ? null : Best(row, known, field!.Fits);
            if (inFile is null && inRow is null && option is not null)
                throw new ShardFaultException($"'{file}' has no column '{known[0]}' of a fitting type, which {option} names; {columns}.");
            if (inRow is not null)
                ofRow.Add(new BoundField(field, inRow));
            if (inFile is not null)
                ofFile.Add(new BoundField(field, inFile));
        }

        return new ArrowBinding(content, ofRow, list, ofFile);
    }

    /// <summary>The leaf columns that a Parquet file with this Arrow schema needs to be read, in order.</summary>
    public IReadOnlyList<int> Leaves(Schema schema)
    {
        var leaves = new SortedSet<int>();
        var row = schema.FieldsList;
        foreach (var field in Row)
            Add(row, 0, field.Way);
        if (Files is null)
        {
            Add(row, 0, Content);
        }
        else
        {
            var items = Items(TypeAt(row, Files))!.Fields;
            foreach (var way in File.Select(f => f.Way).Prepend(Content))
                Add(items, FirstLeaf(row, Files), way);
        }

        return [.. leaves];

        void Add(IReadOnlyList<Field> fields, int start, int[] way)
        {
            var first = start + FirstLeaf(fields, way);
            leaves.UnionWith(Enumerable.Range(first, LeafCount(TypeAt(fields, way))));
        }
    }

    /// <summary>Leaf columns that a Parquet file has for a type.</summary>
    public static int LeafCount(IArrowType type) => type is NestedType nested ? nested.Fields.Sum(f => LeafCount(f.DataType)) : 1;

    private static int FirstLeaf(IReadOnlyList<Field> fields, int[] way)
    {
        var leaves = 0;
        for (var depth = 0; depth < way.Length; depth++)
        {
            leaves += fields.Take(way[depth]).Sum(f => LeafCount(f.DataType));
            if (depth + 1 < way.Length)
                fields = ((StructType)fields[way[depth]].DataType).Fields;
        }

        return leaves;
    }

    private static IArrowType TypeAt(IReadOnlyList<Field> fields, int[] way)
    {
        var type = fields[way[0]].DataType;
        foreach (var index in way.AsSpan(1))
            type = ((StructType)type).Fields[index].DataType;
        return type;
    }

    private static int[]? Best(IReadOnlyList<Field> fields, IReadOnlyList<string> names, Func<IArrowType, bool> fits)
    {
        foreach (var name in names)
        {
            if (Way(fields, [name]) is { } plain && fits(TypeAt(fields, plain)))
                return plain;
            if (name.Contains('.') && Way(fields, name.Split('.')) is { } dotted && fits(TypeAt(fields, dotted)))
                return dotted;
        }

        return null;
    }

    private static int[]? Way(IReadOnlyList<Field> fields, string[] parts)
    {
        var way = new int[parts.Length];
        for (var depth = 0; depth < parts.Length; depth++)
        {
            way[depth] = -1;
            for (var i = 0; i < fields.Count && way[depth] < 0; i++)
            {
                if (fields[i].Name == parts[depth])
                    way[depth] = i;
            }

            if (way[depth] < 0)
                return null;
            if (depth + 1 == parts.Length)
                return way;
            if (fields[way[depth]].DataType is not StructType inner)
                return null;
            fields = inner.Fields;
        }

        return null;
    }

    private static StructType? Items(IArrowType type) => type switch
    {
        ListType list => list.ValueDataType as StructType,
        LargeListType list => list.ValueDataType as StructType,
        _ => null,
    };

    private static bool IsText(IArrowType type) => type switch
    {
        StringType or LargeStringType or StringViewType or BinaryType or LargeBinaryType or BinaryViewType => true,
        DictionaryType dictionary => IsText(dictionary.ValueType),
        _ => false,
    };

    private static string Described(Field field) => $"{ColumnNames.ShowOne(field.Name)} ({field.DataType.Name})";
}
