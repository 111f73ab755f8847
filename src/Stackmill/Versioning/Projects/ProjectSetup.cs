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
    /// <param name="input">What its stages read; null for the rows that stackmill.yaml names.</param>
    /// <exception cref="UsageException">The input can't stand in a file that Git keeps.</exception>
    public static IReadOnlyList<(string Path, string Text)> Files(string folder, PipelineInput? input)
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
    private static PipelineInput? Relative(string folder, PipelineInput? input)
    {
        if (input is not { IsAddress: false })
            return input is null || AddressUser.PasswordOf(input.Place) is null ? input
                : throw new UsageException("the address given with --input holds a password or token, and dvc.yaml is for Git to keep. Leave it out: git asks its own credential helper, and other sources take theirs from the environment. Nothing was written.");
        var full = Path.GetFullPath(input.Place);
        return input with { Place = ProjectPath.IsInside(full, folder) ? ProjectPath.Relative(folder, full) : ProjectPath.Posix(full) };
    }
}
