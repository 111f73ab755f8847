using System.Diagnostics;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Git;

/// <summary>Runs the git program, which is another implementation than the library under test.</summary>
internal static class GitProgram
{
    /// <summary>Runs it in a folder and gives what it wrote.</summary>
    public static string Git(this TempFolder folder, string inner, params string[] arguments)
    {
        Requires.Tool("git");
        Directory.CreateDirectory(folder[inner]);
        var start = new ProcessStartInfo("git", ["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", .. arguments])
        {
            WorkingDirectory = folder[inner],
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in new[]
        {
            ("GIT_AUTHOR_NAME", "t"), ("GIT_AUTHOR_EMAIL", "t@localhost"), ("GIT_COMMITTER_NAME", "t"), ("GIT_COMMITTER_EMAIL", "t@localhost"),
            ("GIT_AUTHOR_DATE", "2024-05-06T07:08:09Z"), ("GIT_COMMITTER_DATE", "2024-05-06T07:08:09Z"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null"),
        })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
        return output.Trim();
    }

    /// <summary>Makes a repository with one commit of what <paramref name="write"/> writes below it, and gives the commit's id.</summary>
    public static string Repository(this TempFolder folder, string name, params (string Path, string Text)[] files)
    {
        folder.Git(name, "init", "-q");
        return folder.Commit(name, files);
    }

    /// <summary>Writes files and commits all there is.</summary>
    public static string Commit(this TempFolder folder, string name, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
            folder.Write(name + "/" + path, text);
        folder.Git(name, "add", "-A");
        folder.Git(name, "commit", "-q", "--allow-empty", "-m", "c");
        return folder.Git(name, "rev-parse", "HEAD");
    }
}
