using Stackmill.Core.Options;

namespace Stackmill.Lineage;

/// <summary>Section <c>lineage</c>: where it is told what each run read and wrote. None of it changes what a stage writes.</summary>
internal sealed class LineageOptions : ICheckedOptions
{
    /// <summary>The variable that names the address where nothing else does.</summary>
    public const string UrlVariable = "OPENLINEAGE_URL";

    /// <summary>The variable that holds the key of the address.</summary>
    public const string KeyVariable = "OPENLINEAGE_API_KEY";

    /// <summary>The variable that names the namespace of the jobs where nothing else does.</summary>
    public const string NamespaceVariable = "OPENLINEAGE_NAMESPACE";

    /// <summary>The variable that names the run which started this one: <c>namespace/job/run</c>.</summary>
    public const string ParentVariable = "OPENLINEAGE_PARENT_ID";

    /// <summary>The variable that names the run at the root of all, in the same form.</summary>
    public const string RootVariable = "OPENLINEAGE_ROOT_PARENT_ID";

    /// <summary>The variable that turns all of it off.</summary>
    public const string DisabledVariable = "OPENLINEAGE_DISABLED";

    [Option("enabled", "Write OpenLineage events of each run, one file a run, into logs/lineage of the project. A folder or an address given below turns events on by itself; OPENLINEAGE_DISABLED=true turns all off.")]
    public bool Enabled { get; set; }

    [Option("folder", "Folder of this machine that the files go to instead; empty: logs/lineage of the project.")]
    public string Folder { get; set; } = "";

    [Option("url", "Address of a server that takes OpenLineage events, such as http://localhost:5000; empty: OPENLINEAGE_URL, else none. Its key is in OPENLINEAGE_API_KEY.")]
    public string Url { get; set; } = "";

    [Option("endpoint", "Path at the address that events are sent to.")]
    public string Endpoint { get; set; } = "api/v1/lineage";

    [Option("namespace", "Namespace of the jobs; empty: OPENLINEAGE_NAMESPACE, else stackmill.")]
    public string Namespace { get; set; } = "";

    [Option("columns", "Tell for each column which columns of the input it comes from.")]
    public bool Columns { get; set; } = true;

    [Option("interval_seconds", "Time between two events RUNNING of a run or stage; 0 for none.", Min = 0, Max = 3600)]
    public double IntervalSeconds { get; set; } = 60;

    [Option("timeout_seconds", "Longest time of one request, and for what is not sent yet when the run ends.", Min = 0.1, Max = 300)]
    public double TimeoutSeconds { get; set; } = 5;

    [Option("attempts", "Times that an event is sent before it is given up; the waits between them double.", Min = 1, Max = 20)]
    public int Attempts { get; set; } = 3;

    [Option("queue", "Events that wait for the server at most; more are counted as lost.", Min = 1, Max = 100_000)]
    public int Queue { get; set; } = 1000;

    [Option("provenance", "Write what a release was made of as an in-toto statement with SLSA provenance, release.intoto.json in reports of the project.")]
    public bool Provenance { get; set; }

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        foreach (var problem in WebAddress.Check("url", Url, "http://localhost:5000"))
            yield return problem;
        if (Endpoint.Trim('/').Length == 0)
            yield return new OptionProblem("endpoint", "an empty path", "a path, such as api/v1/lineage");
        else if (Endpoint.Contains("://", StringComparison.Ordinal) || Endpoint.Any(c => c is '?' or '#' or '@' or '\\' || char.IsWhiteSpace(c) || char.IsControl(c)))
            yield return new OptionProblem("endpoint", "more than a path", "a path without query and fragment, such as api/v1/lineage");
        if (Folder.Contains("://", StringComparison.Ordinal))
            yield return new OptionProblem("folder", "an address", "a path of this machine");
    }
}
