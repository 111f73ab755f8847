using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Lineage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Lineage;

public sealed class GraphTextTests : IDisposable
{
    // Signs that end, begin or escape something in one of the forms.
    private static readonly Gen<string> Hostile = Gen.OneOf(Gen.String, Gen.String[Gen.Char["\"\\[](){}<>|;#&%`'\n\r\t\u0000\u001b\u2028 -=>.:,aä\ud83d"]])
        // Half of a surrogate pair is no text, and a file can't hold it.
        .Select(s => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(s))).Where(s => s.Length > 0);

    private readonly TempFolder _folder = new();

    [Fact]
    public void Hostile_names_stay_names_in_every_form() => Gen.Select(Hostile, Hostile, Hostile).Sample((job, read, written) =>
    {
        var graph = Graph(job, read, written);
        foreach (var line in GraphText.Write(graph, "mermaid").TrimEnd('\n').Split('\n')[1..])
            AssertMermaid(line);
        // Each name is one quoted string: without those nothing of it is left.
        var dot = WithoutStrings(GraphText.Write(graph, "dot"));
        Assert.DoesNotContain('"', dot);
        Assert.All(dot.Split('\n'), line => Assert.Matches(@"^( *(digraph lineage \{|rankdir=LR;|\w+ \[[\w=, @]+\];|\w+ -> \w+( \[tooltip=@\])?;|subgraph cluster_\w+ \{|label=@;|\})?)$", line));
        var json = JsonNode.Parse(GraphText.Write(graph, "json"))!;
        Assert.Equal([read, written], json["datasets"]!.AsArray().Select(d => (string)d!["name"]!));
        Assert.Equal(job, (string)json["jobs"]![0]!["name"]!);
        Assert.DoesNotContain(GraphText.Write(graph, "text"), c => char.IsControl(c) && c != '\n');
        Assert.Equal(4, GraphText.Write(graph, "text").TrimEnd('\n').Split('\n').Length);
    }, iter: 300, threads: 1);

    [Fact]
    public void Graphviz_reads_what_is_written_for_it_with_the_same_names()
    {
        Requires.Tool("dot");
        string[] names = ["plain", "quo\"te", "back\\slash\\", "\\\"", "<b>html</b>", "a\nb", "{record|field}", "ende ] ; -> x", "ümlaut 🎉", "# // /* */", "\\N \\G"];
        foreach (var name in names)
        {
            using var dot = Process.Start(new ProcessStartInfo("dot", ["-Tdot_json"]) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = new UTF8Encoding(false) })!;
            dot.StandardInput.Write(GraphText.Write(Graph(name, "/in/" + name, "/out/" + name), "dot"));
            dot.StandardInput.Close();
            var read = JsonNode.Parse(dot.StandardOutput.ReadToEnd())!;
            dot.WaitForExit();
            Assert.Equal(0, dot.ExitCode);
            // Escapes of labels, such as \n and \G, are its drawing's: a doubled backslash is one.
            var labels = read["objects"]!.AsArray().Where(o => o!["nodes"] is null).Select(o => ((string)o!["label"]!).Replace("\\\\", "\\", StringComparison.Ordinal)).ToList();
            Assert.Contains(name.Replace('\n', '\uFFFD'), labels);
            Assert.Contains("/in/" + name.Replace('\n', '\uFFFD'), labels);
            Assert.Equal(5, labels.Count);
        }
    }

    [Fact]
    public void Only_the_events_of_a_run_are_drawn_when_one_is_named()
    {
        Write("a.jsonl", Event("one", "/a", "/b", "11111111-0000-7000-8000-000000000000"), Event("two", "/b", "/c", "22222222-0000-7000-8000-000000000000"));
        Assert.Equal(["two"], LineageGraph.Read(LineageEvents.Open(_folder.Path), "2222", columns: false).Jobs.Select(j => j.Name));
        Assert.Equal(2, LineageGraph.Read(LineageEvents.Open(_folder.Path), null, columns: false).Jobs.Count);
        Assert.Throws<UsageException>(() => LineageGraph.Read(LineageEvents.Open(_folder.Path), "3", columns: false));
    }

    [Fact]
    public void Lines_that_are_no_events_are_counted_and_left_out()
    {
        var whole = Event("one", "/a", "/b", "11111111-0000-7000-8000-000000000000");
        Write("a.jsonl", whole, "{}", "[1]", "null", "{\"job\":{\"name\":1},\"run\":7}", "", "{\"inputs\":3,\"job\":{\"name\":\"odd\"},\"run\":{\"runId\":\"x\"},\"outputs\":[{\"name\":7}]}", whole[..(whole.Length / 2)]);
        var graph = LineageGraph.Read(LineageEvents.Open(_folder["a.jsonl"]), null, columns: true);
        Assert.Equal((5L, 2), (graph.Unreadable, graph.Jobs.Count));
    }

    [Fact]
    public void A_place_without_events_is_told_with_what_writes_them()
    {
        Assert.Contains("lineage.enabled", Assert.Throws<UsageException>(() => LineageEvents.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => LineageEvents.Open(_folder["none"]));
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertMermaid(string line)
    {
        // Nodes and edges of our own, with one text in quotes of which nothing could end it.
        Assert.Matches("""^  (\w+(\(|\[\(|\[)"[^"\[\](){}<>|\\`&\n;]*(#\d+;[^"\[\](){}<>|\\`&\n;]*)*"(\)|\)\]|\])|\w+ -->(\|"\w*"\|)? \w+)$""", line);
    }

    private static string WithoutStrings(string dot)
    {
        var rest = new StringBuilder();
        for (var i = 0; i < dot.Length; i++)
        {
            if (dot[i] != '"')
            {
                rest.Append(dot[i]);
                continue;
            }

            for (i++; dot[i] != '"'; i++)
            {
                if (dot[i] == '\\')
                    i++;
            }

            rest.Append('@');
        }

        return rest.ToString();
    }

    private LineageGraph Graph(string job, string read, string written)
    {
        if (read == written)
            written += "2";
        Write("g.jsonl", Event(job, read, written, "11111111-0000-7000-8000-000000000000"));
        return LineageGraph.Read(LineageEvents.Open(_folder["g.jsonl"]), null, columns: true);
    }

    private void Write(string name, params string[] lines) => _folder.Write(name, string.Join('\n', lines) + "\n");

    private static string Event(string job, string read, string written, string run)
    {
        JsonObject Data(string name) => new() { ["namespace"] = "file", ["name"] = name };
        var output = Data(written);
        output["facets"] = new JsonObject { ["columnLineage"] = new JsonObject { ["fields"] = new JsonObject { [read] = new JsonObject { ["inputFields"] = new JsonArray(new JsonObject { ["namespace"] = "file", ["name"] = read, ["field"] = written, ["transformations"] = new JsonArray(new JsonObject { ["subtype"] = "IDENTITY" }) }) } } } };
        return new JsonObject
        {
            ["eventType"] = "START",
            ["eventTime"] = "2026-01-01T00:00:00Z",
            ["run"] = new JsonObject { ["runId"] = run },
            ["job"] = new JsonObject { ["namespace"] = "n", ["name"] = job },
            ["inputs"] = new JsonArray(Data(read)),
            ["outputs"] = new JsonArray(output),
        }.ToJsonString();
    }
}
