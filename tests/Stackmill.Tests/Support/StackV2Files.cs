using System.Security.Cryptography;
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using Stackmill.Acquire.Metadata;
using Stackmill.Datasets;
using Encoding = System.Text.Encoding;
using FileWriter = ParquetSharp.Arrow.FileWriter;

namespace Stackmill.Tests.Support;

/// <summary>The form of a file: what copies of The Stack v2 differ in.</summary>
internal sealed record StackV2Form
{
    /// <summary>Times in nanoseconds instead of microseconds.</summary>
    public bool Nanoseconds { get; init; }

    /// <summary>With the 27th column, <c>filename</c>.</summary>
    public bool Filename { get; init; }

    /// <summary>With statistics in the footer.</summary>
    public bool Statistics { get; init; } = true;

    /// <summary>One row a repository, as in the <c>-train-*-ids</c> datasets; neighbours of one <c>repo_name</c> make a row.</summary>
    public bool Nested { get; init; }

    /// <summary>Rows (repositories, when nested) of a row group.</summary>
    public int RowsPerGroup { get; init; } = 1000;

    /// <summary>Columns that are left out.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}

/// <summary>Makes Parquet files as The Stack v2 has them, by another writer than the stage's own.</summary>
internal static class StackV2Files
{
    private static readonly string[] RepositoryColumns =
    [
        "repo_name", "snapshot_id", "revision_id", "directory_id", "branch_name", "visit_date", "revision_date", "committer_date",
        "github_id", "star_events_count", "fork_events_count", "gha_license_id", "gha_created_at", "gha_language",
    ];

    private static readonly string[] FileColumns =
        ["blob_id", "path", "content_id", "language", "length_bytes", "detected_licenses", "license_type", "src_encoding", "is_vendor", "is_generated"];

    /// <summary>A row for a content, with the ids that Software Heritage would give it.</summary>
    public static MetadataRow Row(string path, ReadOnlySpan<byte> content, string language = "Python", string repo = "owner/name", long stars = 50) => new()
    {
        BlobId = Convert.ToHexStringLower(SHA1.HashData(content)),
        ContentId = RecordIdentity.GitBlobId(content),
        DirectoryId = Hex(repo + "directory"),
        Path = "/" + path,
        DetectedLicenses = ["MIT"],
        LicenseType = "permissive",
        RepoName = repo,
        SnapshotId = Hex(repo + "snapshot"),
        RevisionId = Hex(repo + "revision"),
        BranchName = "refs/heads/main",
        VisitDate = 1_660_000_000_123_456,
        RevisionDate = 1_650_000_000_000_000,
        CommitterDate = 1_650_000_001_000_000,
        GithubId = 42,
        StarEventsCount = stars,
        ForkEventsCount = stars / 5,
        GhaLicenseId = "MIT",
        GhaEventCreatedAt = 1_655_000_000_000_000,
        GhaCreatedAt = 1_400_000_000_000_000,
        GhaLanguage = language,
        SrcEncoding = "UTF-8",
        Language = language,
        IsVendor = false,
        IsGenerated = false,
        LengthBytes = content.Length,
        Extension = path[(path.LastIndexOf('.') + 1)..],
        Filename = path[(path.LastIndexOf('/') + 1)..],
    };

