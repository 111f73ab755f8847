using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Pipelines;

/// <summary>One thing of a stage that is not as it was written down.</summary>
/// <param name="Path">Its path as people see it.</param>
/// <param name="State"><c>modified</c>, <c>deleted</c>, <c>new</c> or <c>not in cache</c>; empty where names say more.</param>
/// <param name="Names">Names of parameters with their states.</param>
internal sealed record Difference(string Path, string State, IReadOnlyList<(string Name, string State)> Names);

/// <summary>What of a stage is not as it was when it last ran.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Dependencies">What it reads.</param>
/// <param name="Outputs">What it makes.</param>
/// <param name="AlwaysChanged">True when it always runs.</param>
/// <param name="CommandChanged">True when its command is another.</param>
internal sealed record StageStatus(Stage Stage, IReadOnlyList<Difference> Dependencies, IReadOnlyList<Difference> Outputs, bool AlwaysChanged, bool CommandChanged)
{
    /// <summary>State of what is not there.</summary>
    public const string Deleted = "deleted";

    /// <summary>State of what the cache lacks.</summary>
    public const string NotInCache = "not in cache";

    private const string Modified = "modified";

    /// <summary>True when nothing differs.</summary>
    public bool IsClean => Dependencies.Count == 0 && Outputs.Count == 0 && !AlwaysChanged && !CommandChanged;

    /// <summary>Compares a stage with what is there.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="project">Its project.</param>
    /// <param name="hasher">Hashes what is there.</param>
    /// <param name="kept">For the hash of each output, whether the cache has all of it.</param>
    /// <param name="parameters">Values of parameters.</param>
    public static StageStatus Of(Stage stage, DvcProject project, ContentHasher hasher, IReadOnlyDictionary<string, bool> kept, ParameterValues parameters)
    {
        var dependencies = new List<Difference>();
        if (!stage.IsFrozen)
        {
            foreach (var dependency in stage.Dependencies)
            {
                if (Compare(hasher.Hash(dependency.FullPath), dependency.Recorded) is { } state)
                    dependencies.Add(new Difference(project.Show(dependency.FullPath), state, []));
            }

            foreach (var parameter in stage.Parameters)
            {
                var path = project.Show(parameter.FullPath);
                if (parameters.Read(parameter) is not { } actual)
                    dependencies.Add(new Difference(path, Deleted, []));
                else if (parameter.Recorded is null)
                    dependencies.Add(new Difference(path, "new", []));
                else if (ParameterValues.Changes(parameter, actual).ToList() is { Count: > 0 } names)
                    dependencies.Add(new Difference(path, "", names));
            }
        }

        var outputs = new List<Difference>();
        foreach (var output in stage.Outputs)
        {
            var state = output is { UsesCache: true, Recorded: { } recorded } && (recorded.IsLegacy || !kept[recorded.Value.Md5]) ? NotInCache
                : Compare(hasher.Hash(output.FullPath), output.Recorded);
            if (state is not null)
                outputs.Add(new Difference(project.Show(output.FullPath), state, []));
        }

        return new StageStatus(stage, dependencies, outputs, stage.AlwaysChanged || stage.IsCallback, stage.CommandChanged);
    }

    private static string? Compare(Hashed? now, Recorded? recorded) => now is null ? Deleted : recorded?.Is(now) == true ? null : Modified;
}
