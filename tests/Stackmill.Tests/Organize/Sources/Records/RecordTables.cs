using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Stackmill.Core.Model;

namespace Stackmill.Tests.Organize.Sources.Records;

/// <summary>Writes the same records in every form that is read: flat, and as rows that are repositories in the form of The Stack v3.</summary>
internal static class RecordTables
{
    /// <summary>Column of texts.</summary>
    public static (string Name, IArrowArray Array) Texts(string name, IEnumerable<string?> values)
    {
        var builder = new StringArray.Builder();
        foreach (var value in values)
        {
            if (value is null)
                builder.AppendNull();
            else
                builder.Append(value);
        }

        return (name, builder.Build());
    }

    /// <summary>Column of whole numbers.</summary>
    public static (string Name, IArrowArray Array) Longs(string name, IEnumerable<long?> values)
    {
        var builder = new Int64Array.Builder();
        foreach (var value in values)
            builder.Append(value);
        return (name, builder.Build());
    }

    /// <summary>Column of numbers.</summary>
    public static (string Name, IArrowArray Array) Doubles(string name, IEnumerable<double?> values)
    {
        var builder = new DoubleArray.Builder();
        foreach (var value in values)
            builder.Append(value);
        return (name, builder.Build());
    }

    /// <summary>Column of truth values.</summary>
    public static (string Name, IArrowArray Array) Truths(string name, IEnumerable<bool?> values)
    {
        var builder = new BooleanArray.Builder();
        foreach (var value in values)
        {
            if (value is { } truth)
                builder.Append(truth);
            else
                builder.AppendNull();
        }

        return (name, builder.Build());
    }

    /// <summary>Column of lists of texts.</summary>
    public static (string Name, IArrowArray Array) Lists(string name, IEnumerable<IReadOnlyList<string>?> values)
    {
        var builder = new ListArray.Builder(StringType.Default);
        var items = (StringArray.Builder)builder.ValueBuilder;
        foreach (var value in values)
        {
            if (value is null)
            {
                builder.AppendNull();
                continue;
            }

            builder.Append();
            foreach (var item in value)
                items.Append(item);
        }

        return (name, builder.Build());
    }

    /// <summary>Column of structs.</summary>
    public static (string Name, IArrowArray Array) Structs(string name, params (string Name, IArrowArray Array)[] columns) =>
        (name, new StructArray(new StructType([.. columns.Select(Described)]), columns[0].Array.Length, columns.Select(c => c.Array), ArrowBuffer.Empty, 0));

    /// <summary>Column of lists of structs; a count of <c>null</c> is a null list.</summary>
    public static (string Name, IArrowArray Array) StructLists(string name, IReadOnlyList<int?> counts, params (string Name, IArrowArray Array)[] columns)
    {
        var (offsets, valid, at) = (new ArrowBuffer.Builder<int>(), new ArrowBuffer.BitmapBuilder(), 0);
        offsets.Append(0);
        foreach (var count in counts)
        {
            offsets.Append(at += count ?? 0);
            valid.Append(count is not null);
        }

        var items = Structs("item", columns).Array;
        return (name, new ListArray(new ListType(new Field("item", items.Data.DataType, true)), counts.Count, offsets.Build(), items, valid.Build(), counts.Count(c => c is null)));
    }

