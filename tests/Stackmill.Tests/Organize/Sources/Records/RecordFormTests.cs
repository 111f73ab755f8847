using System.IO.Compression;
using System.Text;
using Apache.Arrow.Ipc;
using CsCheck;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Organize;
using Stackmill.Shared.Filters;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Records;

public sealed class RecordFormTests
{
    private static readonly OrganizeOptions Options = new()
    {
        ShardSize = 700,
        Filters = new FilterOptions { FileSize = new FileSizeOptions { MinBytes = 3 }, Stars = new StarOptions { Min = 2 } },
    };

    private static readonly Gen<CodeRecord> OneRecord = Gen.Select(
        Gen.OneOf(Gen.String[Gen.Char['a', 'd'], 0, 12], Gen.OneOf("", "x\n\"y\",\t'z'\r\n", "grüße 😀", new string('q', 900), " \" ", "\"\"", "a,b\n,")),
        Gen.OneOf("o/a", "o/b", "p/c"),
        Gen.Select(Gen.OneOf("a.py", "b/c.js", "d.py", "x.unknown"), Gen.Int[0, 99], (name, n) => $"{n}/{name}"),
        Gen.OneOf<string?>("python", "Python", "JavaScript", "Klingon", null),
        Gen.OneOf<string[]?>(null, [], ["MIT"], ["MIT", "GPL-3.0"]),
        Gen.OneOf<string?>("permissive", "no_license", null),
        Gen.OneOf<bool?>(true, false, null),
        Gen.OneOf<long?>(null, 0, 1_600_000_000_000_000, 1_700_000_001_000_000)).Select(r => new CodeRecord
        {
            Content = Encoding.UTF8.GetBytes(r.Item1),
            RepoName = r.Item2,
            Path = r.Item3,
            Language = r.Item4 ?? "",
            DetectedLicenses = r.Item5,
            LicenseType = r.Item6,
            IsVendor = r.Item7,
            CommitterDateMicros = r.Item8,
            StarEventsCount = r.Item2 == "o/a" ? 5 : r.Item2 == "o/b" ? 1 : null,
            ForkEventsCount = r.Item2 == "o/a" ? 7 : null,
            RevisionId = r.Item2 == "p/c" ? null : "abc",
            BranchName = r.Item2 == "o/a" ? "main" : null,
            GithubId = r.Item2.Length,
        });

    private static string Described(CodeRecord r) => string.Join('|',
        r.Text(), r.BlobId, r.RepoName, r.Path, r.Language, r.DetectedLicenses is null ? "null" : string.Join(',', r.DetectedLicenses), r.LicenseType, r.IsVendor,
        r.CommitterDateMicros, r.StarEventsCount, r.ForkEventsCount, r.RevisionId, r.BranchName, r.GithubId, r.LengthBytes, r.Extension);

    private static (List<string> Kept, List<string> Left) Staged(Dataset dataset) => (
        [.. TestDatasets.ReadAll(dataset).Select(Described).Order(StringComparer.Ordinal)],
        [.. dataset.ReadLedger().Select(l => $"{l.Action} {l.Reason} {l.RepoName} {l.Path} {l.ContentId} {l.Language}").Order(StringComparer.Ordinal)]);

    private static Dataset Run(TempFolder folder, string name, byte[] bytes, int workers) =>
        Dataset.Of(folder[$"{name}-{workers}"], OrganizeStage.Run(folder.Write(name, bytes), folder[$"{name}-{workers}"], Options, TestRun.Context(workers)));

    [Fact]
    public void The_same_records_in_every_form_give_the_same_staged_records_and_workers_never_show() =>
        OneRecord.Array[1, 12].Sample(records =>
        {
            using var folder = new TempFolder();
            var halves = new[] { records[..(records.Length / 2)], records[(records.Length / 2)..] }.Where(h => h.Length > 0).Select(RecordTables.Flat).ToArray();
            var rows = records.GroupBy(r => r.RepoName).ToList();
            var nested = rows.Chunk(2).Select(r => RecordTables.Nested(r)).ToArray();
            var forms = new Dictionary<string, byte[]>
            {
                ["flat.jsonl"] = RecordTables.JsonLines(halves),
                ["flat.csv"] = RecordTables.Csv(",", "\n", halves),
                ["flat.tsv"] = RecordTables.Csv("\t", "\r\n", halves),
                ["flat.csv.gz"] = Gzip(RecordTables.Csv(",", "\r\n", halves)),
                ["flat-stream.arrow"] = RecordTables.ArrowStream(halves),
                ["flat.feather"] = RecordTables.ArrowFile(halves),
                ["flat-lz4.feather"] = RecordTables.PackedArrowFile(CompressionCodecType.Lz4Frame, halves),
                ["flat-zstd.feather"] = RecordTables.PackedArrowFile(CompressionCodecType.Zstd, halves),
                ["nested-lz4.arrow"] = RecordTables.PackedArrowFile(CompressionCodecType.Lz4Frame, nested),
                ["flat.parquet"] = RecordTables.Parquet(halves),
                ["nested.jsonl"] = RecordTables.JsonLines(nested),
                ["nested-stream.arrow"] = RecordTables.ArrowStream(nested),
                ["nested.arrow"] = RecordTables.ArrowFile(nested),
                ["nested.parquet"] = RecordTables.Parquet(nested),
            };
            (List<string> Kept, List<string> Left)? expected = null;
            foreach (var (name, bytes) in forms)
            {
                var (one, four) = (Run(folder, name, bytes, 1), Run(folder, name, bytes, 4));
                Assert.Equal(one.Manifest.RootHash, four.Manifest.RootHash);
                Assert.Empty(one.Manifest.FailedShards);
                Assert.Equal(records.Length, one.Manifest.Books.In);
                var staged = Staged(one);
                expected ??= staged;
                Assert.True(expected.Value.Kept.SequenceEqual(staged.Kept), $"{name}\n{string.Join('\n', expected.Value.Kept)}\n---\n{string.Join('\n', staged.Kept)}");
                Assert.True(expected.Value.Left.SequenceEqual(staged.Left), $"{name}\n{string.Join('\n', expected.Value.Left)}\n---\n{string.Join('\n', staged.Left)}");
            }

            Assert.Equal(records.Length, expected!.Value.Kept.Count + expected.Value.Left.Count);
        }, iter: 5);

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
