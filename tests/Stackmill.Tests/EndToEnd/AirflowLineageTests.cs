using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>What a task of the DAG hands to the program besides its arguments; on the stand-in, as <see cref="AirflowStandInTests"/>.</summary>
public sealed class AirflowLineageTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("docker")]
    [InlineData("kubernetes")]
    public void On_a_stand_in_for_Airflow_the_program_is_told_which_run_its_own_is_part_of_by_each_kind_of_operator(string kind)
    {
        using var folder = new TempFolder();
        var first = Parents(folder, kind, "none");
        // A namespace, the name of the task, and a run: the same for the same task, another for each try and each part.
        Assert.All(first, l => Assert.Matches(@"^\S+ of a house/data_pipeline_dag\.[\w.]+/[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12} pushes=$", l));
        Assert.Contains(first, l => l.Contains("/data_pipeline_dag.plan.write/", StringComparison.Ordinal));
        Assert.Equal(2, first.Count(l => l.Contains("/data_pipeline_dag.organize.shards/", StringComparison.Ordinal)));
        Assert.Equal(first.Count, first.Distinct().Count());
        Assert.Equal(first, Parents(folder, kind, "none"));
    }

    [Fact]
    public void On_a_stand_in_for_Airflow_the_provider_of_OpenLineage_names_the_run_where_it_is_installed()
    {
        using var folder = new TempFolder();
        Assert.All(Parents(folder, "bash", "provider"), l => Assert.Matches(@"^\S+ of-the-provider/data_pipeline_dag\.[\w.]+/01a20520-4179-7c6d-b204-b4b9a040c0fb pushes=$", l));
    }

    [Fact]
    public void On_a_stand_in_for_Airflow_a_provider_of_OpenLineage_that_fails_is_told_of_and_stops_no_task()
    {
        using var folder = new TempFolder();
        var airflow = new AirflowStandIn(Directory.CreateDirectory(folder["repo"]).FullName);
        Assert.Equal(Parents(folder, "bash", "none"), Parents(folder, "bash", "faulty", airflow));
        Assert.Contains("does not name the run of plan.write (AttributeError)", airflow.Error, StringComparison.Ordinal);
    }

    // Runs the plan and the first stage; everything behind it is refused, which is enough here.
    private static List<string> Parents(TempFolder folder, string kind, string lineage, AirflowStandIn? airflow = null)
    {
        folder.Write("input/one.py", Source.Python(1));
        folder.Write("input/two.js", Source.Python(2));
        var log = folder[$"{Guid.NewGuid():N}"];
        var command = folder.Write("command.sh", $$"""
            [ "$2" != preprocess ] || exit 2
            echo "$1 $OPENLINEAGE_PARENT_ID pushes=$PUSHGATEWAY_URL" >> '{{log}}'
            exec {{AirflowStandIn.Command}} "$@"

            """);
        airflow ??= new AirflowStandIn(Directory.CreateDirectory(folder["repo"]).FullName);
        (airflow.Settings["STACKMILL_COMMAND"], airflow.Settings["STAND_IN_ENTRYPOINT"]) = ($"bash '{command}'", $"bash '{command}'");
        (airflow.Settings["STACKMILL_OPERATOR"], airflow.Settings["STACKMILL_IMAGE"], airflow.Settings["STACKMILL_POD_TEMPLATE"]) = (kind, "stackmill:0.1.0", "/etc/stackmill/pod-template.yaml");
        airflow.Settings["AIRFLOW__OPENLINEAGE__NAMESPACE"] = "of a house";
        var report = airflow.Report("--lineage", lineage, "--gateway", "up", "--run", new JsonObject { ["input"] = folder["input"], ["slots"] = 2 }.ToJsonString());
        Assert.True((string)report["states"]!["organize.finish"]![0]! == "success", airflow.Error);
        return [.. File.ReadAllLines(log)];
    }
}
