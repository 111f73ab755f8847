using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Lineage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Lineage;

public sealed class LineageGraphTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Half_a_surrogate_pair_makes_a_line_unreadable_wherever_it_stands()
    {
        Write(
            Event("job", "r1", "/in"), Event("job", "r1", "/in").Replace("\"job\":{\"namespace\":\"n\",\"name\":\"job\"", "\"job\":{\"namespace\":\"n\",\"name\":\"\\ud800\"", StringComparison.Ordinal), Event("job", "r1", "/in").Replace("/in", "/\\uDC00", StringComparison.Ordinal),
            Event("job", "r1", "/in").Replace("\"inputs\"", "\"\\ud83d\":1,\"inputs\"", StringComparison.Ordinal), Event("job", "r1", "/in").Replace("/in", "/\\ud83d\\ude00", StringComparison.Ordinal));
        var graph = Read();
        Assert.Equal(3, graph.Unreadable);
        Assert.Equal(["/in", "/out-job", "/😀"], graph.Data.Select(d => d.Name));
        foreach (var format in GraphText.Formats)
            Assert.NotEmpty(GraphText.Write(graph, format));
    }

    [Fact]
    public void A_file_without_events_is_named_with_the_lines_that_are_none()
    {
        Write("{}", "x", "\"\\ud800\"");
        var fault = Assert.Throws<UsageException>(Read).Message;
        Assert.Contains($"'{_folder["e.jsonl"]}' holds no OpenLineage events: 3 lines are none", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_is_refused_instead_of_being_waited_for()
    {
        Requires.Unix();
        Requires.Tool("mkfifo");
        using (var fifo = System.Diagnostics.Process.Start("mkfifo", [_folder["f.jsonl"]]))
            fifo.WaitForExit();
        foreach (var path in (string[])[_folder["f.jsonl"], _folder.Path, "/dev/zero"])
            Assert.Contains("FIFO, socket or device", Assert.Throws<UsageException>(() => LineageEvents.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_beginning_of_several_ids_is_refused_and_one_of_a_run_stands_for_its_stages()
    {
        JsonObject Facets(string run) => new() { ["stackmill_run"] = new JsonObject { ["commandRunId"] = run }, ["parent"] = new JsonObject { ["run"] = new JsonObject { ["runId"] = run } } };
        Write(Event("one", "01a2-1", "/a"), Event("one.stage", "01a2-9", "/a", Facets("01a2-1")), Event("two", "01a2-2", "/b"), Event("three", "01a2", "/c"), Event("plan.stage", "77", "/d", new JsonObject { ["stackmill_run"] = new JsonObject { ["plan"] = "abcd", ["commandRunId"] = "77" } }));
        Assert.Equal("several runs have ids that begin with '01a': 01a2, 01a2-1, 01a2-2. Give more of the id.", Assert.Throws<UsageException>(() => Read("01a")).Message);
        Assert.Equal(["one", "one.stage"], Read("01A2-1").Jobs.Select(j => j.Name));
        Assert.Equal(["one.stage"], Read("01a2-9").Jobs.Select(j => j.Name));
        // A whole id is that run, whatever else begins so.
        Assert.Equal(["three"], Read("01a2").Jobs.Select(j => j.Name));
        Assert.Equal(["plan.stage"], Read("ab").Jobs.Select(j => j.Name));
        Assert.Throws<UsageException>(() => Read("02"));
        Assert.Contains("expected the id of a run", Assert.Throws<UsageException>(() => Read("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_are_counted_also_where_their_beginning_is_missing_and_each_once()
    {
        Write(Event("job", "r1", "/a", type: "COMPLETE"), Event("job", "r2", "/a", type: "START"), Event("job", "r2", "/a", type: "RUNNING"), Event("job", "r2", "/a", type: "COMPLETE"), Event("other", "r2", "/a", type: "FAIL"));
        Assert.Equal([2, 1], Read().Jobs.Select(j => j.Runs));
    }

    [Fact]
    public void What_a_job_reads_and_writes_is_kept_with_the_job_and_drawn_once()
    {
        Write(Event("one", "r1", "/a"), Event("one", "r1", "/b"), Event("one", "r2", "/a"), Event("two", "r3", "/b"));
        var graph = Read();
        Assert.Equal([["/a", "/b"], ["/b"]], graph.Jobs.Select(j => graph.ReadBy(j).Select(d => d.Name).ToArray()));
        Assert.Equal([["/out-one"], ["/out-two"]], graph.Jobs.Select(j => graph.WrittenBy(j).Select(d => d.Name).ToArray()));
        Assert.Equal(graph.Edges.Count, graph.Jobs.Sum(j => graph.ReadBy(j).Count + graph.WrittenBy(j).Count));
        Assert.Contains("one  START 2026-01-01T00:00:00Z, 2 runs\n  reads   /a\n  reads   /b\n  writes  /out-one\ntwo  ", GraphText.Write(graph, "text"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_drawings_are_cut_and_others_are_whole()
    {
        var name = string.Concat(Enumerable.Repeat("😀x", 20_000));
        Write(Event(name, "r1", "/" + name));
        var graph = Read();
        foreach (var format in (string[])["dot", "mermaid"])
            Assert.All(GraphText.Write(graph, format).Split('\n'), l => Assert.InRange(l.Length, 0, 2_000));
        Assert.Contains("…", GraphText.Write(graph, "dot"), StringComparison.Ordinal);
        Assert.Contains(name, GraphText.Write(graph, "text"), StringComparison.Ordinal);
        Assert.Equal("\"" + new string('a', 200) + "\"", GraphText.DotText(new string('a', 200)));
        Assert.Equal("\"" + new string('a', 199) + "…\"", GraphText.DotText(new string('a', 201)));
    }

    public void Dispose() => _folder.Dispose();

    private LineageGraph Read() => Read(null);

    private LineageGraph Read(string? run) => LineageGraph.Read(LineageEvents.Open(_folder["e.jsonl"]), run, columns: true);

    private void Write(params string[] lines) => _folder.Write("e.jsonl", string.Join('\n', lines) + "\n");

    private static string Event(string job, string run, string read, JsonObject? facets = null, string type = "START") => new JsonObject
    {
        ["eventType"] = type,
        ["eventTime"] = "2026-01-01T00:00:00Z",
        ["run"] = new JsonObject { ["runId"] = run, ["facets"] = facets ?? [] },
        ["job"] = new JsonObject { ["namespace"] = "n", ["name"] = job },
        ["inputs"] = new JsonArray(new JsonObject { ["namespace"] = "file", ["name"] = read }),
        ["outputs"] = new JsonArray(new JsonObject { ["namespace"] = "file", ["name"] = "/out-" + job }),
    }.ToJsonString(EventFile.Json);
}
