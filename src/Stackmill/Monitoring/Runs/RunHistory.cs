using Microsoft.Extensions.Logging;
using Stackmill.Core.Faults;

namespace Stackmill.Monitoring.Runs;

/// <summary>The runs of a project folder, from their records.</summary>
internal sealed class RunHistory
{
    /// <summary>Stands for the newest run where the id of one is asked for.</summary>
    public const string Last = "last";

    private readonly string _folder;

    private RunHistory(string logs, string folder, IReadOnlyList<RunRecord> runs, IReadOnlyList<string> damaged) => (Logs, _folder, Records, Damaged) = (logs, folder, runs, damaged);

    /// <summary>The logs folder of the project.</summary>
    public string Logs { get; }

    /// <summary>The runs, the newest first.</summary>
    public IReadOnlyList<RunRecord> Records { get; }

    /// <summary>Paths of records that can't be read, the newest first.</summary>
    public IReadOnlyList<string> Damaged { get; }

    /// <summary>Reads the records below a project's logs folder.</summary>
    public static RunHistory Open(string logs, ILogger log)
    {
        var folder = Path.Combine(logs, RunRecord.FolderName);
        var damaged = new List<string>();
        return new RunHistory(logs, folder, RunRecord.Newest(folder, int.MaxValue, log, damaged: damaged), damaged);
    }

    /// <summary>The run with an id, or with an id that begins so; <see cref="Last"/> for the newest.</summary>
    /// <exception cref="UsageException">There is none, or more than one.</exception>
    public RunRecord Find(string id)
    {
        RequireId(id);
        if (Records.Count == 0 && Damaged.Count == 0)
            throw new UsageException($"'{_folder}' has no records of runs. They are kept from the first run with monitoring.retained_runs above 0 on.");
        if (id == Last)
            return Records.Count > 0 ? Records[0] : throw new UsageException($"all records of runs in '{_folder}' are damaged. Remove them; the next run leaves a new one.");
        var found = Records.Select(r => r.RunId).Concat(Damaged.Select(IdOf)).Where(i => i.StartsWith(id, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        return found.Count switch
        {
            1 => Records.FirstOrDefault(r => r.RunId == found[0])
                ?? throw new UsageException($"the record of this run, '{Damaged.First(d => IdOf(d) == found[0])}', is damaged: it is not what the run wrote. The run's log is in '{Logs}'; remove the record, for nothing can be shown of it."),
            0 => throw new UsageException($"no run of '{_folder}' has an id that begins with '{id}'. 'stackmill runs list' shows them; '{Last}' is the newest."),
            _ => throw new UsageException($"{found.Count} runs have ids that begin with '{id}': {string.Join(", ", found.Take(4))}{(found.Count > 4 ? ", …" : "")}. Give more of the id."),
        };
    }

    /// <summary>Fails for an empty text, with which every id begins.</summary>
    /// <exception cref="UsageException">It is empty.</exception>
    public static void RequireId(string id)
    {
        if (string.IsNullOrWhiteSpace(id))
            throw new UsageException($"expected the id of a run, or what it begins with; found an empty text. 'stackmill runs list' shows ids; '{Last}' is the newest.");
    }

    private static string IdOf(string path) => Path.GetFileNameWithoutExtension(path);

    /// <summary>Stages of two runs side by side, in the order of the first and then of the second; <c>null</c> where a run has not got that far.</summary>
    public static IReadOnlyList<(string Stage, StageFigures? Left, StageFigures? Right)> Compare(RunRecord left, RunRecord right) =>
        [.. left.Stages.Concat(right.Stages).Select(s => s.Stage).Distinct().Select(s => (s, left.Stages.FirstOrDefault(x => x.Stage == s), right.Stages.FirstOrDefault(x => x.Stage == s)))];

    /// <summary>Numbers of a stage's books that differ, by name: <c>in</c>, <c>kept</c>, <c>dropped.REASON</c>, <c>failed.REASON</c> and the stage's own counters.</summary>
    public static IReadOnlyList<(string What, long Left, long Right)> Differences(StageFigures? left, StageFigures? right)
    {
        var (a, b) = (Numbers(left), Numbers(right));
        return [.. a.Keys.Union(b.Keys).Order(StringComparer.Ordinal).Select(k => (k, a.GetValueOrDefault(k), b.GetValueOrDefault(k))).Where(d => d.Item2 != d.Item3)];
    }

    private static Dictionary<string, long> Numbers(StageFigures? stage)
    {
        if (stage is null)
            return [];
        var books = stage.Books;
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal) { ["in"] = books.In, ["kept"] = books.Kept, ["bytes_in"] = books.BytesIn, ["bytes_kept"] = books.BytesKept };
        foreach (var (reason, count) in books.Dropped)
            numbers["dropped." + reason] = count;
        foreach (var (reason, count) in books.Failed)
            numbers["failed." + reason] = count;
        foreach (var (name, count) in books.Counters)
            numbers[name] = count;
        return numbers;
    }
}
