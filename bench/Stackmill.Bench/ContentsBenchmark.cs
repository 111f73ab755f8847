using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Acquire.Contents;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Bench;

/// <summary>
/// Speed and memory of fetching contents: a server on loopback in this process, the real program as a child whose memory and
/// processor time are measured alone, from its start to its end. Every content is looked for afterwards: it is in the dataset with
/// its SHA-1, or in the list of dead letters. On two processors the server takes its share of them.
/// <c>contents WORKFOLDER [blobs=20000] [latency_ms=5] [faults=0.01] [storm=0] [runs=5] [client=OPTIONS] [out=FILE]</c>;
/// OPTIONS are further options of the program, separated by commas.
/// </summary>
internal static class ContentsBenchmark
{
    // One attempt in a hundred, say: everything that happens to single requests.
    private static readonly BlobServerFault[] Single =
    [
        BlobServerFault.SlowDown, BlobServerFault.ServerError, BlobServerFault.Silence, BlobServerFault.Reset, BlobServerFault.Truncated, BlobServerFault.WrongBytes, BlobServerFault.Trickle,
    ];

    // One attempt in three: what happens when a server is overrun.
    private static readonly BlobServerFault[] Storm = [BlobServerFault.SlowDown, BlobServerFault.TooMany, BlobServerFault.Reset];

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> Run(string[] args)
    {
        var work = args[0];
        var named = args[1..].Select(a => a.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        double Number(string name, double usual) => named.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : usual;
        var (blobs, latency, faults, storm, runs) = ((int)Number("blobs", 20_000), Number("latency_ms", 5), Number("faults", 0.01), Number("storm", 0), (int)Number("runs", 5));
        Directory.CreateDirectory(work);
        await using var server = await BlobServer.Start();
        server.Latency = TimeSpan.FromMilliseconds(latency);
        var rows = Path.Combine(work, "rows.parquet");
        var bytes = Write(rows, server, blobs);
        var more = named.TryGetValue("client", out var options) ? options.Split(',') : [];
        var results = new List<JsonObject>();
        var load = LoadAverage();
        for (var run = 0; run < runs; run++)
        {
            // Other requests meet faults in each run.
            var salt = run * 10_000;
            server.Fault = (id, attempt) =>
                BlobServer.Chance(id, attempt + salt + 1000, storm, out var kind) ? Storm[kind % Storm.Length]
                : BlobServer.Chance(id, attempt + salt, faults, out var dice) ? Single[dice % Single.Length] : BlobServerFault.None;
            results.Add(await Once(work, rows, server, blobs, more));
            await Console.Error.WriteLineAsync(results[^1].ToJsonString());
        }

        var report = new JsonObject
        {
            ["what"] = "contents: fetch, verify, cache and store, from a server on loopback that shares the processors",
            ["command"] = $"dotnet artifacts/bin/Stackmill.Bench/release/Stackmill.Bench.dll contents WORKFOLDER {string.Join(' ', args[1..].Where(a => !a.StartsWith("out=", StringComparison.Ordinal)))}".TrimEnd(),
            ["machine"] = $"{Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}",
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["load_average_before"] = load,
            ["blobs"] = blobs,
            ["content_bytes"] = bytes,
            ["latency_ms"] = latency,
            ["faults"] = faults,
            ["storm"] = storm,
            ["median"] = Median(results),
            ["runs"] = new JsonArray([.. results]),
        };
        var text = report.ToJsonString(Readable) + "\n";
        if (named.TryGetValue("out", out var path))
            await File.WriteAllTextAsync(path, text);
        Console.Write(text);
        return results.All(r => (bool)r["complete"]!) ? 0 : 1;
    }

    private static async Task<JsonObject> Once(string work, string rows, BlobServer server, int blobs, string[] more)
    {
        var (output, cache) = (Path.Combine(work, "run", "contents"), Path.Combine(work, "run", "cache"));
        if (Directory.Exists(Path.Combine(work, "run")))
            Directory.Delete(Path.Combine(work, "run"), recursive: true);
        var (requests, clock) = (server.Requests, Stopwatch.StartNew());
        using var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Program(), "contents", "--input", rows, "--output", output, "--accept-terms", "--quiet",
            "--set", $"contents.endpoint={server.Endpoint}", "--set", $"contents.cache={cache}", "--set", "contents.timeout_seconds=2", .. more,
        ])
        { RedirectStandardOutput = true })!;
        var (peak, processor) = (0L, 0.0);
        var said = process.StandardOutput.ReadToEndAsync();
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            if (!process.HasExited)
                (peak, processor) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime.TotalSeconds);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        await said;
        var manifest = Manifest.Read(output)!;
        var (verified, listed) = Check(output, manifest);
        return new JsonObject
        {
            ["exit_code"] = process.ExitCode,
            ["verified"] = verified.Count,
            ["dead_letters"] = listed.Count,
            ["complete"] = server.Contents.Keys.All(id => verified.Contains(id) != listed.Contains(id)) && verified.Count + listed.Count == blobs && manifest.Books.In == blobs,
            ["wall_seconds"] = Math.Round(seconds, 3),
            ["files_per_second"] = Math.Round(blobs / seconds),
            ["cpu_seconds"] = Math.Round(processor, 3),
            ["peak_rss_bytes"] = peak,
            ["requests"] = server.Requests - requests,
            ["root_hash"] = manifest.RootHash,
        };
    }

    private static (HashSet<string> Verified, HashSet<string> Listed) Check(string output, Manifest manifest)
    {
        var (verified, dataset) = (new HashSet<string>(StringComparer.Ordinal), Dataset.Of(output, manifest));
        for (var shard = 0; shard < manifest.Shards.Count; shard++)
        {
            foreach (var record in dataset.Read(shard, RecordColumns.Staged()).SelectMany(b => b))
            {
                if (Convert.ToHexStringLower(SHA1.HashData(record.Content.Span)) == record.BlobId)
                    verified.Add(record.BlobId);
            }
        }

        var list = Path.Combine(output, ContentStage.DeadLetterName);
        return (verified, File.Exists(list) ? [.. File.ReadLines(list).Select(l => (string)JsonNode.Parse(l)!["blob_id"]!)] : []);
    }

    private static JsonObject Median(List<JsonObject> runs)
    {
        JsonNode Of(string name) => runs.Select(r => r[name]!.GetValue<double>()).Order().ElementAt(runs.Count / 2);
        return new JsonObject
        {
            ["files_per_second"] = Of("files_per_second"),
            ["wall_seconds"] = Of("wall_seconds"),
            ["cpu_seconds"] = Of("cpu_seconds"),
            ["largest_peak_rss_bytes"] = runs.Max(r => (long)r["peak_rss_bytes"]!),
        };
    }

    // Beside this program's own output folder, and built as it is.
    private static string Program()
    {
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var path = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(own))!, "Stackmill.Cli", Path.GetFileName(own), "Stackmill.Cli.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"There is no '{path}'; build the whole solution in the same configuration first.");
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }

    // Sizes as source files have them: most are a few kilobytes, few are large.
    private static long Write(string path, BlobServer server, int blobs)
    {
        var random = new Random(7);
        var (rows, bytes) = (new List<CodeRecord>(), 0L);
        using var writer = new ParquetTableWriter<CodeRecord>(path, RecordColumns.Described());
        for (var i = 0; i < blobs; i++)
        {
            var text = new StringBuilder();
            var size = (int)Math.Min(200_000, Math.Exp(random.NextDouble() * 4 + 6));
            while (text.Length < size)
                text.Append(CultureInfo.InvariantCulture, $"def function_{random.Next()}(argument):\n    return argument * {random.Next(1000)}\n\n");
            var content = Encoding.UTF8.GetBytes(text.ToString());
            bytes += content.Length;
            rows.Add(new CodeRecord { BlobId = server.Add(content), RepoName = $"owner/repo-{i % 500}", Path = $"/src/module_{i}.py", Language = "Python", LengthBytes = content.Length, StarEventsCount = 50 });
            if (rows.Count < 5000 && i + 1 < blobs)
                continue;
            writer.WriteRowGroup(rows);
            rows.Clear();
        }

        writer.Close();
        return bytes;
    }
}
