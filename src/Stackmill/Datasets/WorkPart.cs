using System.Globalization;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets;

/// <summary>A step of a stage: its tasks may be done in any order, by any number of processes, once the step before is done.</summary>
/// <param name="Name">Its name, unique in the stage.</param>
/// <param name="Tasks">Its tasks.</param>
internal sealed record WorkStep(string Name, IReadOnlyList<ShardTask> Tasks);

/// <summary>
/// Which part of a stage's work a process does: all of it, or one of the three parts that processes on shared storage divide it into: preparing the output, tasks of a step,
/// and the end with manifest and reports. The stage's code is the same for all: it shows its steps here, in their order.
/// </summary>
internal sealed class WorkPart
{
    /// <summary>Name of the step of stages that have one.</summary>
    public const string Only = "shards";

    private readonly Kind _kind;
    private readonly string _step = "";
    private readonly Func<IReadOnlyList<ShardTask>, IReadOnlyList<ShardTask>>? _select;
    private readonly List<WorkStep> _steps = [];
    private readonly List<ShardMarker> _done = [];
    private Func<string, string>? _nameOf;
    private WorkStep? _before;
    private ShardRunner? _beforeRunner;

    private WorkPart(Kind kind) => _kind = kind;

    private WorkPart(string step, Func<IReadOnlyList<ShardTask>, IReadOnlyList<ShardTask>> select) =>
        (_kind, _step, _select) = (Kind.Tasks, step, select);

    private WorkPart(WorkPart other) => (_kind, _step, _select) = (other._kind, other._step, other._select);

    private enum Kind
    {
        Whole,
        Plan,
        Tasks,
        End,
    }

    /// <summary>All of it, in this process.</summary>
    public static WorkPart Whole() => new(Kind.Whole);

    /// <summary>What prepares the output anew, for messages.</summary>
    public string Again { get; private init; } = "the command with --plan";

    /// <summary>Prepares the output and shows the steps.</summary>
    public static WorkPart Plan() => new(Kind.Plan);

    /// <summary>Ends the stage when all tasks are done.</summary>
    public static WorkPart End() => new(Kind.End);

    /// <summary>Tasks of a step: all of them, or the one of a name or number.</summary>
    /// <param name="id"><c>STEP</c>, <c>STEP/NAME</c>, or <c>STEP/NUMBER</c> with the number of the task in its step, from 0.</param>
    public static WorkPart Named(string id) => new(id.Split('/')[0], tasks => Find(id, tasks));

    /// <summary>Of so many processes that divide a step, the tasks of one: every task whose number has this remainder.</summary>
    public static WorkPart Slot(string step, int slot, int slots) => new(step, tasks => [.. tasks.Where(t => t.Index % slots == slot)]);

    /// <summary>The same part, as a task of a plan: messages name steps as the plan does, and the command that makes plans.</summary>
    /// <param name="nameOf">The plan's name of a step.</param>
    public WorkPart OfPlan(Func<string, string> nameOf) => new(this) { _nameOf = nameOf, Again = "'stackmill plan'" };

    /// <summary>True when other processes may work on the same output now.</summary>
    public bool IsShared => _kind != Kind.Whole;

    /// <summary>True when only the output is prepared.</summary>
    public bool IsPlan => _kind == Kind.Plan;

    /// <summary>True when single tasks are done.</summary>
    public bool IsTasks => _kind == Kind.Tasks;

    /// <summary>True when the stage is ended.</summary>
    public bool IsEnd => _kind == Kind.End;

    /// <summary>The steps that the stage has shown.</summary>
    public IReadOnlyList<WorkStep> Steps => _steps;

    /// <summary>Markers of the tasks that were asked for.</summary>
    public IReadOnlyList<ShardMarker> Done => _done;

    /// <summary>A step that others follow. False when this process has nothing to do beyond it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tasks">All of its tasks.</param>
    /// <param name="runner">Knows which of them are done.</param>
    /// <param name="run">Does tasks.</param>
    public bool Through(string name, IReadOnlyList<ShardTask> tasks, ShardRunner runner, Func<IReadOnlyList<ShardTask>, IReadOnlyList<ShardMarker>> run)
    {
        _steps.Add(new WorkStep(name, tasks));
        if (_kind == Kind.Whole)
            run(tasks);
        else if (_kind == Kind.Tasks && name == _step)
            return !DoMine(tasks, run);
        (_before, _beforeRunner) = (_steps[^1], runner);
        return true;
    }

    /// <summary>The last step. Its markers, when the stage is to be ended by this process; else <c>null</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tasks">All of its tasks.</param>
    /// <param name="runner">Knows which of them are done.</param>
    /// <param name="run">Does tasks.</param>
    /// <exception cref="UsageException">There is no such step, or tasks are not done that have to be.</exception>
    public IReadOnlyList<ShardMarker>? Last(string name, IReadOnlyList<ShardTask> tasks, ShardRunner runner, Func<IReadOnlyList<ShardTask>, IReadOnlyList<ShardMarker>> run)
    {
        _steps.Add(new WorkStep(name, tasks));
        switch (_kind)
        {
            case Kind.Whole:
                return run(tasks);
            case Kind.Plan:
                return null;
            case Kind.End:
                var recorded = runner.Recorded(tasks);
                Require(_steps[^1], recorded);
                return [.. recorded.Select(m => m!)];
            default:
                if (name != _step)
                    throw new UsageException($"there is no step '{_step}'; expected {string.Join(", ", _steps.Select(s => s.Name))}.");
                DoMine(tasks, run);
                return null;
        }
    }

    private bool DoMine(IReadOnlyList<ShardTask> tasks, Func<IReadOnlyList<ShardTask>, IReadOnlyList<ShardMarker>> run)
    {
        if (_before is not null)
            Require(_before, _beforeRunner!.Done(_before.Tasks));
        _done.AddRange(run(_select!(tasks)));
        return true;
    }

    private void Require(WorkStep step, IReadOnlyList<ShardMarker?> markers)
    {
        var open = step.Tasks.Zip(markers).Where(t => t.Second is null).Select(t => t.First).ToList();
        // A task of a plan does several of the step's.
        if (open.Count > 0 && _nameOf is not null)
            throw new UsageException($"'{_nameOf(step.Name)}' comes first: {open.Count} of its {step.Tasks.Count} parts are not done. 'stackmill status --output DIR' shows which tasks are open.");
        if (open.Count > 0)
            throw new UsageException($"step '{step.Name}' comes first: {open.Count} of its {step.Tasks.Count} tasks are not done ({step.Name}/{open[0].Name}{(open.Count > 1 ? ", …" : "")}).");
    }

    private static IReadOnlyList<ShardTask> Find(string id, IReadOnlyList<ShardTask> tasks)
    {
        var parts = id.Split('/');
        if (parts.Length == 1)
            return tasks;
        var found = tasks.FirstOrDefault(t => t.Name == parts[1]) ?? (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? tasks.FirstOrDefault(t => t.Index == number) : null);
        return found is not null && parts.Length == 2 ? [found]
            : throw new UsageException($"there is no task '{id}'; step '{parts[0]}' has {tasks.Count}: {(tasks.Count == 0 ? "none" : $"{parts[0]}/{tasks[0].Name} to {parts[0]}/{tasks[^1].Name}")}, or {parts[0]}/0 to {parts[0]}/{tasks.Count - 1}.");
    }
}
