using System.Globalization;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs.Plans;

namespace Stackmill.Runs.Cluster;

/// <summary>
/// The manifests of what is not done of a plan: an Indexed Job a group, the configuration, an account without rights; and the script that applies them one
/// group after another, for Jobs don't wait for Jobs.
/// </summary>
/// <param name="project">The project folder.</param>
/// <param name="plan">Its plan.</param>
/// <param name="options">How.</param>
internal sealed class KubernetesManifests(string project, RunPlan plan, KubernetesOptions options)
{
    private const string Account = "stackmill";
    private const string Container = "stackmill";
    private const string ConfigurationFolder = "/etc/stackmill";
    private const string ConfigurationFile = "stackmill.yaml";

    /// <summary>What pods have besides volumes: the configuration, a place for temporary files, the program.</summary>
    public static readonly IReadOnlyList<string> OwnFolders = [ConfigurationFolder, "/tmp", "/app"];

    // Of .NET's images, which have no name for it that a cluster could check.
    private const int User = 1654;

    private const int KeptSeconds = 7 * 24 * 60 * 60;

    // Five minutes of a cluster that does not answer.
    private const int MostSilent = 60;

    /// <summary>Pods at the same time that a cluster allows where tries are counted by index.</summary>
    public const int MostParallel = 10_000;

    /// <summary>Times that a task is tried again at most: what fails so often fails always.</summary>
    public const int MostRetries = 100;

    private readonly string _folder = Path.GetFullPath(project);
    private readonly string _remark = $"Plan {plan.Id}. Written by 'stackmill submit kubernetes'.";

    /// <summary>Where the manifests of a project lie.</summary>
    public static string Folder(string project) => Path.Combine(RunPlan.Folder(project), "kubernetes");

    /// <summary>Writes them anew and gives their paths in order, the script last; none when nothing is left to do, and what is there stays.</summary>
    /// <exception cref="UsageException">Pods would not see the project or the input; or a file that is not of this program is in the way.</exception>
    public IReadOnlyList<string> Write(IReadOnlyList<GroupProgress> progress)
    {
        var open = Open(progress);
        if (open.Count == 0)
            return [];
        var files = new List<(string Name, string Text)> { ("00-common.yaml", ManifestYaml.Write(_remark, [ServiceAccount(), ConfigMap()])) };
        files.AddRange(open.Select((g, i) => (string.Create(CultureInfo.InvariantCulture, $"{i + 1:D2}-{g.Group}.yaml"), ManifestYaml.Write(_remark, [Job(g)]))));
        files.Add(("run.sh", Script([.. open.Zip(files.Skip(1), (g, f) => (g, f.Name))])));
        return Write(files);
    }

    /// <summary>Writes values for the chart in their place, and gives their path; none when nothing is left to do, and what is there stays.</summary>
    /// <exception cref="UsageException">Pods would not see the project or the input; or a file that is not of this program is in the way.</exception>
    public IReadOnlyList<string> WriteValues(IReadOnlyList<GroupProgress> progress) => Open(progress) is { Count: > 0 } open
        ? Write([("values.yaml", ManifestYaml.Write(_remark, [HelmValues.Of(plan, _folder, Configuration, options, open)]))]) : [];

    private static List<PlanGroup> Open(IReadOnlyList<GroupProgress> progress) => [.. progress.Where(p => p.Open.Count > 0).Select(p => p.Group)];

    private IReadOnlyList<string> Write(List<(string Name, string Text)> files)
    {
        options.RequireSeen("the project folder", _folder, writes: true);
        if (Path.IsPathRooted(plan.Source) && !StoragePaths.IsAddress(plan.Source))
            options.RequireSeen("the input", plan.Source, writes: false);
        return WrittenFiles.Write(Folder(project), files);
    }

    /// <summary>Name of a group's Job; with the number of a pod it stays below 63 letters.</summary>
    public string NameOf(PlanGroup group) => $"stackmill-{plan.Id[..8]}-{group.Group.Replace('.', '-')}";

