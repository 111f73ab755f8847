using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Shared;
using Stackmill.Statistics;
using Stackmill.Validate;

namespace Stackmill.Runs.Provenance;

/// <summary>
/// What a release was made of and how, as an in-toto statement with SLSA provenance. It is not signed: it tells by checksums which files it is about, and who signs it
/// vouches for it. Only the id of the run and its two times differ between runs that make the same release.
/// </summary>
internal static class ReleaseProvenance
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "release.intoto.json";

    /// <summary>Type of the statement.</summary>
    public const string StatementType = "https://in-toto.io/Statement/v1";

    /// <summary>Type of what it says.</summary>
    public const string PredicateType = "https://slsa.dev/provenance/v1";

    private const string BuildType = "urn:stackmill:release:v1";

    /// <summary>Where the statement on a release lies: in the reports of its project, else in the release.</summary>
    public static string PathFor(string release) => Path.Combine(ProjectLayout.ReportsFor(release), FileName);

    /// <summary>Writes the statement, unless one that says the same is there: a release that is up to date was made by the run that it names.</summary>
    /// <param name="release">Folder of the release.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="corpus">The dataset that it was made from.</param>
    /// <param name="started">When it was begun.</param>
    /// <param name="context">The run.</param>
    public static void Write(string release, Manifest manifest, Dataset corpus, DateTimeOffset started, RunContext context)
    {
        var (path, version) = (PathFor(release), Plans.RunPlan.CurrentProgram);
        var statement = new JsonObject
        {
            ["_type"] = StatementType,
            ["subject"] = Subjects(release, manifest),
            ["predicateType"] = PredicateType,
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = Definition(manifest, corpus),
                ["runDetails"] = new JsonObject
                {
                    ["builder"] = new JsonObject { ["id"] = "urn:stackmill", ["version"] = new JsonObject { ["stackmill"] = version } },
                    ["metadata"] = new JsonObject { ["invocationId"] = context.RunId, ["startedOn"] = Time(started), ["finishedOn"] = Time(context.Clock.GetUtcNow()) },
                    ["byproducts"] = Byproducts(release),
                },
            },
        };
        if (!SaysTheSame(path, statement))
            AtomicFile.WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(statement.ToJsonString(ShardRunner.Json) + "\n"));
    }

    /// <summary>Removes a statement that is about another release than the one that lies there: nothing else would say that it is out of date.</summary>
    /// <param name="release">Folder of the release, which is finished.</param>
    public static void RemoveOutdated(string release)
    {
        var path = PathFor(release);
        if (File.Exists(path) && !IsAbout(path, AtomicFile.Hash(Path.Combine(release, Manifest.FileName))))
            File.Delete(path);
    }

    // The manifest has the hashes of all other files.
    private static bool IsAbout(string path, string manifest)
    {
        try
        {
            return ProvenanceStatement.Read(path).Subjects.Contains((Manifest.FileName, manifest));
        }
        catch (UsageException)
        {
            // Damaged, or of another form: it says nothing of this release.
            return false;
        }
    }

    private static JsonArray Subjects(string release, Manifest manifest)
    {
        var files = manifest.Shards.Concat(manifest.Ledger).Select(o => (o.Path, o.Sha256)).Append((Path: Manifest.FileName, Sha256: AtomicFile.Hash(Path.Combine(release, Manifest.FileName))));
        return [.. files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => Resource(f.Path, f.Sha256))];
    }

    private static JsonObject Definition(Manifest manifest, Dataset corpus)
    {
        var history = Pipeline.History(corpus);
        var (options, versions, dependencies) = (new JsonObject(), new JsonObject(), new JsonArray());
        foreach (var stage in history.Append(manifest))
        {
            options[stage.Stage] = stage.Configuration.DeepClone();
            versions[stage.Stage] = stage.StageVersion;
        }

        // The first stage known here was made from what lies elsewhere; the hash stands for its state when it was read, and is that of no file.
        foreach (var input in history.SelectMany(s => s.Inputs).Where(i => history.All(s => s.Stage != i.Name)))
            dependencies.Add(new JsonObject { ["name"] = input.Name, ["digest"] = new JsonObject { ["stackmillKey"] = input.Hash } });
        foreach (var stage in history)
            dependencies.Add(new JsonObject { ["name"] = stage.Stage, ["digest"] = new JsonObject { ["stackmillRootHash"] = stage.RootHash } });
        return new JsonObject
        {
            ["buildType"] = BuildType,
            ["externalParameters"] = new JsonObject { ["configuration"] = options },
            ["internalParameters"] = new JsonObject { ["stageVersions"] = versions },
            ["resolvedDependencies"] = dependencies,
        };
    }

    private static JsonArray Byproducts(string release) =>
    [
        .. new[] { ValidateStage.ReportName, StatisticsStage.ReportName }.Select(name => Path.Combine(ProjectLayout.ReportsFor(release), name)).Where(File.Exists)
            .Select(path => Resource(Path.GetFileName(path), AtomicFile.Hash(path))),
    ];

    private static JsonObject Resource(string name, string sha256) => new() { ["name"] = name, ["digest"] = new JsonObject { ["sha256"] = sha256 } };

    private static bool SaysTheSame(string path, JsonObject statement)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            var have = JsonNode.Parse(File.ReadAllBytes(path));
            return JsonNode.DeepEquals(have?["subject"], statement["subject"])
                && JsonNode.DeepEquals(have?["predicate"]?["buildDefinition"], statement["predicate"]!["buildDefinition"])
                && JsonNode.DeepEquals(have?["predicate"]?["runDetails"]?["byproducts"], statement["predicate"]!["runDetails"]!["byproducts"]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // Damaged, or of another form: it is written anew.
            return false;
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
