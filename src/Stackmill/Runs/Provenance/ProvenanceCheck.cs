using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Runs.Provenance;

/// <summary>What became of a file that a statement names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Trouble">What is wrong with it; <c>null</c> when it is as the statement says.</param>
internal sealed record CheckedSubject(string Name, string? Trouble);

/// <summary>Holds the files of a release against its statement. A statement is not signed: this finds damage and mix-ups, not a forger.</summary>
/// <param name="Statement">Path of the statement.</param>
/// <param name="Release">Folder of the release.</param>
/// <param name="Subjects">The files that it names.</param>
internal sealed record ProvenanceCheck(string Statement, string Release, IReadOnlyList<CheckedSubject> Subjects)
{
    // A release of a million shards has some hundred megabytes of names.
    private const long MostBytes = 1L << 30;

    /// <summary>True when all files are as the statement says.</summary>
    public bool Passed => Subjects.All(s => s.Trouble is null);

    /// <summary>Checks the release of a project, a folder with a release and its statement, or the release that a statement lies beside.</summary>
    /// <param name="path">Project folder, folder of a release, or statement.</param>
    /// <param name="release">Folder of the release; <c>null</c> where it lies as runs put it.</param>
    /// <exception cref="UsageException">There is no such statement.</exception>
    public static ProvenanceCheck Run(string path, string? release)
    {
        if (!Path.Exists(path))
            throw new UsageException($"'{path}' does not exist; expected a project folder, a release, or its {ReleaseProvenance.FileName}.");
        var statement = File.Exists(path) ? path
            : new[] { Path.Combine(ProjectLayout.Reports(path), ReleaseProvenance.FileName), Path.Combine(path, ReleaseProvenance.FileName), ReleaseProvenance.PathFor(path) }.FirstOrDefault(File.Exists)
            ?? throw new UsageException($"'{path}' has no {ReleaseProvenance.FileName}. It is written with a release when lineage.provenance is set; expected a project folder, a release, or such a file.");
        release ??= FolderOf(statement);
        if (!Directory.Exists(release))
            throw new UsageException($"there is no release in '{release}'. Name its folder with --release.");
        return new ProvenanceCheck(statement, release, [.. Read(statement).Select(s => new CheckedSubject(s.Name, Check(release, s.Name, s.Sha256)))]);
    }

    private static string FolderOf(string statement)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(statement))!;
        return File.Exists(Path.Combine(folder, Manifest.FileName)) ? folder : ProjectLayout.Data(Path.GetDirectoryName(folder) ?? folder, Pipeline.ReleaseName);
    }

    private static string? Check(string release, string name, string sha256)
    {
        // A statement comes from others: its names must not lead out of the release.
        if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
            return "the name leads out of the release";
        var file = Path.Combine(release, name);
        if (!File.Exists(file))
            return "missing";
        var found = AtomicFile.Hash(file);
        return found == sha256 ? null : $"its SHA-256 is {found}, the statement says {sha256}";
    }

    private static string Text(JsonNode? node) => (string?)node ?? throw new JsonException("a subject has no name, or no sha256");

    private static List<(string Name, string Sha256)> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length <= MostBytes && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject statement
                && (string?)statement["_type"] == ReleaseProvenance.StatementType && (string?)statement["predicateType"] == ReleaseProvenance.PredicateType)
            {
                return [.. (statement["subject"] as JsonArray ?? throw new JsonException("there are no subjects")).Select(s => (Text(s?["name"]), Text(s?["digest"]?["sha256"])))];
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new UsageException($"'{path}' is no in-toto statement: it is not of the form {ReleaseProvenance.StatementType} with subjects that have a name and a sha256. Write it anew by a run with lineage.provenance set.", fault);
        }

        throw new UsageException($"'{path}' is no statement of the types {ReleaseProvenance.StatementType} and {ReleaseProvenance.PredicateType}. Write it anew by a run with lineage.provenance set.");
    }
}
