using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Preprocess.Decode;

namespace Stackmill.Bench;

/// <summary>
/// <c>encodings CASES [--wrong]</c>: how many of the cases that <c>bench/checks/encodings.py</c> made are read right, by encoding and kind; with
/// <c>--wrong</c>, each that is not. <c>encodings speed</c>: how fast ASCII and UTF-8 pass.
/// </summary>
internal static class EncodingBenchmark
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public static int Run(string[] args)
    {
        if (args is ["speed"])
            return Speed();
        var cases = File.ReadLines(args[0]).Select(line => JsonNode.Parse(line)!.AsObject()).ToArray();
        var wrong = args.Contains("--wrong");
        var decoder = new TextDecoder();
        var output = new ArrayBufferWriter<byte>();
        var counts = new SortedDictionary<string, (int All, int Right, int Flagged)>(StringComparer.Ordinal);
        var watch = new Stopwatch();
        long bytes = 0;
        foreach (var one in cases)
        {
            var raw = Convert.FromBase64String((string)one["raw"]!);
            var text = (string)one["text"]!;
            output.ResetWrittenCount();
            watch.Start();
            var found = decoder.Decode(raw, null, output);
            watch.Stop();
            bytes += raw.Length;
            var read = found.Kind switch
            {
                DecodeKind.Utf8 => Encoding.UTF8.GetString(raw.AsSpan(found.Offset)),
                DecodeKind.Transcoded => Encoding.UTF8.GetString(output.WrittenSpan),
                _ => null,
            };
            var isRight = read is not null && Same(read) == Same(text);
            foreach (var key in (string[])["all", $"encoding {one["encoding"]}", $"kind {one["kind"]}", $"pair {one["encoding"]} {one["language"]}"])
            {
                counts.TryGetValue(key, out var count);
                counts[key] = (count.All + 1, count.Right + (isRight ? 1 : 0), count.Flagged + (read is null ? 1 : 0));
            }

            if (wrong && !isRight)
                Console.WriteLine($"{one["encoding"]} {one["language"]} {one["kind"]} -> {found.EncodingName} {found.Confidence.ToString("F3", CultureInfo.InvariantCulture)}\n    {FirstDifference(text, read ?? "")}");
        }

        var result = new JsonObject { ["microseconds_per_case"] = Math.Round(watch.Elapsed.TotalMicroseconds / cases.Length, 1), ["bytes"] = bytes };
        foreach (var (key, (all, right, flagged)) in counts)
            if (!key.StartsWith("pair", StringComparison.Ordinal) || right * 100 < all * 97)
                result[key] = new JsonObject { ["cases"] = all, ["right"] = Math.Round((double)right / all, 4), ["not_decoded"] = flagged };
        Console.WriteLine(result.ToJsonString(_indented));
        return 0;
    }

    // Characters that vendors map differently from the same bytes.
    private static string Same(string text)
    {
        const string one = "～∥－￠￡￢―￣‧";
        const string other = "〜‖−¢£¬—‾•";
        return string.Create(text.Length, text, static (made, from) =>
        {
            for (var i = 0; i < made.Length; i++)
                made[i] = one.IndexOf(from[i]) is >= 0 and var at ? other[at] : from[i];
        });
    }

    private static string FirstDifference(string text, string read)
    {
        var at = text.AsSpan().CommonPrefixLength(read);
        var start = Math.Max(0, at - 30);
        static string Part(string of, int start, int at) => of[Math.Min(of.Length, start)..Math.Min(of.Length, at + 30)].Replace('\n', '|');
        return $"{Part(text, start, at)}\n    {Part(read, start, at)}";
    }

    private static int Speed()
    {
        var ascii = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 4000).Select(i => $"    if (value[{i}] > limit) total += f(value[{i}]);\n")));
        var mixed = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"    total += f(value[{i}]); // größer als {i}\n    x = {i};\n")));
        var result = new JsonObject();
        foreach (var (name, raw) in new[] { ("ascii", ascii), ("utf8", mixed) })
        {
            var decoder = new TextDecoder();
            var output = new ArrayBufferWriter<byte>();
            for (var i = 0; i < 200; i++)
                decoder.Decode(raw, null, output);
            const int rounds = 5000;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var best = double.MaxValue;
            for (var run = 0; run < 5; run++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < rounds; i++)
                    decoder.Decode(raw, null, output);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            result[name] = new JsonObject
            {
                ["bytes"] = raw.Length,
                ["gb_per_second"] = Math.Round((double)raw.Length * rounds / best / 1e9, 2),
                ["allocated_bytes_per_file"] = (GC.GetAllocatedBytesForCurrentThread() - allocated) / rounds / 5,
            };
        }

        Console.WriteLine(result.ToJsonString(_indented));
        return 0;
    }
}
