using System.Globalization;
using System.Text.Json.Nodes;

namespace Stackmill.Lineage;

/// <summary>What a command is to those who follow data.</summary>
/// <param name="Command">The command.</param>
/// <param name="RunId">Id of its run, the same in logs and records.</param>
/// <param name="Pipeline">Name of the pipeline.</param>
/// <param name="Version">Version of the program.</param>
internal sealed record LineageSubject(string Command, string RunId, string Pipeline, string Version)
{
    /// <summary>True when the command is one stage: its run is that of the stage.</summary>
    public bool IsStage { get; init; }

    /// <summary>What a stage does, in a sentence; empty when it is not known.</summary>
    public Func<string, string> Describe { get; init; } = static _ => "";

    /// <summary>Variables of the environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Where troubles are told; they never end the run.</summary>
    public Action<string> Warn { get; init; } = static _ => { };
}

/// <summary>Makes the events of runs.</summary>
/// <param name="settings">What is told.</param>
/// <param name="subject">The command.</param>
/// <param name="standing">Folders that stand for addresses.</param>
internal sealed class EventMaker(LineageSettings settings, LineageSubject subject, IReadOnlyDictionary<string, string> standing)
{
    private readonly DataFacets _data = new(standing, settings.Options.Columns);

    /// <summary>The task of a plan that the command does; <c>null</c> for none.</summary>
    public (string Plan, string Task)? Task { get; set; }

    /// <summary>One event.</summary>
    /// <param name="type">START, RUNNING, COMPLETE, FAIL or ABORT.</param>
    /// <param name="run">The run.</param>
    /// <param name="parent">The run that it belongs to; <c>null</c> for none.</param>
    /// <param name="time">When.</param>
    /// <param name="error">What ended it; <c>null</c> when nothing bad did.</param>
    public JsonObject Make(string type, TrackedRun run, RunReference? parent, DateTimeOffset time, string? error = null)
    {
        var isEnd = EventTypes.IsEnd(type);
        // What a run reads and writes does not change on its way.
        var data = type == EventTypes.Running ? null : run.Data;
        return new JsonObject
        {
            ["eventType"] = type,
            ["eventTime"] = Time(time),
            ["run"] = new JsonObject { ["runId"] = run.RunId, ["facets"] = RunFacets(type, run, parent, isEnd, error) },
            ["job"] = new JsonObject { ["namespace"] = settings.Namespace, ["name"] = run.Job, ["facets"] = JobFacets(run) },
            ["inputs"] = data is null ? [] : _data.Inputs(data, type == EventTypes.Complete ? run.Books.In : null),
            ["outputs"] = data is null ? [] : _data.Outputs(data, isEnd ? run.Result?.Version : null, isEnd ? run.Written : null),
            ["producer"] = Facet.Producer,
            ["schemaURL"] = Facet.Spec + "#/$defs/RunEvent",
        };
    }

    private JsonObject RunFacets(string type, TrackedRun run, RunReference? parent, bool isEnd, string? error) => Facet.Group(
        ("parent", parent is null ? null : Facet.Of("ParentRunFacet", "1-1-0", ("run", Run(parent)), ("job", Job(parent)), ("root", Root(parent) is { } root ? new JsonObject { ["run"] = Run(root), ["job"] = Job(root) } : null))),
        ("nominalTime", settings.Nominal is not { } nominal ? null : Facet.Of("NominalTimeRunFacet", "1-0-1", ("nominalStartTime", Time(nominal)))),
        ("processing_engine", Facet.Of("ProcessingEngineRunFacet", "1-1-1", ("name", "Stackmill"), ("version", subject.Version), ("openlineageAdapterVersion", subject.Version))),
        ("errorMessage", error is null ? null : Facet.Of("ErrorMessageRunFacet", "1-0-1", ("message", Redacted.Of(error, subject.Environment)), ("programmingLanguage", "C#"))),
        // The command's id is the one in logs and records; a stage's is made of it.
        ("stackmill_run", Facet.Own("RunFacet", ("command", subject.Command), ("commandRunId", subject.RunId), ("stage", run.Stage), ("plan", Task?.Plan), ("task", Task?.Task))),
        ("stackmill_progress", type == EventTypes.Running ? Progress(run) : null),
        ("stackmill_books", isEnd && run.Stage is not null ? Books(run) : null));

    private JsonObject JobFacets(TrackedRun run) => Facet.Group(
        ("jobType", Facet.Of("JobTypeJobFacet", "2-0-3", ("processingType", "BATCH"), ("integration", "STACKMILL"), ("jobType", run.Stage is null ? "PIPELINE" : "STAGE"))),
        ("documentation", Facet.Of("DocumentationJobFacet", "1-0-1", ("description", run.Stage is null ? "Stages of a project, one after another." : subject.Describe(run.Stage) is { Length: > 0 } text ? text : run.Stage))));

    private RunReference? Root(RunReference parent) => settings.Root ?? settings.Parent ?? parent;

    private static JsonObject Progress(TrackedRun run)
    {
        var (records, bytes, tasks, done) = run.Progress;
        return Facet.Own("RunFacet", ("records", records), ("bytes", bytes), ("tasks", tasks), ("tasksDone", done));
    }

    private static JsonObject Books(TrackedRun run) => Facet.Own(
        "RunFacet", ("in", run.Books.In), ("kept", run.Books.Kept), ("bytesIn", run.Books.BytesIn), ("bytesKept", run.Books.BytesKept), ("dropped", Counts(run.Books.Dropped)),
        ("failed", Counts(run.Books.Failed)), ("failedShards", run.FailedShards), ("upToDate", run.IsUpToDate));

    private static JsonObject Counts(SortedDictionary<string, long> counts)
    {
        var all = new JsonObject();
        foreach (var (reason, count) in counts)
            all[reason] = count;
        return all;
    }

    private static JsonObject Run(RunReference run) => new() { ["runId"] = run.RunId };

    private static JsonObject Job(RunReference run) => new() { ["namespace"] = run.Namespace, ["name"] = run.Job };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The types of events that this program sends.</summary>
internal static class EventTypes
{
    /// <summary>A run begins.</summary>
    public const string Start = "START";

    /// <summary>A run goes on.</summary>
    public const string Running = "RUNNING";

    /// <summary>A run ended well.</summary>
    public const string Complete = "COMPLETE";

    /// <summary>A run failed.</summary>
    public const string Fail = "FAIL";

    /// <summary>A run was asked to stop.</summary>
    public const string Abort = "ABORT";

    /// <summary>True for the last event of a run.</summary>
    public static bool IsEnd(string? type) => type is Complete or Fail or Abort;
}
