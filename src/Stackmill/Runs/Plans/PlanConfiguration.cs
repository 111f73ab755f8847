using System.Text.Json.Nodes;
using Stackmill.Acquire.Contents;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;

namespace Stackmill.Runs.Plans;

/// <summary>The configuration inside a plan: written without secrets, read by tasks, compared with what a command line says.</summary>
internal static class PlanConfiguration
{
    private static readonly string[] Own = ["logging.", "monitoring.", "lineage.", "notifications.", "output_paths.", "storage.", "hub."];

    /// <summary>The whole configuration as a plan holds it.</summary>
    /// <exception cref="UsageException">It holds a secret itself, not a reference to one.</exception>
    public static JsonObject Write(StackmillOptions options)
    {
        var json = JsonNode.Parse(ResolvedConfiguration.Of(options).Json)!.AsObject();
        foreach (var leaf in OptionTree.Of(typeof(StackmillOptions)).Leaves.Where(l => l.Declaration.IsSecret))
        {
            var value = leaf.Get(options) as string ?? "";
            var isReference = value.StartsWith("env:", StringComparison.Ordinal) || value.StartsWith("file:", StringComparison.Ordinal);
            if (value.Length > 0 && !isReference)
                throw new UsageException($"{leaf.Path} is set to the secret itself, which a plan must not hold. Expected a reference (env:NAME or file:PATH where the key takes one) or a variable of the environment that every worker has.");
            var (section, keys) = (json, leaf.Path.Split('.'));
            foreach (var key in keys[..^1])
                section = section[key]!.AsObject();
            if (value.Length > 0)
                section[keys[^1]] = value;
            else
                section.Remove(keys[^1]);
        }

        return json;
    }

    /// <summary>The configuration that a plan holds.</summary>
    public static StackmillOptions Read(RunPlan plan, string path)
    {
        var (options, errors) = ConfigurationBinder.Bind<StackmillOptions>(plan.Configuration.ToJsonString(), path);
        ConfigurationError.ThrowIfAny(errors);
        return options;
    }

    /// <summary>Fails when a configuration would give other results than that of the plan.</summary>
    /// <exception cref="UsageException">It would.</exception>
    public static void RequireSame(StackmillOptions planned, StackmillOptions given)
    {
        var (before, now) = (Flat(planned), Flat(given));
        var other = before.Keys.Union(now.Keys).Where(k => before.GetValueOrDefault(k) != now.GetValueOrDefault(k)).Order(StringComparer.Ordinal).ToList();
        if (other.Count > 0)
            throw new UsageException($"the configuration is not the plan's: {string.Join(", ", other.Take(5).Select(k => $"{k} is {now.GetValueOrDefault(k) ?? "not set"}, planned {before.GetValueOrDefault(k) ?? "not set"}"))}{(other.Count > 5 ? $" and {other.Count - 5} more" : "")}. Use the plan's configuration (a task without --config and --set does), or run 'stackmill plan' again to begin anew.");
    }

    // Threads, memory, servers and places of logs may differ between machines.
    private static bool Matters(string key) =>
        key is not ("source" or "max_workers" or "parallel_processing" or "memory" or "input.git.clones" or "input.git.timeout_seconds")
        && !Own.Any(section => key.StartsWith(section, StringComparison.Ordinal))
        && (!key.StartsWith("contents.", StringComparison.Ordinal) || ContentStageOptions.IsPartOfKey(key));

    private static SortedDictionary<string, string> Flat(StackmillOptions options)
    {
        var flat = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(JsonNode.Parse(ResolvedConfiguration.Of(options, Matters).Json)!.AsObject(), "");
        return flat;

        void Add(JsonObject section, string prefix)
        {
            foreach (var (key, value) in section)
            {
                if (value is JsonObject nested)
                    Add(nested, $"{prefix}{key}.");
                else
                    flat[prefix + key] = value?.ToJsonString() ?? "not set";
            }
        }
    }
}
