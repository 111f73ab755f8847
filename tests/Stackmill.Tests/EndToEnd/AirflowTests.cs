using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The DAG on a real Airflow, where one is installed. Elsewhere <see cref="AirflowStandInTests"/> is all there is, and this says so.</summary>
public sealed class AirflowTests(PlannedProject shared) : IClassFixture<PlannedProject>
{
    [Fact]
    public void A_real_Airflow_imports_the_DAG_and_its_run_makes_what_a_run_makes()
    {
        Assert.SkipUnless(IsInstalled(), "Airflow is not installed here: the DAG was only run on the stand-in (AirflowStandInTests)");
        var repo = Directory.CreateDirectory(shared.Folder("real")).FullName;
        File.WriteAllText(Path.Combine(repo, "stackmill.yaml"), "shard_size: 64KiB\n");
        Airflow(repo, "db", "migrate");
        Assert.Contains("No data found", Airflow(repo, "dags", "list-import-errors"), StringComparison.Ordinal);
        Airflow(repo, "dags", "test", "data_pipeline_dag", "--conf", new JsonObject { ["input"] = Samples.CorpusPath, ["slots"] = 3 }.ToJsonString());
        TreeState.AssertEqual(shared.Alone, TreeState.OfOutput(repo, p => p != "stackmill.yaml" && !p.StartsWith("plan/", StringComparison.Ordinal)));
    }

    private string Airflow(string repo, params string[] arguments)
    {
        var start = new ProcessStartInfo("airflow", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AIRFLOW_HOME"] = shared.Folder("airflow");
        start.Environment["AIRFLOW__CORE__DAGS_FOLDER"] = AirflowStandIn.Dags;
        start.Environment["AIRFLOW__CORE__LOAD_EXAMPLES"] = "false";
        start.Environment["AIRFLOW_REPO_DIR"] = repo;
        start.Environment["STACKMILL_COMMAND"] = AirflowStandIn.Command;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{output}\n{error.GetAwaiter().GetResult()}");
        return output + error.GetAwaiter().GetResult();
    }

    private static bool IsInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "airflow")));
}
