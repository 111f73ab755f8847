using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Stackmill.Tests.Support;

/// <summary>The DAG of <c>deploy/airflow</c> on the stand-in of <c>tests/airflow-stand-in</c>, which is no Airflow; the program that it runs is the real one.</summary>
internal sealed class AirflowStandIn(string repo)
{
    public static string Dags { get; } = Path.Combine(Samples.RepositoryRoot, "deploy", "airflow", "dags");

    /// <summary>How the DAG starts the program in a shell.</summary>
    public static string Command { get; } = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' '{StackmillProgram.Dll}'";

    /// <summary>Settings of the DAG besides the folder.</summary>
    public Dictionary<string, string> Settings { get; } = new() { ["STACKMILL_COMMAND"] = Command, ["STAND_IN_ENTRYPOINT"] = Command };

    /// <summary>What the stand-in saw.</summary>
    public JsonNode Report(params string[] more)
    {
        using var folder = new TempFolder();
        var (code, error) = Start(folder["report.json"], more);
        Assert.True(code == 0, error);
        Error = error;
        return JsonNode.Parse(File.ReadAllBytes(folder["report.json"]))!;
    }

    /// <summary>What it, and what ran in it, printed.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Why the DAG could not be loaded.</summary>
    public string Refusal()
    {
        using var folder = new TempFolder();
        var (code, error) = Start(folder["report.json"]);
        Assert.NotEqual(0, code);
        return error;
    }

    private (int Code, string Error) Start(string report, params string[] more)
    {
        Requires.Tool("python3");
        Requires.Tool("bash");
        var start = new ProcessStartInfo("python3", [Path.Combine(Samples.RepositoryRoot, "tests", "airflow-stand-in", "run.py"), Dags, report, .. more]) { RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("STACKMILL_", StringComparison.Ordinal) || n.StartsWith("AIRFLOW", StringComparison.Ordinal) || n == "PUSHGATEWAY_URL").ToList())
            start.Environment.Remove(name);
        start.Environment["AIRFLOW_REPO_DIR"] = repo;
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;
        using var python = Process.Start(start)!;
        var error = python.StandardError.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, error);
    }
}
