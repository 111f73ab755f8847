using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Export;

namespace Stackmill.Runs.Provenance;

/// <summary>A file that is not as a statement says.</summary>
/// <param name="Name">Its name; that of a folder ends in a slash.</param>
/// <param name="Trouble">What is wrong with it.</param>
internal sealed record CheckedSubject(string Name, string Trouble);

/// <summary>
/// Holds the files of a release against its statement, and against the manifest and the indexes that the statement vouches for. A statement is not signed: this finds damage
/// and mix-ups, not a forger.
/// </summary>
/// <param name="Statement">Path of the statement.</param>
/// <param name="Release">Folder of the release.</param>
/// <param name="Files">Files that are named.</param>
/// <param name="Wrong">Those that are not as is said of them.</param>
/// <param name="Strange">Files and folders that lie there and are not named.</param>
/// <param name="Told">The first of those that are wrong or strange.</param>
internal sealed record ProvenanceCheck(string Statement, string Release, long Files, long Wrong, long Strange, IReadOnlyList<CheckedSubject> Told)
{
    /// <summary>Files that are told by name at most.</summary>
    public const int MostTold = 20;

    /// <summary>True when all files are as the statement says, and there are no others.</summary>
    public bool Passed => Wrong == 0 && Strange == 0;

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
        var said = ProvenanceStatement.Read(statement);
        release ??= FolderOf(statement);
        if (!Directory.Exists(release))
            throw new UsageException($"there is no release in '{release}'. Name its folder with --release.");
        var files = new ReleaseFiles(release, MostTold);
        Check(files, said, release);
        return new ProvenanceCheck(statement, release, files.Named, files.Wrong, files.Strange, files.Told);
    }

    private static string FolderOf(string statement)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(statement))!;
        return File.Exists(Path.Combine(folder, Manifest.FileName)) ? folder : ProjectLayout.Data(Path.GetDirectoryName(folder) ?? folder, Pipeline.ReleaseName);
    }

    private static void Check(ReleaseFiles files, ProvenanceStatement said, string release)
    {
        var whole = new HashSet<string>(StringComparer.Ordinal);
        files.Check(said.Subjects, name => whole.Add(name));
        var subjects = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, sha256) in said.Subjects)
            subjects.TryAdd(name, sha256);
        if (!subjects.ContainsKey(Manifest.FileName))
            files.TellUnsaid(Manifest.FileName, "the statement does not name it");
        // What a manifest or an index says counts once it is the one that the statement means; what else lies there is known only when all of them are.
        if (!whole.Contains(Manifest.FileName) || Manifest.Read(release) is not { } manifest)
            return;
        var isAllKnown = true;
        foreach (var output in manifest.Shards.Concat(manifest.Ledger))
        {
            var isSaid = subjects.TryGetValue(output.Path, out var sha256);
            if (!isSaid)
                files.TellUnsaid(output.Path, $"the statement does not name it, but {Manifest.FileName} does");
            else if (!output.Sha256.Equals(sha256, StringComparison.OrdinalIgnoreCase))
                files.Tell(output.Path, $"the statement and {Manifest.FileName} say different SHA-256");
            if (!output.Path.StartsWith(FileTreeWorker.IndexFolder + "/", StringComparison.Ordinal))
                continue;
            if (isSaid && whole.Contains(output.Path))
                files.Check(FileTreeWorker.Listed(Path.Combine(release, output.Path)));
            else
                isAllKnown = false;
        }

        if (!isAllKnown)
            return;
        foreach (var name in said.Byproducts.Append(OutputLock.FileName).Append(ReleaseProvenance.FileName))
            files.Know(name);
        files.FindStrange();
    }
}
