using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>A project as DVC left it, in a folder of its own.</summary>
internal sealed class GoldenProject : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Copies the project with its cache.</summary>
    public GoldenProject(string name = "pipeline")
    {
        var source = Path.Combine(GoldenFile.Folder, "dvc", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var path = Path.GetRelativePath(source, file).Replace('\\', '/');
            path = path.StartsWith("dvc-cache/", StringComparison.Ordinal) ? ".dvc/cache/" + path["dvc-cache/".Length..] : path;
            var target = _folder.Write(path.Replace("gitignore", ".gitignore", StringComparison.Ordinal), File.ReadAllBytes(file));
            // Git keeps no other modes than these two.
            if (path.Contains("/files/md5/", StringComparison.Ordinal))
                FileModes.Set(target, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        if (File.Exists(this["scripts/validation.py"]))
            FileModes.Set(this["scripts/validation.py"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.Write(".dvc/config", "[core]\n    no_scm = True\n");
    }

    /// <summary>Its folder.</summary>
    public string Root => _folder.Path;

    /// <summary>Full path of something in it.</summary>
    public string this[string path] => _folder[path];

    /// <summary>Writes a file.</summary>
    public string Write(string path, string text) => _folder.Write(path, text);

    /// <summary>Runs <c>stackmill data</c> in it.</summary>
    public ProgramResult Data(params string[] arguments) => DataProgram.Run(Root, arguments);

    public void Dispose() => _folder.Dispose();
}

/// <summary>The program's commands of data, run in a folder.</summary>
internal static class DataProgram
{
    /// <summary>Runs one and waits for its end.</summary>
    public static ProgramResult Run(string folder, params string[] arguments) => In(folder).With(["data", .. arguments]);

    /// <summary>The program, set up to run in a folder, with a shell that every machine has and no configuration of a user's.</summary>
    public static StackmillProgram In(string folder, params (string Name, string Value)[] environment) => new()
    {
        WorkingFolder = folder,
        Environment = new Dictionary<string, string>(environment.Select(e => KeyValuePair.Create(e.Name, e.Value))) { ["SHELL"] = "/bin/sh", ["DVC_GLOBAL_CONFIG_DIR"] = Path.Combine(folder, ".no-user") },
    };
}

/// <summary>Modes of files; none on Windows, where the tests that ask are skipped.</summary>
internal static class FileModes
{
    /// <summary>The mode of a file.</summary>
    public static UnixFileMode Of(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    /// <summary>Gives a file a mode.</summary>
    public static void Set(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
