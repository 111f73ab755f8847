using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Actions;

/// <summary>Has DVC keep files and folders: into the cache, with a <c>.dvc</c> file beside each.</summary>
internal static class DataAdd
{
    /// <summary>Adds paths.</summary>
    /// <exception cref="StackmillException">One can't be added; those before it are.</exception>
    public static void Run(DataSession session, IReadOnlyList<string> targets)
    {
        var recorder = new StageRecorder(session);
        foreach (var path in targets.Select(session.Project.Full).Distinct(StringComparer.Ordinal))
        {
            session.Cancellation.ThrowIfCancellationRequested();
            Require(session, path);
            var file = path + DvcProject.DvcEnding;
            session.RequireFree(read: [], write: [path]);
            session.Workspace.RequireReal(path);
            recorder.Ignore(path);
            foreach (var link in Directory.Exists(path) ? LinkedFolders.Inside(path, session.Project.Ignore) : [])
                session.Output.WriteLine($"warning: '{session.Project.Show(link)}' is a link to a folder: neither it nor what lies behind it is kept, as with DVC. Copy the folder there, or add it for itself");
            var hashed = session.Workspace.Commit(path);
            if (DvcFile.Write(file, Path.GetFileName(path), hashed))
                session.Output.WriteLine($"wrote '{session.Project.Show(file)}' ({hashed.Md5})");
            else
                session.Output.WriteLine($"'{session.Project.Show(path)}' did not change");
        }
    }

    private static void Require(DataSession session, string path)
    {
        var shown = session.Project.Show(path);
        if (!ProjectPath.IsInside(path, session.Project.Root) || path == session.Project.Root)
            throw new UsageException($"'{shown}' does not lie inside of the project '{session.Project.Root}'. Move it there, or make a project around it.");
        OutputPath.Require(session.Project, path, path + DvcProject.DvcEnding, $"there is no adding '{shown}'");
        if (FileState.Of(path).Kind is not (EntryKind.File or EntryKind.Folder))
            throw new UsageException($"there is no file or folder '{shown}' to add.");
        if (session.Project.Ignore.IsIgnored(path, Directory.Exists(path)))
            throw new UsageException($"'{shown}' is named by a {IgnoreRules.FileName} file. Take it out there first.");
        foreach (var (stage, output) in session.Index.Outputs)
        {
            if (output.FullPath == path && stage.File == path + DvcProject.DvcEnding)
                continue;
            if (ProjectPath.IsInside(path, output.FullPath) || ProjectPath.IsInside(output.FullPath, path))
                throw new UsageException($"'{shown}' overlaps with '{session.Project.Show(output.FullPath)}' of '{stage.Address}'; outputs that overlap can't be kept apart. Add it under another path, or take it out there. Nothing was changed.");
        }
    }
}
