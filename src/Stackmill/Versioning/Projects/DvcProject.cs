using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Projects;

/// <summary>Where a DVC project lies, and how it is configured.</summary>
internal sealed class DvcProject
{
    /// <summary>Name of the folder that makes a folder a project.</summary>
    public const string FolderName = ".dvc";

    /// <summary>Name of the file with stages.</summary>
    public const string StagesName = "dvc.yaml";

    /// <summary>Name of the file with what stages used and made.</summary>
    public const string LockName = "dvc.lock";

    /// <summary>Ending of the file of one tracked file or folder.</summary>
    public const string DvcEnding = ".dvc";

    private DvcProject(string root, string current, Func<string, string?> environment)
    {
        (Root, Current) = (root, current);
        Config = DvcConfig.Read(DvcFolder, environment);
        Ignore = new IgnoreRules(root);
        CacheFolder = Config.GetPath("cache", "dir") ?? Path.Combine(DvcFolder, "cache");
        // A project that is told to use no version control does not look at a repository around it.
        GitRoot = Config.IsOn("core", "no_scm") ? null : FindGit(root);
    }

    /// <summary>Root of the project.</summary>
    public string Root { get; }

    /// <summary>The folder that paths are given from and shown for.</summary>
    public string Current { get; }

    /// <summary>Its <c>.dvc</c> folder.</summary>
    public string DvcFolder => Path.Combine(Root, FolderName);

    /// <summary>Folder of temporary files and locks, which DVC makes and Git does not keep.</summary>
    public string TemporaryFolder => Path.Combine(DvcFolder, "tmp");

    /// <summary>Folder of what Stackmill alone keeps there.</summary>
    public string OwnFolder => Path.Combine(TemporaryFolder, "stackmill");

    /// <summary>Folder of the cache.</summary>
    public string CacheFolder { get; }

    /// <summary>Its configuration.</summary>
    public DvcConfig Config { get; }

    /// <summary>What is left out of folders.</summary>
    public IgnoreRules Ignore { get; }

    /// <summary>The folder of the Git repository that it lies in; null without one.</summary>
    public string? GitRoot { get; }

    /// <summary>Finds the project that a folder lies in.</summary>
    /// <exception cref="UsageException">It lies in none.</exception>
    public static DvcProject Find(string folder, Func<string, string?>? environment = null)
    {
        var start = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(start))
            throw new UsageException($"there is no folder '{folder}'. Name the folder of a DVC project.");
        for (var at = start; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(Path.Combine(at, FolderName)))
                return new DvcProject(at, start, environment ?? Environment.GetEnvironmentVariable);
        }

        throw new UsageException($"'{folder}' is not inside a DVC project: neither it nor a folder above has a '{FolderName}' folder. Make one with 'stackmill init --dvc' or 'dvc init'.");
    }

    /// <summary>The folder of the Git repository around a folder; null without one. A work tree or submodule has a file in the place of the folder.</summary>
    public static string? FindGit(string folder)
    {
        var at = folder;
        while (at is not null && !Path.Exists(Path.Combine(at, ".git")))
            at = Path.GetDirectoryName(at);
        return at;
    }

    /// <summary>A full path as people see it: relative to the current folder.</summary>
    public string Show(string path) => ProjectPath.Relative(Current, path);

    /// <summary>The full path of one that people gave.</summary>
    public string Full(string path) => ProjectPath.Full(Current, path);

    /// <summary>A full path relative to the root, with <c>/</c>.</summary>
    public string FromRoot(string path) => ProjectPath.Relative(Root, path);
}
