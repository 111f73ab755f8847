using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Bench;

/// <summary>
/// Processor time of redaction with every rule on, over texts that are made to be slow, at doubling sizes: <c>adversarial [MEGABYTES] [TEXT]</c> (64, all). A ratio is the time beside
/// that of half the size, about 2 where time is linear; the least of some runs. Each text ends in an address, so that contexts are scanned as well.
/// </summary>
internal static class AdversarialBenchmark
{
    private const int Megabyte = 1_000_000;

    // Below this, more runs follow: the clock of processor time has steps of 10 ms, and the first run of a size pays for memory that is kept then.
    private const double LongEnough = 2;

    private const int Rounds = 4;

    private const double LeastSeconds = 0.1;

    private static readonly string[] Languages = ["Python", "JavaScript", ""];

    private static readonly (string Name, string Unit)[] Texts =
    [
        ("a.", "a."),
        ("@", "@"),
        ("a@a.", "a@a."),
        ("digits", "8"),
        ("digits and blanks", "4155 "),
        ("digits and dots", "52.95."),
        ("quotes", "\""),
        ("single quotes", "'a"),
        ("backslashes", "\\"),
        ("nested brackets", "([{"),
        ("template holes", "`${"),
        ("long base64 line", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"),
        ("base64 lines", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"),
        ("-----BEGIN", "-----BEGIN"),
        ("-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n"),
        ("://", "://"),
        ("://u:p@", "://u:p@"),
        ("::::", "::::"),
        ("2001:", "2001:"),
        ("%40", "%40"),
        ("spaces", " "),
        ("password=", "password="),
        ("password=\"", "password=\""),
        ("eyJhbGciOiJIUzI1NiJ9.", "eyJhbGciOiJIUzI1NiJ9."),
        ("/home/", "/home/"),
        ("Copyright 2010, ", "Copyright 2010, "),
        (" at ", "a at b dot "),
        ("A1", "A1"),
        ("addresses", "u@mail.harbour.net "),
    ];

    public static int Run(string[] args)
    {
        var most = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 64;
        var redactor = new Redactor(new RedactionOptions { ObfuscatedEmail = true, Name = true, Location = true });
        // Compiles all of it.
        Time(redactor, "a@b.harbour.net password=\"Zk3p9QmX\" "u8.ToArray(), "Python");
        var results = new JsonObject();
        var worst = 0.0;
        foreach (var (name, unit) in Texts.Where(t => args.Length < 2 || t.Name == args[1]))
        {
            foreach (var language in Languages)
            {
                var rows = new JsonArray();
                var half = 0.0;
                for (var size = 1; size <= most; size *= 2)
                {
                    var seconds = Time(redactor, Text(unit, size * Megabyte), language);
                    var ratio = half > 0 ? seconds / half : 0;
                    rows.Add(new JsonObject { ["mb"] = size, ["mb_per_cpu_second"] = Math.Round(size / seconds, 1), ["ratio"] = half > 0 ? Math.Round(ratio, 2) : null });
                    worst = Math.Max(worst, ratio);
                    half = seconds;
                }

                results[language.Length > 0 ? $"{name} ({language})" : $"{name} (text)"] = rows;
                Console.Error.WriteLine($"{name} ({language}): {rows.ToJsonString()}");
            }
        }

        Console.WriteLine(new JsonObject
        {
            ["what"] = "redaction with every rule on, over texts that are made to be slow, at doubling sizes; ratio: processor time beside that of half the size",
            ["command"] = $"dotnet artifacts/bin/Stackmill.Bench/release/Stackmill.Bench.dll adversarial {most}",
            ["runtime"] = Environment.Version.ToString(),
            ["worst_ratio"] = Math.Round(worst, 2),
            ["results"] = results,
        }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
        return 0;
    }

    private static byte[] Text(string unit, int bytes)
    {
        var text = new byte[bytes];
        var pattern = Encoding.UTF8.GetBytes(unit);
        for (var i = 0; i < bytes; i += pattern.Length)
            pattern.AsSpan(0, Math.Min(pattern.Length, bytes - i)).CopyTo(text.AsSpan(i));
        "\n jane@mail.harbour.net\n"u8.CopyTo(text.AsSpan(bytes - 24));
        return text;
    }

    private static double Time(Redactor redactor, byte[] text, string language)
    {
        using var process = Process.GetCurrentProcess();
        var output = new ArrayBufferWriter<byte>(text.Length + (text.Length / 4));
        var matches = new List<Match>();
        GC.Collect();
        var least = double.MaxValue;
        for (var (round, total) = (0, 0.0); round < Rounds && total < LongEnough; round++)
        {
            process.Refresh();
            var (before, runs) = (process.TotalProcessorTime, 0);
            double seconds;
            do
            {
                output.ResetWrittenCount();
                matches.Clear();
                redactor.Redact(text, language, output, matches);
                process.Refresh();
                seconds = (process.TotalProcessorTime - before).TotalSeconds;
                runs++;
            }
            while (seconds < LeastSeconds);
            least = Math.Min(least, seconds / runs);
            total += seconds;
        }

        return least;
    }
}
