using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Runs.Plans;

/// <summary>What a task is expected to need. A hint: nothing is refused by it.</summary>
/// <param name="MemoryBytes">Limit of memory that it runs with.</param>
/// <param name="Cpus">Threads that it runs with.</param>
/// <param name="Seconds">Seconds on one core; <c>null</c> when the bytes are not known.</param>
internal sealed record PlanResources(long MemoryBytes, int Cpus, long? Seconds = null);

/// <summary>One task: what one process does in one go.</summary>
/// <param name="Id">Its name, as <c>stackmill task</c> takes it.</param>
/// <param name="Index">Its number in the group, from 0.</param>
/// <param name="Bytes">Bytes of content that it is expected to read; <c>null</c> when that is not known.</param>
/// <param name="Seconds">Seconds on one core, estimated; <c>null</c> when the bytes are not known.</param>
/// <param name="Shards">Names of the shards that it does; <c>null</c> when they are not known yet.</param>
internal sealed record PlanTask(string Id, int Index, long? Bytes = null, long? Seconds = null, IReadOnlyList<string>? Shards = null);

/// <summary>Tasks that may be done at the same time, once the groups that they need are done.</summary>
/// <param name="Group">Its name, unique in the plan.</param>
/// <param name="Stage">Stage that it belongs to.</param>
/// <param name="Kind"><c>tasks</c>, <c>finish</c> (ends a stage: manifest and reports) or <c>stage</c> (a whole stage in one task).</param>
/// <param name="Needs">Groups that come before it.</param>
/// <param name="Count">Number of its tasks: fixed, whatever becomes known later.</param>
/// <param name="Inputs">What it reads, below the project folder; the input itself is called <c>input</c>.</param>
/// <param name="Outputs">What it writes, below the project folder.</param>
/// <param name="Resources">What one of its tasks needs.</param>
/// <param name="Tasks">Its tasks. Task i does every shard whose number leaves the remainder i by the count.</param>
/// <param name="Shards">Number of shards that the tasks divide; <c>null</c> when it becomes known only when the groups before are done.</param>
/// <param name="Bytes">Bytes of content that it is expected to read in all; <c>null</c> when that is not known.</param>
internal sealed record PlanGroup(
    string Group, string Stage, string Kind, IReadOnlyList<string> Needs, int Count, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    PlanResources Resources, IReadOnlyList<PlanTask> Tasks, int? Shards = null, long? Bytes = null)
{
    /// <summary>Kind of a group whose tasks divide shards.</summary>
    public const string TasksKind = "tasks";

    /// <summary>Kind of a group that ends a stage.</summary>
    public const string FinishKind = "finish";

    /// <summary>Kind of a group that is a whole stage.</summary>
    public const string StageKind = "stage";

    /// <summary>Name of the group that ends a stage.</summary>
    public static string FinishOf(string stage) => $"{stage}.finish";
}

/// <summary>A run as data: groups of tasks with what they need. It holds no secret, no machine's name and no time.</summary>
/// <param name="SchemaVersion">Version of this form.</param>
/// <param name="Id">SHA-256 of the plan without it: what is done by tasks is done for one plan.</param>
/// <param name="Program">Version of the program.</param>
/// <param name="Source">The input.</param>
/// <param name="InputKey">Key of the first stage's dataset, which stands for the state of the input; empty when only that stage finds it out.</param>
/// <param name="Versions">Version of each stage's code.</param>
/// <param name="Slots">Number of tasks that was asked for; 0 when the plan chose it.</param>
/// <param name="Configuration">The whole configuration, without secrets.</param>
/// <param name="Groups">The groups; each comes after those that it needs.</param>
internal sealed record RunPlan(
    int SchemaVersion, string Id, string Program, string Source, string InputKey, IReadOnlyDictionary<string, int> Versions, int Slots, JsonObject Configuration, IReadOnlyList<PlanGroup> Groups)
{
    /// <summary>Version of the form that this program writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Version of this program.</summary>
    public static string CurrentProgram { get; } = typeof(RunPlan).Assembly.GetName().Version!.ToString(3);

    /// <summary>The folder of the plan in a project.</summary>
    public static string Folder(string project) => Path.Combine(project, "plan");

    /// <summary>Where the plan lies in a project.</summary>
    public static string PathIn(string project) => Path.Combine(Folder(project), "plan.json");

    /// <summary>This plan with its id.</summary>
    public RunPlan Sealed() => this with { Id = Hash() };

    /// <summary>As text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ShardRunner.Json);

    /// <summary>Writes it where tasks find it.</summary>
    public void Write(string project) => AtomicFile.WriteAllBytes(PathIn(project), JsonSerializer.SerializeToUtf8Bytes(this, ShardRunner.Json));

    /// <summary>The group of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public PlanGroup Find(string group) => Groups.FirstOrDefault(g => g.Group == group)
        ?? throw new UsageException($"the plan has no group '{group}'; expected {string.Join(", ", Groups.Select(g => g.Group))}.");

    /// <summary>Reads the plan of a project.</summary>
    /// <exception cref="UsageException">There is none, or it is not one that this program made.</exception>
    public static RunPlan Read(string project)
    {
        var path = PathIn(project);
        return TryRead(project) ?? throw new UsageException($"there is no plan in '{project}' (no '{path}'). Run 'stackmill plan' with the same --output first.");
    }

    /// <summary>Reads the plan of a project; <c>null</c> without one.</summary>
    /// <exception cref="UsageException">It is not one that this program made.</exception>
    public static RunPlan? TryRead(string project)
    {
        var path = PathIn(project);
        if (!File.Exists(path))
            return null;
        RunPlan? plan;
        try
        {
            var bytes = File.ReadAllBytes(path);
            using (var other = JsonDocument.Parse(bytes))
            {
                if (other.RootElement.TryGetProperty("schema_version", out var version) && version.GetInt32() != CurrentSchema)
                    throw Newer(path, version.GetInt32());
            }

            plan = JsonSerializer.Deserialize<RunPlan>(bytes, ShardRunner.Json);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"the plan '{path}' is damaged: it is not the JSON that 'stackmill plan' writes. Remove the file and plan again; what is done stays done.", fault);
        }

        if (plan is null || plan.Id != plan.Hash())
            throw new UsageException($"the plan '{path}' was changed or damaged: it has not the id that it names. Remove the file and plan again; what is done stays done.");
        return plan;
    }

    private static UsageException Newer(string path, int version) =>
        new($"the plan '{path}' has schema version {version}; this program ({CurrentProgram}) reads {CurrentSchema}. Use the program that wrote it, or remove the file and plan again.");

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Id = "" }, ShardRunner.Json)));
}
