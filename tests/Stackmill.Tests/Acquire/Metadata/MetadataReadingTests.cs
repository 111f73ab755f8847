using System.Text.Json;
using Stackmill.Acquire.Metadata;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Shared.Filters;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Acquire.Metadata;

/// <summary>What is read of the source, and what happens when it can't be.</summary>
public sealed class MetadataReadingTests
{
    private static MetadataSource Source(params SourceFile[] files) => new("some/dataset", "c0ffee", files);

    private static List<string> Ids(string folder) => [.. StackV2Files.Filtered(folder).SelectMany(MetadataTable.Read).SelectMany(b => b).Select(r => r.BlobId)];

    // Ids, paths and names are the bulk, and can't be compressed: as in the real rows.
    private static List<MetadataRow> Plain(int count, Func<int, long> stars, Func<int, string>? language = null) =>
        [.. Enumerable.Range(0, count).Select(i => StackV2Files.Row($"{i}.py", BitConverter.GetBytes(i + ((long)count << 32)), language?.Invoke(i) ?? "Python", $"o/r{i}", stars(i))).Select(r =>
        {
            r.LengthBytes = 1000 + (r.BlobId[0] * 7);
            return r;
        })];

    private static CountingFile Write(TempFolder folder, string name, IReadOnlyList<MetadataRow> rows, StackV2Form form) => new(StackV2Files.Write(folder[name], rows, form), name);

