using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Reports;

/// <summary>An output as a lock or <c>.dvc</c> file of a commit writes it down.</summary>
/// <param name="Path">Its path from the root.</param>
/// <param name="Recorded">What was written down; null without a hash.</param>
/// <param name="UsesCache">True when the cache keeps it, as far as that can be told.</param>
/// <param name="MayLackHash">True for what need not be there: data that was imported and not fetched, and what lies outside of this machine.</param>
internal sealed record RecordedOutput(string Path, Recorded? Recorded, bool UsesCache, bool MayLackHash);

/// <summary>The data of a project at one time: of the workspace, or of a commit.</summary>
internal static class DataState
{
    /// <summary>Outputs of the workspace with the hashes that they have now.</summary>
    public static Dictionary<string, string> Now(DataSession session)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, output) in session.Index.Outputs.Where(o => o.Output.UsesCache))
        {
            if (session.Hasher.Hash(output.FullPath) is { } hashed)
                found[session.Project.FromRoot(output.FullPath)] = hashed.Md5;
        }

        return found;
    }

    /// <summary>Outputs of a commit with the hashes that its locks and <c>.dvc</c> files wrote down.</summary>
    public static Dictionary<string, string> At(DataSession session, string revision)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, text) in session.Git.Texts(revision, IsRecord))
        {
            foreach (var output in Records(session, path, text, $"{revision}:{path}").Where(o => o is { UsesCache: true, Recorded.IsLegacy: false }))
                found[output.Path] = output.Recorded!.Value.Md5;
        }

        return found;
    }

    /// <summary>True for files that hashes are written down in.</summary>
    public static bool IsRecord(string path) => Path.GetFileName(path) is var name && (name == DvcProject.LockName || (name.EndsWith(DvcProject.DvcEnding, StringComparison.Ordinal) && name != DvcProject.FolderName && !path.StartsWith(DvcProject.FolderName + "/", StringComparison.Ordinal)));

    /// <summary>Outputs that a lock or <c>.dvc</c> file of a commit writes down.</summary>
    /// <param name="session">The project.</param>
    /// <param name="path">Path of the file from the root.</param>
    /// <param name="text">Its text.</param>
    /// <param name="name">How messages call it: with the commit, as Git does.</param>
    /// <exception cref="UsageException">It is not as DVC expects it.</exception>
    public static IReadOnlyList<RecordedOutput> Records(DataSession session, string path, string text, string name)
    {
        var (project, full) = (session.Project, Path.Combine(session.Project.Root, path));
        if (Path.GetFileName(path) != DvcProject.LockName)
        {
            var data = DvcFile.Read(project, full, text, name);
            return data.Outputs.ConvertAll(o => new RecordedOutput(project.FromRoot(o.FullPath), o.Recorded, o.UsesCache, data.IsImport));
        }

        _ = LockFile.Read(full, text, name);
        var found = new List<RecordedOutput>();
        foreach (var (key, entry) in KeyCheck.Map(YamlReader.ReadMap(text, name).Get("stages"), name))
        {
            // A lock says neither where a stage runs nor what the cache keeps: that is what it is now, where the stage still exists.
            var stage = session.Index.Stages.FirstOrDefault(s => s.Name == key && Path.GetDirectoryName(s.File) == Path.GetDirectoryName(full));
            foreach (var (output, recorded) in RunCache.OutputsOf((DataMap)entry!, name))
            {
                // What lies outside of this machine is known by other marks than a hash.
                var isElsewhere = output.Contains("://", StringComparison.Ordinal);
                var place = isElsewhere ? output : ProjectPath.Full(stage?.Folder ?? Path.GetDirectoryName(full)!, output);
                found.Add(new RecordedOutput(isElsewhere ? output : project.FromRoot(place), recorded, stage?.Outputs.Find(o => o.FullPath == place)?.UsesCache ?? !isElsewhere, isElsewhere));
            }
        }

        return found;
    }

    /// <summary>Outputs, and the files of those that are folders, as far as the cache or the workspace knows them.</summary>
    public static Dictionary<string, string> WithFiles(DataSession session, Dictionary<string, string> outputs, bool isNow, ICollection<string> unknown)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, hash) in outputs)
        {
            if (!Md5File.IsFolder(hash))
            {
                all[path] = hash;
                continue;
            }

            all[path + "/"] = hash;
            var folder = session.Cache.Folders(hash) ?? (isNow ? session.Hasher.List(Path.Combine(session.Project.Root, path)).Object : null);
            if (folder is null)
                unknown.Add(path + "/");
            foreach (var entry in folder?.Entries ?? [])
                all[$"{path}/{entry.Path}"] = entry.Md5;
        }

        return all;
    }
}
