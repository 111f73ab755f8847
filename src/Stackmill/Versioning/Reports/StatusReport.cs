using System.Text.Json.Nodes;
using Stackmill.Versioning.Pipelines;

namespace Stackmill.Versioning.Reports;

/// <summary>What changed in a project, in the words and forms of <c>dvc status</c>.</summary>
internal static class StatusReport
{
    // DVC's column of states.
    private const int StateWidth = 20;

    /// <summary>The lines for people.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<StageStatus> changed)
    {
        if (changed.Count == 0)
            yield return "Data and pipelines are up to date.";
        foreach (var status in changed)
        {
            yield return $"{status.Stage.Address}:";
            foreach (var (title, differences) in new[] { ("changed deps", status.Dependencies), ("changed outs", status.Outputs) })
            {
                if (differences.Count > 0)
                    yield return $"\t{title}:";
                foreach (var difference in differences)
                {
                    yield return difference.Names.Count > 0 ? $"\t\t{difference.Path}:" : $"\t\t{State(difference.State)}{difference.Path}";
                    foreach (var (name, state) in difference.Names)
                        yield return $"\t\t\t{State(state)}{name}";
                }
            }

            if (status.AlwaysChanged)
                yield return "\talways changed";
            if (status.CommandChanged)
                yield return "\tchanged command";
        }
    }

    /// <summary>The object for programs.</summary>
    public static JsonObject Json(IReadOnlyList<StageStatus> changed)
    {
        var all = new JsonObject();
        foreach (var status in changed)
        {
            var list = new JsonArray();
            if (status.Dependencies.Count > 0)
                list.Add(new JsonObject { ["changed deps"] = Json(status.Dependencies) });
            if (status.Outputs.Count > 0)
                list.Add(new JsonObject { ["changed outs"] = Json(status.Outputs) });
            if (status.AlwaysChanged)
                list.Add("always changed");
            if (status.CommandChanged)
                list.Add("changed command");
            all[status.Stage.Address] = list;
        }

        return all;
    }

    private static JsonObject Json(IReadOnlyList<Difference> differences)
    {
        var found = new JsonObject();
        foreach (var difference in differences)
        {
            JsonNode state = difference.State;
            if (difference.Names.Count > 0)
            {
                var names = new JsonObject();
                foreach (var (name, change) in difference.Names)
                    names[name] = change;
                state = names;
            }

            found[difference.Path] = state;
        }

        return found;
    }

    private static string State(string state) => $"{state}:".PadRight(StateWidth);
}
