using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Projects;

/// <summary>Makes a folder a DVC project, as <c>dvc init</c> does.</summary>
internal static class ProjectSetup
{
    private const string IgnoreText =
        """
        # Add patterns of files dvc should ignore, which could improve
        # the performance. Learn more at
        # https://dvc.org/doc/user-guide/dvcignore

        """;

    /// <summary>The files that make a folder a project, by path, with their texts.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="input">What its stages read; null for what stackmill.yaml names.</param>
    /// <exception cref="UsageException">It has stages of its own, or lies in a project.</exception>
    public static IReadOnlyList<(string Path, string Text)> Files(string folder, string? input)
    {
        var full = Path.GetFullPath(folder);
        var hasGit = DvcProject.FindGit(full) is not null;
        var files = new List<(string, string)> { (DvcProject.StagesName, PipelineTemplate.Write(Relative(full, input))) };
        if (Directory.Exists(Path.Combine(full, DvcProject.FolderName)))
            return files;
        for (var above = Path.GetDirectoryName(full); above is not null; above = Path.GetDirectoryName(above))
        {
            if (Directory.Exists(Path.Combine(above, DvcProject.FolderName)))
                return files;
        }

        files.Add((Path.Combine(DvcProject.FolderName, "config"), hasGit ? "" : "[core]\n    no_scm = True\n"));
        files.Add((Path.Combine(DvcProject.FolderName, ".gitignore"), "/config.local\n/tmp\n/cache\n"));
        return files;
    }

    /// <summary>Has DVC leave out what belongs to a run, not to its data.</summary>
    public static void IgnoreOwn(string folder)
    {
        var path = Path.Combine(folder, IgnoreRules.FileName);
        var text = File.Exists(path) ? File.ReadAllText(path) : IgnoreText;
        if (text.Split('\n').Any(l => l.Trim() == OutputLock.FileName))
            return;
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes($"{text}{(text.Length > 0 && !text.EndsWith('\n') ? "\n" : "")}{OutputLock.FileName}\n"));
    }

    // Commands run in the project's folder, wherever this one is given.
    private static string? Relative(string folder, string? input)
    {
        if (input is null || input.Contains("://", StringComparison.Ordinal))
            return input;
        if (!Path.Exists(input))
            throw new UsageException($"there is no input '{input}'. Name a folder or file that is there, or an address.");
        var full = Path.GetFullPath(input);
        return ProjectPath.IsInside(full, folder) ? ProjectPath.Relative(folder, full) : ProjectPath.Posix(full);
    }
}
