using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Reports;

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
            foreach (var (output, hash, usesCache) in Records(session, path, text))
            {
                if (usesCache)
                    found[output] = hash;
            }
        }

        return found;
    }

    /// <summary>True for files that hashes are written down in.</summary>
    public static bool IsRecord(string path) => Path.GetFileName(path) is var name && (name == DvcProject.LockName || (name.EndsWith(DvcProject.DvcEnding, StringComparison.Ordinal) && name != DvcProject.FolderName && !path.StartsWith(DvcProject.FolderName + "/", StringComparison.Ordinal)));

    /// <summary>Outputs that a lock or <c>.dvc</c> file writes down: path from the root, hash, whether the cache keeps it.</summary>
    public static IEnumerable<(string Path, string Hash, bool UsesCache)> Records(DataSession session, string path, string text)
    {
        var (project, full) = (session.Project, Path.Combine(session.Project.Root, path));
        if (Path.GetFileName(path) != DvcProject.LockName)
            return DvcFile.Read(project, full, text).Outputs.Where(o => o.Recorded is { IsLegacy: false }).Select(o => (project.FromRoot(o.FullPath), o.Recorded!.Value.Md5, o.UsesCache));
        _ = LockFile.Read(full, text, path);
        var found = new List<(string, string, bool)>();
        foreach (var (name, entry) in KeyCheck.Map(YamlReader.ReadMap(text, path).Get("stages"), path))
        {
            // A lock says neither where a stage runs nor what the cache keeps: that is what it is now, where the stage still exists.
            var stage = session.Index.Stages.FirstOrDefault(s => s.Name == name && Path.GetDirectoryName(s.File) == Path.GetDirectoryName(full));
            foreach (var (output, recorded) in RunCache.OutputsOf((DataMap)entry!, path).Where(o => o.Value is { IsLegacy: false }))
            {
                var place = ProjectPath.Full(stage?.Folder ?? Path.GetDirectoryName(full)!, output);
                found.Add((project.FromRoot(place), recorded!.Value.Md5, stage?.Outputs.Find(o => o.FullPath == place)?.UsesCache ?? true));
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
