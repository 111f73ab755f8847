using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Bench;

/// <summary>
/// Speed and memory of fetching contents: a server on loopback in this process, the real program as a child.
/// <c>contents PROGRAM WORKFOLDER [blobs=20000] [latency_ms=5] [faults=0.01] [storm=0]</c>; PROGRAM is the built Stackmill.Cli.dll.
/// </summary>
internal static class ContentsBenchmark
{
    private static readonly BlobServerFault[] Kinds =
    [
        BlobServerFault.SlowDown, BlobServerFault.ServerError, BlobServerFault.Silence, BlobServerFault.Reset, BlobServerFault.Truncated, BlobServerFault.WrongBytes, BlobServerFault.Trickle,
    ];

    public static async Task<int> Run(string[] args)
    {
        var (program, work) = (args[0], args[1]);
        var named = args[2..].Select(a => a.Split('=')).ToDictionary(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture));
        var (blobs, latency) = ((int)named.GetValueOrDefault("blobs", 20_000), named.GetValueOrDefault("latency_ms", 5));
        var (faults, storm) = (named.GetValueOrDefault("faults", 0.01), named.GetValueOrDefault("storm"));
        Directory.CreateDirectory(work);
        await using var server = await BlobServer.Start();
        server.Latency = TimeSpan.FromMilliseconds(latency);
        server.Fault = (id, attempt) =>
            storm > 0 && BlobServer.Chance(id, attempt + 1000, storm, out _) ? BlobServerFault.SlowDown
            : BlobServer.Chance(id, attempt, faults, out var dice) ? Kinds[dice % Kinds.Length] : BlobServerFault.None;
        var rows = Path.Combine(work, "rows.parquet");
        var bytes = Write(rows, server, blobs);

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            program, "contents", "--input", rows, "--output", Path.Combine(work, "contents"), "--accept-terms", "--quiet",
            "--set", $"contents.endpoint={server.Endpoint}", "--set", "contents.timeout_seconds=2",
        ])
        { RedirectStandardOutput = true })!;
        var (peak, processor) = (0L, 0.0);
        var output = process.StandardOutput.ReadToEndAsync();
        while (!process.WaitForExit(50))
        {
            process.Refresh();
            if (process.HasExited)
                break;
            (peak, processor) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime.TotalSeconds);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        await output;
        var manifest = Manifest.Read(Path.Combine(work, "contents"))!;
        Console.WriteLine(new JsonObject
        {
            ["blobs"] = blobs,
            ["content_bytes"] = bytes,
            ["latency_ms"] = latency,
            ["faults"] = faults,
            ["storm"] = storm,
            ["exit_code"] = process.ExitCode,
            ["in"] = manifest.Books.In,
            ["kept"] = manifest.Books.Kept,
            ["failed"] = manifest.Books.FailedTotal,
            ["wall_seconds"] = Math.Round(seconds, 3),
            ["files_per_second"] = Math.Round(blobs / seconds),
            ["cpu_seconds"] = Math.Round(processor, 3),
            ["peak_rss_bytes"] = peak,
            ["requests"] = server.Requests,
            ["peak_concurrency"] = server.PeakConcurrency,
            ["root_hash"] = manifest.RootHash,
        }.ToJsonString());
        return manifest.Books.In == manifest.Books.Kept + manifest.Books.FailedTotal ? 0 : 1;
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
