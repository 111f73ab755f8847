using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Acquire.Metadata;
using Stackmill.Core.Engine;
using Stackmill.Datasets.Hub;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Runs;
using Stackmill.Shared;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Bench;

/// <summary>
/// How many bytes of a large Parquet file in The Stack v2's form cross the network when little of it is wanted, counted by the server
/// that sends them: one column of one in ten row groups, and the whole stage <c>metadata</c> when statistics exclude nine in ten. The
/// file is made in WORKFOLDER and removed at the end. <c>hub WORKFOLDER [megabytes=1000] [out=FILE]</c>
/// </summary>
internal static class HubBenchmark
{
    // The share of the file's bytes that may move.
    private const double Limit = 0.15;
    private const int RowsPerGroup = 60_000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> Run(string[] args)
    {
        var work = args[0];
        var named = args[1..].Select(a => a.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var wanted = long.Parse(named.GetValueOrDefault("megabytes", "1000"), CultureInfo.InvariantCulture) * 1_000_000;
        Directory.CreateDirectory(work);
        var path = Path.Combine(work, "rows.parquet");
        try
        {
            var (rows, groups) = Write(path, wanted);
            await using var server = await HubServer.StartAsync();
            server.Add("owner/rows").File("data/Python/rows.parquet", path);
            using var hub = new HubClient(new HubOptions { Endpoint = server.Endpoint }, _ => null);
            var dataset = hub.Pin("owner/rows");
            var results = new JsonArray();
            foreach (var column in (string[])["language", "star_events_count", "blob_id", "path", "detected_licenses"])
                results.Add(Column(server, hub.List(dataset).Single(), new LocalFile(path, "rows.parquet"), column, groups));
            results.Add(Stage(server, hub.List(dataset).Single(), dataset.Commit, Path.Combine(work, "raw"), rows, groups));
            var report = new JsonObject
            {
                ["what"] = "bytes that a server on loopback sends of one Parquet file in The Stack v2's form when little of it is wanted",
                ["command"] = $"dotnet artifacts/bin/Stackmill.Bench/release/Stackmill.Bench.dll hub WORKFOLDER {string.Join(' ', args[1..].Where(a => !a.StartsWith("out=", StringComparison.Ordinal)))}".TrimEnd(),
                ["machine"] = $"{Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}",
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["load_average"] = File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0] : "unknown",
                ["file_bytes"] = new FileInfo(path).Length,
                ["rows"] = rows,
                ["row_groups"] = groups,
                ["limit"] = Limit,
                ["results"] = results,
            };
            var text = report.ToJsonString(Readable) + "\n";
            if (named.TryGetValue("out", out var file))
                await File.WriteAllTextAsync(file, text);
            Console.Write(text);
            return results.All(r => (double)r!["share"]! < Limit && (bool)r["equal"]!) ? 0 : 1;
        }
        finally
        {
            File.Delete(path);
            if (Directory.Exists(Path.Combine(work, "raw")))
                Directory.Delete(Path.Combine(work, "raw"), recursive: true);
        }
    }

    private static JsonObject Column(HubServer server, SourceFile remote, SourceFile local, string column, int groups)
    {
        var (before, requests, clock) = (server.BytesSent, server.Requests.Count, Stopwatch.StartNew());
        var hash = Hash(remote, column, groups);
        return Result($"column {column} of one in ten row groups", server.BytesSent - before, server.Requests.Count - requests, remote.Length, clock.Elapsed, hash == Hash(local, column, groups));
    }

    private static JsonObject Stage(HubServer server, SourceFile remote, string commit, string output, long rows, int groups)
    {
        var context = new RunContext { Workers = 2, MemoryBytes = 1L << 30, Observer = new Observers(), Loggers = NullLoggerFactory.Instance };
        var (before, requests, clock) = (server.BytesSent, server.Requests.Count, Stopwatch.StartNew());
        var manifest = MetadataStage.Run(new MetadataSource("owner/rows", commit, [remote]), output, new MetadataOptions(), context);
        var kept = (long)((groups + 9) / 10) * RowsPerGroup;
        return Result(
            "stage metadata, whole rows of one in ten row groups, the others excluded by statistics",
            server.BytesSent - before, server.Requests.Count - requests, remote.Length, clock.Elapsed, manifest.Books.In == rows && manifest.Books.Kept == kept);
    }

    private static JsonObject Result(string what, long moved, int requests, long all, TimeSpan took, bool isEqual) => new()
    {
        ["read"] = what,
        ["bytes_moved"] = moved,
        ["share"] = Math.Round((double)moved / all, 5),
        ["requests"] = requests,
        ["wall_seconds"] = Math.Round(took.TotalSeconds, 3),
        ["equal"] = isEqual,
    };

    private static string Hash(SourceFile file, string column, int groups)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = OpenSource.Open(file, nested: false);
        for (var group = 0; group < groups; group += 10)
        {
            foreach (var batch in source.Read(group, [column]))
            {
                var values = batch.Column(column)!.Array;
                for (var row = 0; row < batch.Count; row++)
                    hash.AppendData(Encoding.UTF8.GetBytes(values is Apache.Arrow.ListArray ? string.Join(',', ArrowValues.Strings(values, row) ?? []) : ArrowValues.String(values, row) ?? $"{ArrowValues.Long(values, row)}"));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Ids of hashes are the bulk, as in the real rows. One in ten row groups is of repositories with stars enough.
    private static (long Rows, int Groups) Write(string path, long wanted)
    {
        var (random, rows, groups) = (new Random(20), new List<MetadataRow>(RowsPerGroup), 0);
        using (var writer = new ParquetTableWriter<MetadataRow>(path, MetadataColumns.WriteColumns(filename: false)))
        {
            while (groups == 0 || new FileInfo(path).Length < wanted)
            {
                for (var i = 0; i < RowsPerGroup; i++)
                    rows.Add(Row(random, i, groups % 10 == 0 ? 50 : 3));
                writer.WriteRowGroup(rows);
                rows.Clear();
                groups++;
            }

            writer.Close();
        }

        return ((long)groups * RowsPerGroup, groups);
    }

    private static MetadataRow Row(Random random, int i, long stars) => new()
    {
        BlobId = Hex(random),
        DirectoryId = Hex(random),
        Path = $"/src/{Hex(random)[..12]}/module_{i}.py",
        ContentId = Hex(random),
        DetectedLicenses = i % 3 == 0 ? [] : ["MIT"],
        LicenseType = i % 3 == 0 ? "no_license" : "permissive",
        RepoName = $"owner-{i / 40}/{Hex(random)[..8]}",
        SnapshotId = Hex(random),
        RevisionId = Hex(random),
        BranchName = "refs/heads/main",
        VisitDate = 1_660_000_000_000_000 + random.NextInt64(1_000_000_000_000),
        RevisionDate = 1_600_000_000_000_000 + random.NextInt64(1_000_000_000_000),
        CommitterDate = 1_600_000_000_000_000 + random.NextInt64(1_000_000_000_000),
        GithubId = random.NextInt64(600_000_000),
        StarEventsCount = stars + random.Next(3),
        ForkEventsCount = random.Next(5),
        GhaLanguage = "Python",
        SrcEncoding = "UTF-8",
        Language = "Python",
        IsVendor = false,
        IsGenerated = i % 50 == 0,
        LengthBytes = 100 + random.Next(50_000),
        Extension = "py",
    };

    private static string Hex(Random random)
    {
        Span<byte> bytes = stackalloc byte[20];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
