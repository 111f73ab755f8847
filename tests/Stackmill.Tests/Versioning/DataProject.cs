using System.Diagnostics;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>A project of two stages in Git: one makes a folder of what it finds in another, the next a file of that.</summary>
internal sealed class DataProject : IDisposable
{
    /// <summary>Its stages.</summary>
    public const string Stages = "stages:\n  a:\n    cmd: mkdir -p outa && cp in/* outa/\n    deps: [in]\n    outs: [outa]\n  b:\n    cmd: cat outa/* > b.txt\n    deps: [outa]\n    outs: [b.txt]\n";

    private readonly TempFolder _around = new();

    public DataProject()
    {
        Requires.Unix();
        Requires.Tool("git");
        Directory.CreateDirectory(Root);
        Git("init", "-q");
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.org");
        Write(".dvc/config", "");
        Write(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n");
        Write(".dvcignore", "");
        foreach (var number in (string[])["1", "2", "3"])
            Write($"in/f{number}", number + "\n");
        Write("dvc.yaml", Stages);
    }

    /// <summary>Its folder.</summary>
    public string Root => _around["project"];

    /// <summary>Objects of the cache, as paths below their folder.</summary>
    public IReadOnlyList<string> Objects => Listed(this[".dvc/cache/files/md5"]);

    /// <summary>Full path of something in it.</summary>
    public string this[string path] => Path.Combine(Root, path);

    /// <summary>Full path of something beside it.</summary>
    public string Beside(string name) => _around[name];

    /// <summary>Writes a file.</summary>
    public void Write(string path, string text) => _ = _around.Write($"project/{path}", text);

    /// <summary>Writes a file beside it.</summary>
    public void WriteBeside(string path, string text) => _ = _around.Write(path, text);

    /// <summary>Text of a file.</summary>
    public string Read(string path) => File.ReadAllText(this[path]);

    /// <summary>Runs <c>stackmill data</c> in it.</summary>
    public ProgramResult Data(params string[] arguments) => DataProgram.Run(Root, arguments);

    /// <summary>Runs <c>git</c> in it and gives what it prints.</summary>
    public string Git(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult() + output.GetAwaiter().GetResult());
        return output.GetAwaiter().GetResult();
    }

    /// <summary>Files below a folder, in order; none where it is not there.</summary>
    public static IReadOnlyList<string> Listed(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)] : [];

    public void Dispose() => _around.Dispose();
}
