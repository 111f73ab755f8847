using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Pipelines;

/// <summary>
/// Paths that nothing may be made or kept at: an output is removed before its stage runs and replaced at a checkout, so that none may be
/// what Git and DVC work by, nor hold it. Files of others are told so when they are read, before anything runs.
/// </summary>
internal static class OutputPath
{
    /// <summary>Fails for such a path.</summary>
    /// <param name="project">The project.</param>
    /// <param name="full">The full path.</param>
    /// <param name="file">Full path of the file that names it.</param>
    /// <param name="says">Who says what, for messages, e.g. "'dvc.yaml': stage 'a' makes 'b'".</param>
    /// <exception cref="UsageException">It is one.</exception>
    public static void Require(DvcProject project, string full, string file, string says)
    {
        if (!ProjectPath.IsInside(full, project.Root))
            throw new UsageException($"{says}, outside of the project. Name a path inside; 'dvc' itself knows outputs elsewhere. Nothing was changed.");
        var parts = ProjectPath.Relative(project.Root, full).Split('/');
        var name = parts[^1];
        var why = full == project.Root ? "the project itself"
            : parts.Any(IgnoreRules.IsReserved) ? "inside of what belongs to Git or DVC"
            : IsOwn(name) ? "a file that Git or DVC work by"
            : ProjectPath.IsInside(full, project.CacheFolder) || ProjectPath.IsInside(project.CacheFolder, full) ? "where the cache lies"
            : ProjectPath.IsInside(file, full) ? "a folder around the file that says so" : null;
        if (why is not null)
            throw new UsageException($"{says}, {why}; such a path is neither made nor replaced. Name another. Nothing was changed.");
        // A line of .gitignore can't hold one.
        if (name.Contains('\n', StringComparison.Ordinal) || name[^1] == '\r')
            throw new UsageException($"{says.ReplaceLineEndings(" ")}, a name with a line end, which no entry of .gitignore can have. Rename it. Nothing was changed.");
    }

    private static bool IsOwn(string name) => name.EndsWith(DvcProject.DvcEnding, StringComparison.Ordinal)
        || new[] { DvcProject.StagesName, DvcProject.LockName, IgnoreRules.FileName, GitFiles.IgnoreName, ".gitattributes", ".gitmodules" }.Contains(name, StringComparer.OrdinalIgnoreCase);
}
