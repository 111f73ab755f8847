using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The samples' corpus in small shards, and what one process makes of it.</summary>
public sealed class PlannedProject : IDisposable
{
    private readonly TempFolder _folder = new();

    public PlannedProject()
    {
        StackmillProgram.Run(RunArgs("alone")).Expect(0);
        Alone = Tree("alone");
    }

    internal SortedDictionary<string, string> Alone { get; }

    /// <summary>What a project holds besides its plan.</summary>
    internal SortedDictionary<string, string> Tree(string project) => TreeState.OfOutput(Folder(project), path => !path.StartsWith("plan/", StringComparison.Ordinal));

    internal string Folder(string name) => _folder[name];

    internal string[] RunArgs(string project, params string[] more) => ["run", .. Source(project), .. more];

    internal string[] PlanArgs(string project, params string[] more) => ["plan", .. Source(project), "--json", .. more];

    internal string[] TaskArgs(string project, string id, params string[] more) => ["task", id, "--output", Folder(project), "--quiet", .. more];

    internal List<JsonNode> Plan(string project, params string[] more) =>
        [.. JsonNode.Parse(StackmillProgram.Run(PlanArgs(project, more)).Expect(0).Output)!["groups"]!.AsArray().Select(g => g!)];

    public void Dispose() => _folder.Dispose();

    private string[] Source(string project) => ["--input", Samples.CorpusPath, "--output", Folder(project), "--set", "shard_size=64KiB", "--quiet"];
}