    [Fact]
    public void Row_groups_that_statistics_exclude_are_not_read()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        // One in ten row groups has stars enough.
        var rows = Plain(20_000, i => i / 1000 % 10 == 0 ? 50 : 3);
        var file = Write(folder, "x.parquet", rows, new StackV2Form());
        var manifest = MetadataStage.Run(Source(file), output["a"], new MetadataOptions(), TestRun.Context());
        Assert.Equal(rows.Where(r => r.StarEventsCount >= 10).Select(r => r.BlobId), Ids(output["a"]));
        Assert.Equal((20_000L, 2000L, 18_000L), (manifest.Books.In, manifest.Books.Kept, manifest.Books.Dropped["too_few_stars"]));
        Assert.True(file.Bytes < file.Length / 5, $"{file.Bytes} of {file.Length} bytes were read");
        // Without statistics the columns that the filters look at are read of all row groups, the others of the same as before.
        var blind = Write(folder, "y.parquet", rows, new StackV2Form { Statistics = false });
        Assert.Equal(2000, MetadataStage.Run(Source(blind), output["b"], new MetadataOptions(), TestRun.Context()).Books.Kept);
        Assert.True(blind.Bytes < blind.Length / 3, $"{blind.Bytes} of {blind.Length} bytes were read");
    }

    [Fact]
    public void Languages_flags_sizes_and_licences_exclude_row_groups_too()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        foreach (var (name, change) in new (string, Action<MetadataRow>)[]
        {
            ("language", r => r.Language = "Java"), ("small", r => r.LengthBytes = 5), ("large", r => r.LengthBytes = 1 << 24),
            ("type", r => r.LicenseType = "non_permissive"), ("vendor", r => r.IsVendor = true), ("generated", r => r.IsGenerated = true),
        })
        {
            var rows = Plain(3000, _ => 50);
            rows.ForEach(change);
            var options = new MetadataOptions { Languages = ["python"], Filters = new FilterOptions { LicenseTypes = ["permissive"], Vendored = false, Generated = false } };
            var file = Write(folder, name, rows, new StackV2Form());
            Assert.Equal(3000, MetadataStage.Run(Source(file), output[name], options, TestRun.Context()).Books.Dropped.Values.Single());
            Assert.True(file.Opened == 1 && file.Bytes < file.Length / 10, $"{name}: {file.Bytes} of {file.Length} bytes were read");
            // One row of another kind keeps its row group in; a null may do so as well.
            rows[1500] = Plain(1, _ => 50)[0];
            var mixed = Write(folder, name + "2", rows, new StackV2Form());
            Assert.Equal(1, MetadataStage.Run(Source(mixed), output[name + "2"], options, TestRun.Context()).Books.Kept);
        }
    }

    [Fact]
    public void A_null_among_few_stars_keeps_its_row_group_in()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        var rows = Plain(3000, _ => 3);
        rows[1500].StarEventsCount = null;
        StackV2Files.Write(folder["x"], rows);
        MetadataStage.Run(Source(new LocalFile(folder["x"], "x")), output.Path, new MetadataOptions(), TestRun.Context());
        Assert.Equal([rows[1500].BlobId], Ids(output.Path));
    }

    [Fact]
    public void Other_columns_are_read_only_where_a_row_passes()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        // Every row group has rows with many stars, so that statistics exclude none; in one a row passes.
        var rows = Plain(20_000, i => i % 2 == 0 ? 3 : 50);
        foreach (var row in rows.Where(r => r.StarEventsCount == 50))
            row.LengthBytes = 10;
        rows[0].LengthBytes = rows[1001].LengthBytes = 500;
        foreach (var row in rows.Where((_, i) => i % 1000 == 0))
            row.LengthBytes = 1 << 21;
        var file = Write(folder, "x", rows, new StackV2Form());
        MetadataStage.Run(Source(file), output.Path, new MetadataOptions(), TestRun.Context());
        Assert.Equal([rows[1001].BlobId], Ids(output.Path));
        Assert.True(file.Bytes < file.Length / 4, $"{file.Bytes} of {file.Length} bytes were read");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_limit_ends_the_reading_early_and_keeps_the_first_rows(bool statistics)
    {
        using var folder = new TempFolder();
        var files = Enumerable.Range(0, 12).Select(f => Write(folder, $"{f:D2}", Plain(4000, _ => 50, _ => f < 6 ? "Python" : "Java"), new StackV2Form { Statistics = statistics })).ToArray();
        var options = new MetadataOptions { Languages = ["Python", "Java"], Metadata = new MetadataSectionOptions { Limit = 1500 } };
        var manifests = new List<string>();
        foreach (var workers in new[] { 1, 4 })
        {
            using var output = new TempFolder();
            var before = files.Sum(f => f.Bytes);
            var manifest = MetadataStage.Run(Source(files), output.Path, options, TestRun.Context(workers));
            var all = Enumerable.Range(0, 12).Select(f => Plain(4000, _ => 50)).ToList();
            Assert.Equal(all[6].Concat(all[7]).Take(1500).Concat(all[0].Take(1500)).Select(r => r.BlobId), Ids(output.Path));
            Assert.Equal((48_000L, 3000L, 45_000L), (manifest.Books.In, manifest.Books.Kept, manifest.Books.Dropped["above_limit"]));
            Assert.Equal(45_000, Dataset.Of(output.Path, manifest).ReadLedger().Sum(r => r.Value));
            var (read, length) = (files.Sum(f => f.Bytes) - before, files.Sum(f => f.Length));
            Assert.True(read < length / (statistics ? 4 : 2), $"{read} of {length} bytes were read");
            manifests.Add(JsonSerializer.Serialize(manifest));
        }

        Assert.Equal(manifests[0], manifests[1]);
    }

    [Fact]
    public void A_source_that_fails_in_the_middle_fails_alone_and_is_taken_up_by_the_next_run()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        using var other = new TempFolder();
        var good = Write(folder, "a", Plain(500, _ => 50), new StackV2Form());
        var bad = Write(folder, "b", Plain(5000, _ => 60), new StackV2Form());
        // The footer can be read, the rows can't.
        bad.FailsBefore = bad.Length / 2;
        var observer = new RecordingObserver();
        var partial = MetadataStage.Run(Source(good, bad), output.Path, new MetadataOptions(), TestRun.Context(observer: observer));
        Assert.Equal((500L, 500L), (partial.Books.In, partial.Books.Kept));
        var error = Assert.Single(partial.FailedShards).Error;
        Assert.Contains("counted:b", error);
        Assert.Contains("the connection was cut", error);
        Assert.DoesNotContain("   at ", error);
        Assert.Single(observer.Failures);
        var opened = good.Opened;

        bad.FailsBefore = 0;
        var whole = MetadataStage.Run(Source(good, bad), output.Path, new MetadataOptions(), TestRun.Context());
        Assert.Equal(opened + 1, good.Opened);
        var undisturbed = MetadataStage.Run(Source(good, bad), other.Path, new MetadataOptions(), TestRun.Context());
        Assert.Equal(JsonSerializer.Serialize(undisturbed), JsonSerializer.Serialize(whole));
        Assert.Equal(File.ReadAllBytes(other["filtered_metadata_python.parquet"]), File.ReadAllBytes(output["filtered_metadata_python.parquet"]));
    }

    [Fact]
    public void A_footer_that_cant_be_read_fails_its_file_alone_also_with_a_limit()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        using var other = new TempFolder();
        var first = Write(folder, "a", Plain(3000, _ => 50), new StackV2Form());
        var second = Write(folder, "b", Plain(3000, _ => 60), new StackV2Form());
        first.FailsFrom = 0;
        var options = new MetadataOptions { Metadata = new MetadataSectionOptions { Limit = 2000 } };
        var partial = MetadataStage.Run(Source(first, second), output.Path, options, TestRun.Context());
        Assert.Equal((3000L, 2000L, 1), (partial.Books.In, partial.Books.Kept, partial.FailedShards.Count));
        // The next run has the first file's rows: the second one's are above the limit now.
        first.FailsFrom = long.MaxValue;
        var whole = MetadataStage.Run(Source(first, second), output.Path, options, TestRun.Context());
        Assert.Equal(JsonSerializer.Serialize(MetadataStage.Run(Source(first, second), other.Path, options, TestRun.Context())), JsonSerializer.Serialize(whole));
        Assert.Equal(Plain(3000, _ => 50).Take(2000).Select(r => r.BlobId), Ids(output.Path));
    }

    [Fact]
    public void Damaged_files_and_files_without_columns_fail_with_what_was_found_and_expected()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        var whole = File.ReadAllBytes(StackV2Files.Write(folder["whole"], Plain(50, _ => 50)));
        folder.Write("cut", whole.AsSpan(0, whole.Length / 2));
        folder.Write("text", "no parquet");
        StackV2Files.Write(folder["lacking"], Plain(5, _ => 50), new StackV2Form { Without = ["blob_id", "language"] });
        StackV2Files.Write(folder["nested"], Plain(5, _ => 50), new StackV2Form { Nested = true, Without = ["path"] });
        var files = new[] { "cut", "lacking", "nested", "text", "whole" }.Select(n => (SourceFile)new LocalFile(folder[n], n)).ToArray();
        var manifest = MetadataStage.Run(Source(files), output.Path, new MetadataOptions(), TestRun.Context());
        Assert.Equal((50L, 50L), (manifest.Books.In, manifest.Books.Kept));
        var errors = manifest.FailedShards.Select(f => f.Error).ToList();
        Assert.Equal(4, errors.Count);
        Assert.Contains(folder["cut"], errors[0]);
        Assert.Contains("has no column blob_id, language; its columns are directory_id, path", errors[1]);
        Assert.Contains("has no column path", errors[2]);
        Assert.Contains("in files: blob_id", errors[2]);
        Assert.Contains(folder["text"], errors[3]);
    }

    [Fact]
    public void A_run_that_is_stopped_at_any_read_is_gone_on_with_and_ends_like_an_undisturbed_one()
    {
        using var folder = new TempFolder();
        using var undisturbed = new TempFolder();
        using var stopped = new TempFolder();
        var files = Enumerable.Range(0, 6).Select(f => Write(folder, $"{f}", StackV2Files.Rows(2000, f, "Python", "Java"), new StackV2Form { Nested = f % 2 == 1 })).ToArray();
        var options = new MetadataOptions { Metadata = new MetadataSectionOptions { Limit = 1500 } };
        var expected = JsonSerializer.Serialize(MetadataStage.Run(Source(files), undisturbed.Path, options, TestRun.Context()));
        var (reads, stops) = (0, 0);
        string? manifest = null;
        for (var after = 20; manifest is null; after += 40)
        {
            using var stop = new CancellationTokenSource();
            reads = 0;
            foreach (var file in files)
            {
                file.OnRead = () =>
                {
                    if (Interlocked.Increment(ref reads) == after)
                        stop.Cancel();
                };
            }

            try
            {
                manifest = JsonSerializer.Serialize(MetadataStage.Run(Source(files), stopped.Path, options, TestRun.Context(cancellation: stop.Token)));
            }
            catch (OperationCanceledException)
            {
                stops++;
                Assert.False(File.Exists(stopped["_manifest.json"]));
            }
        }

        Assert.True(stops >= 2, $"it was stopped {stops} times");
        Assert.Equal(expected, manifest);
        Assert.Equal(undisturbed.Files().Where(f => f != ".stackmill.lock"), stopped.Files().Where(f => f != ".stackmill.lock"));
        Assert.All(undisturbed.Files().Where(f => f.EndsWith(".parquet", StringComparison.Ordinal)), f => Assert.Equal(File.ReadAllBytes(undisturbed[f]), File.ReadAllBytes(stopped[f])));
    }
}