    /// <summary>A batch of columns.</summary>
    public static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) =>
        new(new Schema([.. columns.Select(Described)], null), columns.Select(c => c.Array), columns[0].Array.Length);

    /// <summary>One row a file, under the names of the stored columns.</summary>
    public static RecordBatch Flat(IReadOnlyList<CodeRecord> records) => Batch(
        Texts("content", records.Select(r => r.Content.IsEmpty ? "" : Encoding.UTF8.GetString(r.Content.Span))),
        Texts("repo_name", records.Select(r => r.RepoName)),
        Texts("path", records.Select(r => r.Path)),
        Texts("language", records.Select(r => r.Language)),
        Lists("detected_licenses", records.Select(r => r.DetectedLicenses)),
        Texts("license_type", records.Select(r => r.LicenseType)),
        Longs("star_events_count", records.Select(r => r.StarEventsCount)),
        Longs("fork_events_count", records.Select(r => r.ForkEventsCount)),
        Texts("revision_id", records.Select(r => r.RevisionId)),
        Texts("branch_name", records.Select(r => r.BranchName)),
        Longs("github_id", records.Select(r => r.GithubId)),
        Longs("committer_date", records.Select(r => r.CommitterDateMicros)),
        Truths("is_vendor", records.Select(r => r.IsVendor)));

    /// <summary>One row a repository. What is told of a repository must be the same in all of its records.</summary>
    public static RecordBatch Nested(IReadOnlyList<IGrouping<string, CodeRecord>> repositories)
    {
        var firsts = repositories.Select(r => r.First()).ToList();
        var files = repositories.SelectMany(r => r).ToList();
        return Batch(
            Texts("repo_path", firsts.Select(r => r.RepoName)),
            Longs("repo_id", firsts.Select(r => r.GithubId)),
            Texts("commit_id", firsts.Select(r => r.RevisionId)),
            Structs("github_metadata",
                Texts("branch", firsts.Select(r => r.BranchName)),
                Texts("repo_created_at", firsts.Select(_ => "2015-01-01T00:00:00Z")),
                Longs("stars", firsts.Select(r => r.StarEventsCount)),
                Longs("forks", firsts.Select(r => r.ForkEventsCount))),
            Longs("num_files", repositories.Select(r => (long?)r.Count())),
            StructLists("files", [.. repositories.Select(r => (int?)r.Count())],
                Texts("content_id", files.Select(_ => new string('0', 40))),
                Texts("content", files.Select(r => Encoding.UTF8.GetString(r.Content.Span))),
                Longs("size_bytes", files.Select(r => (long?)1)),
                Texts("file_path", files.Select(r => r.Path)),
                Longs("file_timestamp", files.Select(r => r.CommitterDateMicros / 1_000_000)),
                Texts("language", files.Select(r => r.Language)),
                Truths("is_vendor", files.Select(r => r.IsVendor)),
                Texts("license_type", files.Select(r => r.LicenseType)),
                Lists("detected_licenses", files.Select(r => r.DetectedLicenses))));
    }

    /// <summary>An Arrow stream, as the cache of the Hub's data set library has it.</summary>
    public static byte[] ArrowStream(params RecordBatch[] batches)
    {
        using var stream = new MemoryStream();
        using var writer = new ArrowStreamWriter(stream, batches[0].Schema, leaveOpen: true);
        return Written(stream, writer, batches);
    }

    /// <summary>An Arrow file.</summary>
    public static byte[] ArrowFile(params RecordBatch[] batches)
    {
        using var stream = new MemoryStream();
        using var writer = new ArrowFileWriter(stream, batches[0].Schema, leaveOpen: true);
        return Written(stream, writer, batches);
    }

    /// <summary>An Arrow file whose buffers are packed, as Feather files have them by default.</summary>
    public static byte[] PackedArrowFile(CompressionCodecType codec, params RecordBatch[] batches)
    {
        using var stream = new MemoryStream();
        using var writer = new ArrowFileWriter(stream, batches[0].Schema, leaveOpen: true, PackingCodecs.Options(codec));
        return Written(stream, writer, batches);
    }

    /// <summary>A Parquet file with one row group a batch.</summary>
    public static byte[] Parquet(params RecordBatch[] batches)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var writer = new ParquetSharp.Arrow.FileWriter(path, batches[0].Schema))
            {
                foreach (var batch in batches)
                {
                    writer.NewBufferedRowGroup();
                    // The native writer takes the buffers away.
                    using var copy = batch.Clone();
                    writer.WriteRecordBatch(copy);
                }

                writer.Close();
            }

            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>JSON lines of any table.</summary>
    public static byte[] JsonLines(params RecordBatch[] batches) => Encoding.UTF8.GetBytes(string.Concat(batches.SelectMany(
        batch => Enumerable.Range(0, batch.Length).Select(row => Object([.. batch.Schema.FieldsList.Select(f => f.Name)], [.. batch.Arrays], row).ToJsonString() + "\n"))));

    /// <summary>Separated values of a flat table; every field that needs it is quoted.</summary>
    public static byte[] Csv(string delimiter, string lineEnd, params RecordBatch[] batches)
    {
        var text = new StringBuilder(string.Join(delimiter, batches[0].Schema.FieldsList.Select(f => f.Name)) + lineEnd);
        foreach (var batch in batches)
        {
            for (var row = 0; row < batch.Length; row++)
                text.AppendJoin(delimiter, batch.Arrays.Select(a => Quoted(Value(a, row)))).Append(lineEnd);
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        string Quoted(JsonNode? value)
        {
            var plain = value switch { null => "", JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.String => (string)v!, _ => value.ToJsonString() };
            return plain.AsSpan().IndexOfAny(delimiter + "\"\r\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }
    }

    private static byte[] Written(MemoryStream stream, ArrowStreamWriter writer, RecordBatch[] batches)
    {
        foreach (var batch in batches)
            writer.WriteRecordBatch(batch);
        writer.WriteEnd();
        return stream.ToArray();
    }

    private static JsonObject Object(IReadOnlyList<string> names, IReadOnlyList<IArrowArray> columns, int row)
    {
        var json = new JsonObject();
        for (var i = 0; i < names.Count; i++)
            json.Add(names[i], Value(columns[i], row));
        return json;
    }

    private static JsonNode? Value(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        StringArray a => JsonValue.Create(a.GetString(row)),
        Int64Array a => JsonValue.Create(a.GetValue(row)),
        DoubleArray a => JsonNode.Parse(a.GetValue(row)!.Value.ToString("R", CultureInfo.InvariantCulture)),
        BooleanArray a => JsonValue.Create(a.GetValue(row)),
        StructArray a => Object([.. ((StructType)a.Data.DataType).Fields.Select(f => f.Name)], a.Fields, row),
        ListArray a => new JsonArray([.. Enumerable.Range(a.ValueOffsets[row], a.ValueOffsets[row + 1] - a.ValueOffsets[row]).Select(i => Value(a.Values, i))]),
        _ => throw new NotSupportedException(array.GetType().Name),
    };

    private static Field Described((string Name, IArrowArray Array) column) => new(column.Name, column.Array.Data.DataType, true);
}
