using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Lineage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Lineage;

public sealed class EventSchemaTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void The_schema_takes_events_with_every_facet_and_refuses_each_damage()
    {
        var lineage = Full();
        Assert.Empty(EventSchema.Faults(lineage.ToJsonString()));
        foreach (var damage in (Action<JsonNode>[])
        [
            e => e["eventType"] = "BEGIN",
            e => e["eventTime"] = "yesterday",
            e => e.AsObject().Remove("producer"),
            e => e["run"]!["runId"] = "7",
            e => e["job"]!.AsObject().Remove("namespace"),
            e => e["run"]!["facets"]!["errorMessage"]!.AsObject().Remove("message"),
            e => e["run"]!["facets"]!["parent"]!["run"]!["runId"] = "none",
            e => e["run"]!["facets"]!["parent"]!["root"]!.AsObject().Remove("job"),
            e => e["run"]!["facets"]!["nominalTime"]!["nominalStartTime"] = "noon",
            e => e["run"]!["facets"]!["processing_engine"]!["version"] = 1,
            e => e["run"]!["facets"]!["stackmill_run"]!.AsObject().Remove("_schemaURL"),
            e => e["job"]!["facets"]!["jobType"]!.AsObject().Remove("integration"),
            e => e["job"]!["facets"]!["documentation"]!.AsObject().Remove("description"),
            e => e["inputs"]![0]!.AsObject().Remove("name"),
            e => e["inputs"]![0]!["inputFacets"]!["inputStatistics"]!["rowCount"] = "many",
            e => e["outputs"]![0]!["facets"]!["schema"]!["fields"]![0]!.AsObject().Remove("name"),
            e => e["outputs"]![0]!["facets"]!["dataSource"]!["uri"] = "no address",
            e => e["outputs"]![0]!["facets"]!["version"]!.AsObject().Remove("datasetVersion"),
            e => e["outputs"]![0]!["facets"]!["storage"]!.AsObject().Remove("storageLayer"),
            e => e["outputs"]![0]!["facets"]!["columnLineage"]!["fields"]!["content"]!["inputFields"]![0]!.AsObject().Remove("field"),
            e => e["outputs"]![0]!["facets"]!["columnLineage"]!["dataset"]![0]!.AsObject().Remove("namespace"),
            e => e["outputs"]![0]!["outputFacets"]!["outputStatistics"]!["size"] = 1.5,
        ])
        {
            var damaged = lineage.DeepClone();
            damage(damaged);
            Assert.NotEmpty(EventSchema.Faults(damaged.ToJsonString()));
        }
    }

    [Fact]
    public void Where_a_column_comes_from_is_told_with_what_is_done_and_what_is_hidden()
    {
        var facets = Full()["outputs"]![0]!["facets"]!;
        var content = facets["columnLineage"]!["fields"]!["content"]!["inputFields"]![0]!;
        Assert.Equal(("s3://pail", "in", "content"), ((string)content["namespace"]!, (string)content["name"]!, (string)content["field"]!));
        Assert.Equal("""{"type":"DIRECT","subtype":"TRANSFORMATION","description":"cleaned","masking":true}""", content["transformations"]![0]!.ToJsonString());
        Assert.Equal("""{"type":"DIRECT","subtype":"IDENTITY","masking":false}""", facets["columnLineage"]!["fields"]!["path"]!["inputFields"]![0]!["transformations"]![0]!.ToJsonString());
        Assert.Equal("""{"type":"INDIRECT","subtype":"FILTER","masking":false}""", facets["columnLineage"]!["dataset"]![0]!["transformations"]![0]!.ToJsonString());
    }

    public void Dispose() => _folder.Dispose();

    // A task of a plan on object storage that failed after it had written something.
    private JsonNode Full()
    {
        var environment = new Dictionary<string, string>
        {
            [LineageOptions.ParentVariable] = "fields/dag.task/01a2190c-d70b-7e2b-9d33-a7ac510b5a52",
            [LineageOptions.RootVariable] = "fields/dag/01a2190c-d70b-7e2b-9d33-a7ac510b5a53",
            ["AIRFLOW_CTX_LOGICAL_DATE"] = "2026-02-03T00:00:00+00:00",
        };
        using (var run = LineageRun.Start(
            new LineageOptions { Folder = _folder["events"], IntervalSeconds = 0 },
            new LineageSubject("task", "01a2190c-d70b-7e2b-9d33-a7ac510b5a54", "mill", "1.2.3") { Describe = _ => "Makes it.", Environment = environment.GetValueOrDefault },
            null, new FakeClock())!)
        {
            run.StandsFor(_folder.Path, "s3://pail/out");
            run.TaskOfPlan("abc", "preprocess", "preprocess/00001");
            run.DataKnown("preprocess", new StageData(
                [new DataPlace("s3://pail/in", "parquet", [new("content", "binary"), new("path", "string")]) { Amount = new("v1", 3, 100, 2) }],
                new DataPlace(_folder["data/processed"], "parquet", [new("content", "string") { From = [new("content", "cleaned", Masks: true)] }, new("path", "string") { From = [new("path")] }]))
            {
                Decides = ["content"],
            });
            run.ShardDone("preprocess", new ShardTask(0, "part-00000", 1), new ShardMarker("k", "part-00000", new Books { In = 3, Kept = 3 }, [new ShardOutput("c/part-00000.parquet", "shard", "C", 3, 50, 40, "00")]), reused: false);
            run.DataWritten("preprocess", new DataAmount("v2", 3, 40, 1));
            run.End(ExitCode.RunFault, new RunFaultException("the disk is full"));
        }

        return JsonNode.Parse(File.ReadLines(Directory.EnumerateFiles(_folder["events"]).Single()).Last())!;
    }
}