    /// <summary>Memory of a group's pods: a tenth above what the configuration allows the program.</summary>
    public static string MemoryOf(PlanGroup group) => $"{((group.Resources.MemoryBytes / 10 * 11) + (1 << 20) - 1) >> 20}Mi";

    private string Configuration => plan.Configuration.ToJsonString(ShardRunner.Json) + "\n";

    private string ConfigurationName => $"stackmill-{plan.Id[..8]}";

    private JsonObject ServiceAccount() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ServiceAccount",
        ["metadata"] = Metadata(Account),
        // Tasks ask nothing of the cluster.
        ["automountServiceAccountToken"] = false,
    };

    private JsonObject ConfigMap() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = Metadata(ConfigurationName),
        ["immutable"] = true,
        ["data"] = new JsonObject { [ConfigurationFile] = Configuration },
    };

    private JsonObject Job(PlanGroup group) => new()
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "Job",
        ["metadata"] = Metadata(NameOf(group), group),
        ["spec"] = new JsonObject
        {
            ["completions"] = group.Count,
            ["parallelism"] = Math.Min(group.Count, options.Parallelism),
            ["completionMode"] = "Indexed",
            ["backoffLimitPerIndex"] = options.Retries,
            ["ttlSecondsAfterFinished"] = KeptSeconds,
            ["podFailurePolicy"] = new JsonObject
            {
                ["rules"] = new JsonArray(
                    // A node that goes is no try of the task.
                    new JsonObject { ["action"] = "Ignore", ["onPodConditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionTarget", ["status"] = "True" }) },
                    // Refused, or faults that the validation has found: no other pod would end otherwise.
                    new JsonObject { ["action"] = "FailJob", ["onExitCodes"] = new JsonObject { ["containerName"] = Container, ["operator"] = "In", ["values"] = new JsonArray(2, 4) } }),
            },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = Labels(group) }, ["spec"] = Pod(group) },
        },
    };

    private JsonObject Pod(PlanGroup group)
    {
        var mounts = options.Volumes.Select((v, i) => Mount($"volume-{i}", v.Path, v.IsReadOnly)).Append(Mount("configuration", ConfigurationFolder, true)).Append(Mount("tmp", "/tmp", false));
        var volumes = options.Volumes.Select((v, i) => new JsonObject { ["name"] = $"volume-{i}", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = v.Claim, ["readOnly"] = v.IsReadOnly } })
            .Append(new JsonObject { ["name"] = "configuration", ["configMap"] = new JsonObject { ["name"] = ConfigurationName } })
            .Append(new JsonObject { ["name"] = "tmp", ["emptyDir"] = new JsonObject() });
        var memory = MemoryOf(group);
        return new JsonObject
        {
            ["restartPolicy"] = "Never",
            ["serviceAccountName"] = Account,
            ["automountServiceAccountToken"] = false,
            // A stopped task ends after the records in work.
            ["terminationGracePeriodSeconds"] = 120,
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true,
                ["runAsUser"] = User,
                ["runAsGroup"] = User,
                ["fsGroup"] = User,
                ["fsGroupChangePolicy"] = "OnRootMismatch",
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = Container,
                ["image"] = options.Image,
                // The number of the task is in JOB_COMPLETION_INDEX.
                ["args"] = new JsonArray(
                    // A cluster takes $(NAME) for a variable, and two of the signs for one.
                    "task", group.Group, "--output", _folder.Replace("$", "$$", StringComparison.Ordinal), "--plan", plan.Id, "--config", $"{ConfigurationFolder}/{ConfigurationFile}",
                    "--workers", group.Resources.Cpus.ToString(CultureInfo.InvariantCulture), "--quiet"),
                // Its root can't be written to, and the runtime would put a socket there.
                ["env"] = new JsonArray(new JsonObject { ["name"] = "DOTNET_EnableDiagnostics", ["value"] = "0" }),
                ["envFrom"] = new JsonArray(new JsonObject { ["secretRef"] = new JsonObject { ["name"] = options.Secret, ["optional"] = true } }),
                ["resources"] = new JsonObject
                {
                    ["requests"] = new JsonObject { ["cpu"] = group.Resources.Cpus.ToString(CultureInfo.InvariantCulture), ["memory"] = memory },
                    ["limits"] = new JsonObject { ["memory"] = memory },
                },
                ["securityContext"] = new JsonObject
                {
                    ["allowPrivilegeEscalation"] = false,
                    ["readOnlyRootFilesystem"] = true,
                    ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                },
                ["volumeMounts"] = new JsonArray([.. mounts]),
            }),
            ["volumes"] = new JsonArray([.. volumes]),
        };
    }

    private JsonObject Metadata(string name, PlanGroup? group = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (options.Namespace.Length > 0)
            metadata["namespace"] = options.Namespace;
        metadata["labels"] = Labels(group);
        return metadata;
    }

    private JsonObject Labels(PlanGroup? group)
    {
        var labels = new JsonObject { ["app.kubernetes.io/name"] = "stackmill", ["app.kubernetes.io/version"] = plan.Program, ["stackmill/plan"] = plan.Id[..8] };
        if (group is not null)
            labels["stackmill/group"] = group.Group;
        return labels;
    }

    private static JsonObject Mount(string name, string path, bool isReadOnly)
    {
        var mount = new JsonObject { ["name"] = name, ["mountPath"] = path };
        if (isReadOnly)
            mount["readOnly"] = true;
        return mount;
    }

    private string Script(IReadOnlyList<(PlanGroup Group, string File)> jobs)
    {
        // A group runs when those that it needs have ended well; one that has failed takes only those behind it with it.
        var steps = jobs.Select(j => $"step {j.Group.Group} {NameOf(j.Group)} {j.File} {string.Join(' ', j.Group.Needs)}".TrimEnd());
        return $$"""
            #!/bin/bash
            # Applies the Jobs of plan {{plan.Id}}, each after those that it needs, and waits for their ends. Written by 'stackmill submit kubernetes'.
            set -euo pipefail
            cd "$(dirname "$0")"
            kubectl=(kubectl{{(options.Namespace.Length > 0 ? $" --namespace {options.Namespace}" : "")}})
            declare -A failed=()
            errors=$(mktemp)
            trap 'rm -f "$errors"' EXIT
            step() {
              local group=$1 job=$2 file=$3 need state silent=0
              shift 3
              for need in "$@"; do
                if [ -n "${failed[$need]:-}" ]; then
                  failed[$group]=1
                  echo "$group: not begun, for $need has failed" >&2
                  return 0
                fi
              done
              # A Job can't be changed: what is there of an earlier try goes first. Tasks that are done end at once.
              "${kubectl[@]}" delete job "$job" --ignore-not-found --cascade=foreground --wait
              "${kubectl[@]}" apply --filename "$file"
              while true; do
                if state=$("${kubectl[@]}" get job "$job" --output 'jsonpath={.status.conditions[?(@.status=="True")].type}' 2>"$errors"); then
                  silent=0
                elif grep -q NotFound "$errors"; then
                  failed[$group]=1
                  echo "$group: its Job $job is gone, somebody has deleted it; run this script again to begin it anew" >&2
                  return 0
                else
                  # A cluster that does not answer for a moment is asked again.
                  state=
                  silent=$((silent + 1))
                  if [ "$silent" -ge {{MostSilent}} ]; then
                    failed[$group]=1
                    echo "$group: the cluster did not say {{MostSilent}} times in a row how its Job stands; the last time: $(tail -n 1 "$errors")" >&2
                    return 0
                  fi
                fi
                case " $state " in
                  *" Complete "*) echo "$group: done"; return 0 ;;
                  *" Failed "*)
                    failed[$group]=1
                    echo "$group: failed; see '${kubectl[*]} logs --selector job-name=$job --prefix'" >&2
                    return 0
                    ;;
                esac
                sleep "${STACKMILL_POLL_SECONDS:-5}"
              done
            }
            "${kubectl[@]}" apply --filename 00-common.yaml
            {{string.Join('\n', steps)}}
            [ "${#failed[@]}" -eq 0 ]

            """;
    }
}
