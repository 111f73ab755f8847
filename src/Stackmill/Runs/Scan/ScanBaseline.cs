using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;

namespace Stackmill.Runs.Scan;

/// <summary>Finds that are known: those of an earlier report of <c>scan</c>, JSON or SARIF.</summary>
internal static class ScanBaseline
{
    /// <summary>The fingerprints of a report.</summary>
    /// <exception cref="UsageException">The file can't be read, or is no such report.</exception>
    public static HashSet<string> Read(string path)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllBytes(path));
            var findings = root?["findings"] is JsonArray own
                ? own.Select(f => (string?)f?["fingerprint"])
                : root?["runs"] is JsonArray runs
                    ? runs.SelectMany(r => r?["results"] as JsonArray ?? []).Select(r => (string?)r?["partialFingerprints"]?[ScanReport.FingerprintName])
                    : throw Wrong(path, "it has neither 'findings' nor 'runs'");
            return [.. findings.Select(f => f ?? throw Wrong(path, "a find has no fingerprint"))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the baseline '{path}' can't be read: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Wrong(path, "it is no JSON of that form");
        }
    }

    private static UsageException Wrong(string path, string what) =>
        new($"the baseline '{path}' is no report of a scan: {what}. Expected what 'stackmill scan --format json' or '--format sarif' prints.");
}