    /// <summary>Rows of many kinds: the same for the same seed. Neighbours share a repository.</summary>
    public static List<MetadataRow> Rows(int count, int seed, params string[] languages)
    {
        var random = new Random(seed);
        var rows = new List<MetadataRow>(count);
        for (var i = 0; i < count; i++)
        {
            var repo = i / 3;
            var row = Row($"src/f{i}.py", Encoding.ASCII.GetBytes($"{seed}/{i}"), languages[random.Next(languages.Length)], $"o{repo % 7}/r{seed}-{repo}", new Random(seed ^ repo).Next(40));
            row.LengthBytes = random.Next(10) switch { 0 => 0, 1 => random.Next(100), 2 => random.Next(1 << 20, 1 << 22), _ => random.Next(100, 50_000) };
            row.DetectedLicenses = random.Next(4) switch { 0 => null, 1 => [], 2 => ["GPL-3.0-only", "MIT"], _ => ["Apache-2.0"] };
            row.LicenseType = random.Next(4) switch { 0 => null, 1 => "no_license", 2 => "non_permissive", _ => "permissive" };
            (row.IsVendor, row.IsGenerated) = (random.Next(5) == 0, random.Next(6) == 0 ? null : random.Next(5) == 0);
            if (repo % 5 == 0)
                (row.StarEventsCount, row.GithubId, row.GhaLicenseId, row.GhaCreatedAt) = (null, null, null, null);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Writes rows as a Parquet file and returns its path.</summary>
    public static string Write(string path, IReadOnlyList<MetadataRow> rows, StackV2Form? form = null)
    {
        form ??= new StackV2Form();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var groups = form.Nested ? Repositories(rows).Chunk(form.RowsPerGroup).Select(g => Nested(g, form)) : rows.Chunk(form.RowsPerGroup).Select(g => Flat(g, form));
        var schema = (form.Nested ? Nested([], form) : Flat([], form)).Schema;
        using var builder = new WriterPropertiesBuilder().Compression(Compression.Snappy);
        if (!form.Statistics)
            builder.DisableStatistics();
        using var properties = builder.Build();
        using var writer = new FileWriter(path, schema, properties);
        foreach (var group in groups)
        {
            writer.WriteRecordBatch(group);
            group.Dispose();
        }

        writer.Close();
        return path;
    }

    /// <summary>The files of a finished dataset of filtered rows, in ordinal order of their names.</summary>
    public static IEnumerable<string> Filtered(string folder) => Manifest.Read(folder)!.Shards.Select(s => System.IO.Path.Combine(folder, s.Path)).Order(StringComparer.Ordinal);

    /// <summary>What the nested form holds of rows: what belongs to the repository is that of its first file.</summary>
    public static List<MetadataRow> AsNested(IReadOnlyList<MetadataRow> rows) => [.. Repositories(rows).SelectMany(repository => repository.Select(row =>
    {
        var first = repository[0];
        return new MetadataRow
        {
            BlobId = row.BlobId,
            Path = row.Path,
            ContentId = row.ContentId,
            Language = row.Language,
            LengthBytes = row.LengthBytes,
            DetectedLicenses = row.DetectedLicenses,
            LicenseType = row.LicenseType,
            SrcEncoding = row.SrcEncoding,
            IsVendor = row.IsVendor,
            IsGenerated = row.IsGenerated,
            Extension = row.Extension,
            RepoName = first.RepoName,
            SnapshotId = first.SnapshotId,
            RevisionId = first.RevisionId,
            DirectoryId = first.DirectoryId,
            BranchName = first.BranchName,
            VisitDate = first.VisitDate,
            RevisionDate = first.RevisionDate,
            CommitterDate = first.CommitterDate,
            GithubId = first.GithubId,
            StarEventsCount = first.StarEventsCount,
            ForkEventsCount = first.ForkEventsCount,
            GhaLicenseId = first.GhaLicenseId,
            GhaCreatedAt = first.GhaCreatedAt,
            GhaLanguage = first.GhaLanguage,
        };
    }))];

    private static string Hex(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));

    private static List<List<MetadataRow>> Repositories(IReadOnlyList<MetadataRow> rows)
    {
        var repositories = new List<List<MetadataRow>>();
        foreach (var row in rows)
        {
            if (repositories.Count == 0 || repositories[^1][0].RepoName != row.RepoName)
                repositories.Add([]);
            repositories[^1].Add(row);
        }

        return repositories;
    }

    private static RecordBatch Flat(MetadataRow[] rows, StackV2Form form)
    {
        var columns = Columns(rows, form).Where(c => !form.Without.Contains(c.Name) && (form.Filename || c.Name != "filename")).ToList();
        return Batch(columns, rows.Length);
    }

    private static RecordBatch Nested(List<MetadataRow>[] repositories, StackV2Form form)
    {
        var files = repositories.SelectMany(r => r).ToList();
        var fields = Columns(files, form).Where(c => FileColumns.Contains(c.Name) && !form.Without.Contains(c.Name)).ToList();
        var type = new StructType(fields.ConvertAll(f => new Field(f.Name, f.Array.Data.DataType, true)));
        var structs = new StructArray(type, files.Count, fields.Select(f => f.Array), ArrowBuffer.Empty);
        var offsets = new ArrowBuffer.Builder<int>();
        var offset = 0;
        offsets.Append(0);
        foreach (var repository in repositories)
            offsets.Append(offset += repository.Count);
        var list = new ListArray(new ListType(new Field("element", type, true)), repositories.Length, offsets.Build(), structs, ArrowBuffer.Empty);
        var columns = Columns(repositories.Select(r => r[0]).ToList(), form).Where(c => RepositoryColumns.Contains(c.Name) && !form.Without.Contains(c.Name)).ToList();
        columns.Add(("num_files", Longs(repositories, r => r.Count)));
        columns.Add(("files", list));
        return Batch(columns, repositories.Length);
    }

    private static RecordBatch Batch(List<(string Name, IArrowArray Array)> columns, int rows) =>
        new(new Schema(columns.ConvertAll(c => new Field(c.Name, c.Array.Data.DataType, true)), null), columns.ConvertAll(c => c.Array), rows);

    private static List<(string Name, IArrowArray Array)> Columns(IReadOnlyList<MetadataRow> rows, StackV2Form form)
    {
        var unit = form.Nanoseconds ? Apache.Arrow.Types.TimeUnit.Nanosecond : Apache.Arrow.Types.TimeUnit.Microsecond;
        return
        [
            ("blob_id", Texts(rows, r => r.BlobId.Length == 0 ? null : r.BlobId)), ("directory_id", Texts(rows, r => r.DirectoryId)), ("path", Texts(rows, r => r.Path)),
            ("content_id", Texts(rows, r => r.ContentId)), ("detected_licenses", TextLists(rows, r => r.DetectedLicenses)), ("license_type", Texts(rows, r => r.LicenseType)),
            ("repo_name", Texts(rows, r => r.RepoName)), ("snapshot_id", Texts(rows, r => r.SnapshotId)), ("revision_id", Texts(rows, r => r.RevisionId)),
            ("branch_name", Texts(rows, r => r.BranchName)), ("visit_date", Times(rows, r => r.VisitDate, unit)), ("revision_date", Times(rows, r => r.RevisionDate, unit)),
            ("committer_date", Times(rows, r => r.CommitterDate, unit)), ("github_id", Longs(rows, r => r.GithubId)), ("star_events_count", Longs(rows, r => r.StarEventsCount)),
            ("fork_events_count", Longs(rows, r => r.ForkEventsCount)), ("gha_license_id", Texts(rows, r => r.GhaLicenseId)), ("gha_event_created_at", Times(rows, r => r.GhaEventCreatedAt, unit)),
            ("gha_created_at", Times(rows, r => r.GhaCreatedAt, unit)), ("gha_language", Texts(rows, r => r.GhaLanguage)), ("src_encoding", Texts(rows, r => r.SrcEncoding)),
            ("language", Texts(rows, r => r.Language)), ("is_vendor", Truths(rows, r => r.IsVendor)), ("is_generated", Truths(rows, r => r.IsGenerated)),
            ("length_bytes", Longs(rows, r => r.LengthBytes == NullLength ? null : r.LengthBytes)), ("extension", Texts(rows, r => r.Extension)), ("filename", Texts(rows, r => r.Filename)),
        ];
    }

    /// <summary>Stands for a null in <c>length_bytes</c>; a null <c>blob_id</c> is an empty one.</summary>
    public const long NullLength = long.MinValue;

    private static StringArray Texts<T>(IReadOnlyList<T> rows, Func<T, string?> get)
    {
        var builder = new StringArray.Builder();
        foreach (var row in rows)
            builder.Append(get(row));
        return builder.Build();
    }

    private static ListArray TextLists(IReadOnlyList<MetadataRow> rows, Func<MetadataRow, IReadOnlyList<string>?> get)
    {
        var builder = new ListArray.Builder(new Field("element", StringType.Default, true));
        var values = (StringArray.Builder)builder.ValueBuilder;
        foreach (var row in rows)
        {
            if (get(row) is not { } list)
            {
                builder.AppendNull();
                continue;
            }

            builder.Append();
            foreach (var value in list)
                values.Append(value);
        }

        return builder.Build();
    }

    private static Int64Array Longs<T>(IReadOnlyList<T> rows, Func<T, long?> get)
    {
        var builder = new Int64Array.Builder();
        foreach (var row in rows)
            builder.Append(get(row));
        return builder.Build();
    }

    private static BooleanArray Truths(IReadOnlyList<MetadataRow> rows, Func<MetadataRow, bool?> get)
    {
        var builder = new BooleanArray.Builder();
        foreach (var row in rows)
        {
            if (get(row) is { } truth)
                builder.Append(truth);
            else
                builder.AppendNull();
        }

        return builder.Build();
    }

    private static TimestampArray Times(IReadOnlyList<MetadataRow> rows, Func<MetadataRow, long?> get, Apache.Arrow.Types.TimeUnit unit)
    {
        var values = new ArrowBuffer.Builder<long>(rows.Count);
        var valid = new ArrowBuffer.BitmapBuilder(rows.Count);
        var nulls = 0;
        foreach (var row in rows)
        {
            var micros = get(row);
            nulls += micros is null ? 1 : 0;
            valid.Append(micros is not null);
            values.Append((micros ?? 0) * (unit == Apache.Arrow.Types.TimeUnit.Nanosecond ? 1000 : 1));
        }

        return new TimestampArray(new TimestampType(unit, "UTC"), values.Build(), valid.Build(), rows.Count, nulls, 0);
    }
}

/// <summary>A local file that counts the bytes that are read from it, and can be made to fail.</summary>
internal sealed class CountingFile(string path, string relativePath) : Stackmill.Datasets.Storage.SourceFile
{
    private long _bytes;
    private int _opened;

    /// <summary>Bytes read so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How often it was opened.</summary>
    public int Opened => _opened;

    /// <summary>Reads that reach beyond this position fail.</summary>
    public long FailsFrom { get; set; } = long.MaxValue;

    /// <summary>Reads that begin before this position fail, and none when it is zero.</summary>
    public long FailsBefore { get; set; }

    /// <summary>Called with each read.</summary>
    public Action? OnRead { get; set; }

    public override string Name => "counted:" + RelativePath;

    public override string RelativePath { get; } = relativePath;

    public override long Length => new FileInfo(path).Length;

    public override string Tag => "tag-of-" + RelativePath;

    public override Stream OpenSeekable()
    {
        Interlocked.Increment(ref _opened);
        return new CountingStream(this, File.OpenRead(path));
    }

    public override Stream OpenSequential(long start = 0)
    {
        var stream = OpenSeekable();
        stream.Position = start;
        return stream;
    }

    private sealed class CountingStream(CountingFile file, FileStream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            file.OnRead?.Invoke();
            if (inner.Position + buffer.Length > file.FailsFrom || inner.Position < file.FailsBefore)
                throw new IOException("the connection was cut");
            var read = inner.Read(buffer);
            Interlocked.Add(ref file._bytes, read);
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
