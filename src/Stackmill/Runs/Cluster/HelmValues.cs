using System.Text.Json.Nodes;
using Stackmill.Runs.Plans;

namespace Stackmill.Runs.Cluster;

/// <summary>Values of the chart in <c>deploy/kubernetes/helm</c>: the same Jobs as <see cref="KubernetesManifests"/>, applied by Helm.</summary>
internal static class HelmValues
{
    /// <summary>The values of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The project folder.</param>
    /// <param name="configuration">Its configuration as text.</param>
    /// <param name="options">How.</param>
    /// <param name="groups">Groups that are not done.</param>
    public static JsonObject Of(RunPlan plan, string folder, string configuration, KubernetesOptions options, IReadOnlyList<PlanGroup> groups) => new()
    {
        ["image"] = options.Image,
        ["plan"] = new JsonObject { ["id"] = plan.Id, ["program"] = plan.Program },
        ["output"] = folder,
        ["configuration"] = configuration,
        // Helm ends at the first Job that fails: the validation, which may fail, and the release behind it come last, for the statistics to be made.
        ["groups"] = new JsonArray([.. groups.OrderBy(g => g.Stage is "validate" or "export").Select(g => (JsonNode)new JsonObject
        {
            ["group"] = g.Group,
            ["count"] = g.Count,
            ["cpu"] = g.Resources.Cpus,
            ["memory"] = KubernetesManifests.MemoryOf(g),
        })]),
        ["volumes"] = new JsonArray([.. options.Volumes.Select(v => (JsonNode)new JsonObject { ["claim"] = v.Claim, ["path"] = v.Path, ["readOnly"] = v.IsReadOnly })]),
        ["secret"] = options.Secret,
        ["parallelism"] = options.Parallelism,
        ["retries"] = options.Retries,
    };
}
