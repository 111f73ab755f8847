using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Decontamination;

/// <summary>Synthetic benchmarks, and the index of them.</summary>
internal static class TestBenchmarks
{
    /// <summary>Path of one of the synthetic benchmarks in samples: humaneval, mbpp, apps, ds1000 or livecodebench.</summary>
    public static string Sample(string name) => Path.Combine(Samples.RepositoryRoot, "samples", "benchmarks", $"synthetic-{name}.jsonl");

    /// <summary>The problems of a synthetic benchmark as JSON.</summary>
    public static IReadOnlyList<JsonNode> Rows(string name) => [.. File.ReadLines(Sample(name)).Select(l => JsonNode.Parse(l)!)];

    /// <summary>Options with these files, and the defaults otherwise.</summary>
    public static DecontaminationOptions Options(params string[] files) => new() { Benchmarks = files };

    /// <summary>A HumanEval line.</summary>
    public static string Line(string id, string prompt, string solution, string test = "") =>
        new JsonObject { ["task_id"] = id, ["prompt"] = prompt, ["canonical_solution"] = solution, ["test"] = test }.ToJsonString() + "\n";

    /// <summary>The index of what options name.</summary>
    public static ContaminationIndex Index(DecontaminationOptions options, long maxBytes = 1 << 28)
    {
        var builder = new ContaminationIndexBuilder(options, maxBytes);
        foreach (var benchmark in Benchmark.Of(options))
            builder.Add(benchmark);
        return builder.Build();
    }

    /// <summary>What a text holds, as <c>problem: part</c>.</summary>
    public static IReadOnlyList<string> Found(ContaminationIndex index, string text) =>
        [.. new ContaminationScanner(index).Scan(Encoding.UTF8.GetBytes(text)).Select(h => $"{index.Problems[index.Parts[h.Part].Problem].Id}: {index.Parts[h.Part].Kind}")];
}
