using System.Text.Json;
using CsCheck;
using Stackmill.Acquire.Metadata;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Shared.Filters;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Acquire.Metadata;

public sealed class MetadataStageTests
{
    private static readonly string[] Languages = ["Python", "C++", "Java", "C-Sharp", "Klingon"];

    private static readonly Gen<MetadataOptions> AnyOptions = Gen.Select(
        Gen.OneOf<string[]>([], ["python"], ["C++", "csharp"]), Gen.OneOf(0L, 10L, 30L), Gen.OneOf<string[]>([], ["mit"]), Gen.OneOf<string[]>([], ["permissive", "no_license"]),
        Gen.Bool, Gen.Bool, Gen.OneOf(1.0, 0.5, 0.0), Gen.OneOf(0L, 0L, 1L, 7L, 40L)).Select((languages, stars, licenses, types, vendored, generated, sample, limit) => new MetadataOptions
        {
            Languages = languages,
            Filters = new FilterOptions { Stars = new StarOptions { Min = stars }, Licenses = licenses, LicenseTypes = types, Vendored = vendored, Generated = generated },
            Metadata = new MetadataSectionOptions { Sample = sample, Limit = limit },
        });

    private static readonly Gen<StackV2Form> AnyForm = Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.OneOf(1, 3, 50)).Select((nano, filename, statistics, nested, rows) =>
        new StackV2Form { Nanoseconds = nano, Filename = filename && !nested, Statistics = statistics, Nested = nested, RowsPerGroup = rows });

    private static string Describe(MetadataRow row) => JsonSerializer.Serialize(row);

    private static List<string> ReadAll(string folder) => [.. StackV2Files.Filtered(folder).SelectMany(MetadataTable.Read).SelectMany(b => b).Select(Describe)];

    private static MetadataSource Local(TempFolder folder, params string[] names) => new("local", "", [.. names.Select(n => new LocalFile(folder[n], n))]);

    private static SortedDictionary<string, long> Ledger(string folder, Manifest manifest)
    {
        var reasons = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in Dataset.Of(folder, manifest).ReadLedger())
            reasons[row.Reason] = reasons.GetValueOrDefault(row.Reason) + (long)row.Value!;
        return reasons;
    }

    // What the stage is held against: written from the description of the filters, over all rows in memory.
    private static string? WhyNot(MetadataRow row, MetadataOptions options)
    {
        var language = row.Language switch { "C-Sharp" => "C#", "Python" or "C++" or "Java" => row.Language, _ => null };
        var wanted = options.Languages.Select(l => l switch { "python" => "Python", "csharp" => "C#", _ => l }).ToList();
        var filters = options.Filters;
        return row switch
        {
            _ when language is null => "unsupported_extension",
            _ when wanted.Count > 0 && !wanted.Contains(language) => "language_not_allowed",
            { LengthBytes: 0 } => "empty",
            { LengthBytes: < 100 } => "too_small",
            { LengthBytes: > 1 << 20 } => "too_large",
            { StarEventsCount: { } stars } when stars < filters.Stars.Min => "too_few_stars",
            { DetectedLicenses: { } found } when filters.Licenses.Count > 0 && !found.Contains("MIT") => "license_not_allowed",
            { LicenseType: { } type } when filters.LicenseTypes.Count > 0 && !filters.LicenseTypes.Contains(type) => "license_type_not_allowed",
            { IsVendor: true } when !filters.Vendored => "vendored",
            { IsGenerated: true } when !filters.Generated => "generated",
            _ when Convert.ToInt64(row.BlobId[..8], 16) / 4294967296.0 >= options.Metadata.Sample => "not_sampled",
            _ => null,
        };
    }

    [Fact]
    public void The_result_is_that_of_a_filter_over_all_rows_for_every_form_and_any_number_of_workers() =>
        Gen.Select(AnyOptions, AnyForm, Gen.Int[0, 120], Gen.Int[0, 120], Gen.Int[0, 1000]).Sample((options, form, first, second, seed) =>
        {
            using var folder = new TempFolder();
            using var output = new TempFolder();
            var rows = new[] { StackV2Files.Rows(first, seed, Languages), StackV2Files.Rows(second, seed + 1, Languages[seed % 4]) };
            StackV2Files.Write(folder["a/1.parquet"], rows[0], form);
            StackV2Files.Write(folder["b/2.parquet"], rows[1], form);
            var source = Local(folder, "b/2.parquet", "a/1.parquet");
            var one = MetadataStage.Run(source, output["1"], options, TestRun.Context(1));
            var four = MetadataStage.Run(source, output["4"], options, TestRun.Context(4));
            Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(four));

            var all = rows.SelectMany(r => form.Nested ? StackV2Files.AsNested(r) : r).ToList();
            all.ForEach(r => r.Filename = form.Filename ? r.Filename : null);
            var limit = options.Metadata.Limit == 0 ? int.MaxValue : (int)options.Metadata.Limit;
            var passed = all.Where(r => WhyNot(r, options) is null).GroupBy(r => r.Language!).ToDictionary(g => g.Key, g => g.Take(limit).Select(Describe).ToList());
            var expected = passed.OrderBy(p => MetadataTable.FileName(p.Key == "C-Sharp" ? "C#" : p.Key), StringComparer.Ordinal).SelectMany(p => p.Value);
            Assert.Equal(expected, ReadAll(output["1"]));
            Assert.Equal(all.Count, one.Books.In);
            Assert.Equal(passed.Values.Sum(p => p.Count), one.Books.Kept);
            Assert.Equal(one.Books.Dropped, Ledger(output["1"], one));
            if (options.Metadata.Limit == 0 && !form.Statistics)
                Assert.Equal(all.Select(r => WhyNot(r, options)).OfType<string>().CountBy(r => r).Select(r => KeyValuePair.Create(r.Key, (long)r.Value)).OrderBy(r => r.Key, StringComparer.Ordinal), one.Books.Dropped.ToList());
            Assert.Equal(output.Files().Where(f => f.StartsWith("1/filtered", StringComparison.Ordinal)), one.Shards.Select(s => "1/" + s.Path));
        }, iter: 25, threads: 1);

    [Fact]
    public void Lists_decide_by_repository_owner_and_id()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        var rows = new[] { ("a/kept", 1), ("a/denied", 2), ("b/any", 3), ("shy/x", 4), ("a/kept", 5) }.Select(r => StackV2Files.Row($"{r.Item2}.py", new byte[200 + r.Item2], repo: r.Item1)).ToList();
        StackV2Files.Write(folder["x.parquet"], rows);
        var options = new MetadataOptions
        {
            Filters = new FilterOptions
            {
                AllowRepositories = folder.Write("allow", "a\n"),
                DenyRepositories = folder.Write("deny", "a/denied\n"),
                OptOuts = [folder.Write("out", $"shy\n{rows[4].BlobId}\n")],
            },
        };
        var manifest = MetadataStage.Run(Local(folder, "x.parquet"), output.Path, options, TestRun.Context());
        Assert.Equal([Without(rows[0])], ReadAll(output.Path));
        Assert.Equal(new Dictionary<string, long> { ["opted_out"] = 2, ["repository_denied"] = 1, ["repository_not_allowed"] = 1 }, manifest.Books.Dropped);
        Assert.Contains(manifest.Inputs, i => i.Name == "lists");
    }

    [Fact]
    public void Rows_without_a_usable_id_or_length_fail_and_are_counted()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        var rows = Enumerable.Range(0, 6).Select(i => StackV2Files.Row($"{i}.py", new byte[200 + i])).ToList();
        rows[0].BlobId = "";
        rows[1].BlobId = rows[1].BlobId.ToUpperInvariant();
        rows[2].BlobId = rows[2].BlobId[1..];
        rows[3].LengthBytes = StackV2Files.NullLength;
        rows[4].LengthBytes = -5;
        StackV2Files.Write(folder["x.parquet"], rows);
        var manifest = MetadataStage.Run(Local(folder, "x.parquet"), output.Path, new MetadataOptions(), TestRun.Context());
        Assert.Equal([Without(rows[5])], ReadAll(output.Path));
        Assert.Equal(new Dictionary<string, long> { ["invalid_blob_id"] = 3, ["invalid_length_bytes"] = 2 }, manifest.Books.Failed);
        Assert.Equal(manifest.Books.Failed, Ledger(output.Path, manifest));
        Assert.All(Dataset.Of(output.Path, manifest).ReadLedger(), r => Assert.Equal((LedgerAction.Failed, "x.parquet#rowgroup-0"), (r.Action, r.Path)));
    }

    [Fact]
    public void Json_is_one_array_of_whole_rows_and_is_no_reason_to_read_the_source_again()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        var rows = new[] { StackV2Files.Row("a/é\"b.py", new byte[200]), StackV2Files.Row("c.py", new byte[300]) };
        (rows[1].DetectedLicenses, rows[1].GithubId, rows[1].VisitDate, rows[1].RevisionDate) = (null, null, null, long.MaxValue);
        var file = new CountingFile(StackV2Files.Write(folder["x.parquet"], rows, new StackV2Form { Filename = true }), "x.parquet");
        var source = new MetadataSource("some/dataset", "0123abc", [file]);
        MetadataStage.Run(source, output.Path, new MetadataOptions(), TestRun.Context());
        Assert.DoesNotContain(output.Files(), f => f.EndsWith(".json", StringComparison.Ordinal) && f.StartsWith("filtered", StringComparison.Ordinal));
        var read = file.Bytes;
        var manifest = MetadataStage.Run(source, output.Path, new MetadataOptions { Metadata = new MetadataSectionOptions { Json = true } }, TestRun.Context());
        Assert.Equal(read, file.Bytes);
        Assert.Contains(manifest.Inputs, i => i == new ManifestInput("some/dataset", "0123abc"));

        using var json = JsonDocument.Parse(File.ReadAllText(output["filtered_metadata_python.json"]));
        var items = json.RootElement.EnumerateArray().ToList();
        Assert.Equal(2, items.Count);
        Assert.All(items, i => Assert.Equal(27, i.EnumerateObject().Count()));
        Assert.Equal("/a/é\"b.py", items[0].GetProperty("path").GetString());
        Assert.Equal("2022-08-08T23:06:40.123456Z", items[0].GetProperty("visit_date").GetString());
        Assert.Equal("MIT", items[0].GetProperty("detected_licenses")[0].GetString());
        Assert.Equal(200, items[0].GetProperty("length_bytes").GetInt64());
        Assert.All(["detected_licenses", "github_id", "visit_date"], name => Assert.Equal(JsonValueKind.Null, items[1].GetProperty(name).ValueKind));
        Assert.Equal(long.MaxValue, items[1].GetProperty("revision_date").GetInt64());
    }

    [Fact]
    public void Nothing_that_is_kept_makes_no_file_and_another_selection_removes_the_files_of_the_one_before()
    {
        using var folder = new TempFolder();
        using var output = new TempFolder();
        StackV2Files.Write(folder["x.parquet"], StackV2Files.Rows(200, 3, "Python", "Java"));
        StackV2Files.Write(folder["empty.parquet"], []);
        var source = Local(folder, "x.parquet", "empty.parquet");
        MetadataStage.Run(source, output.Path, new MetadataOptions { Metadata = new MetadataSectionOptions { Json = true } }, TestRun.Context());
        Assert.Equal(["filtered_metadata_java", "filtered_metadata_python"], output.Files().Where(f => f.StartsWith("filtered", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f)).Distinct());
        var none = MetadataStage.Run(source, output.Path, new MetadataOptions { Languages = ["Rust"] }, TestRun.Context());
        Assert.DoesNotContain(output.Files(), f => f.StartsWith("filtered", StringComparison.Ordinal));
        Assert.Equal((200L, 0L), (none.Books.In, none.Books.Kept));
        Assert.Empty(StackV2Files.Filtered(output.Path));
        Assert.False(Directory.Exists(output["_work"]));
    }

    [Fact]
    public void A_source_without_files_and_an_output_around_the_input_are_refused()
    {
        using var folder = new TempFolder();
        var path = StackV2Files.Write(folder["out/x.parquet"], StackV2Files.Rows(3, 1, "Python"));
        Assert.Contains("no Parquet files", Assert.Throws<UsageException>(() => MetadataStage.Run(new("d", "", []), folder["new"], new MetadataOptions(), TestRun.Context())).Message);
        File.WriteAllText(folder["out/_manifest.json"], "{}");
        Assert.Contains("written anew", Assert.Throws<UsageException>(() => MetadataStage.Run(Local(folder, "out/x.parquet"), folder["out"], new MetadataOptions(), TestRun.Context())).Message);
        Assert.True(File.Exists(path));
    }

    private static string Without(MetadataRow row)
    {
        row.Filename = null;
        return Describe(row);
    }
}
