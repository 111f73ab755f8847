using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Conventions;

/// <summary>One file of the repository, by its path from the root (with <c>/</c>).</summary>
internal sealed record RepositoryFile(string Path)
{
    private static readonly Regex Comment = new(@"^[ \t]*//.*$|(?<=[;{}),\s])// .*$", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    public string Text { get; } = File.ReadAllText(System.IO.Path.Combine(Samples.RepositoryRoot, Path));

    public int Lines => Text.Count(c => c == '\n');

    /// <summary>The text with comments emptied; line numbers stay.</summary>
    public string Code => Comment.Replace(Text, "");

    /// <summary><c>path:line</c> of an offset in <see cref="Text"/> or <see cref="Code"/> cut at the same lines.</summary>
    public string At(string text, int offset) => $"{Path}:{text.AsSpan(0, offset).Count('\n') + 1}";
}

/// <summary>The files that Git tracks: what a clone holds, and no build output or project folder that lies beside it.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<string>> Tracked = new(List);

    /// <summary>Paths of all tracked files that are there, links left out. Skips the test where there is no Git or no clone.</summary>
    public static IReadOnlyList<string> Paths
    {
        get
        {
            Assert.SkipWhen(Tracked.Value.Count == 0, "needs git and a clone: the conventions hold for tracked files");
            return Tracked.Value;
        }
    }

    /// <summary>Tracked text files below a folder with one of the endings.</summary>
    public static IReadOnlyList<RepositoryFile> Files(string folder, params string[] endings) =>
        [.. Paths.Where(p => p.StartsWith(folder, StringComparison.Ordinal) && endings.Any(e => p.EndsWith(e, StringComparison.Ordinal))).Select(p => new RepositoryFile(p))];

    /// <summary>C# files of the program.</summary>
    public static IReadOnlyList<RepositoryFile> Sources()
    {
        var files = Files("src/", ".cs");
        Assert.True(files.Count > 100, $"only {files.Count} source files were seen");
        return files;
    }

    /// <summary>Documents for people, written and generated.</summary>
    public static IReadOnlyList<RepositoryFile> Documents()
    {
        var files = Files("", ".md").Where(f => !f.Path.StartsWith("samples/corpus/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count >= 15, $"only {files.Count} documents were seen");
        return files;
    }

    private static List<string> List()
    {
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", Samples.RepositoryRoot, "ls-files", "-z", "--cached"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            using var git = Process.Start(start)!;
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode != 0 ? [] : [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(IsFile)];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private static bool IsFile(string path) =>
        new FileInfo(Path.Combine(Samples.RepositoryRoot, path)) is { Exists: true, LinkTarget: null } file && !file.Attributes.HasFlag(FileAttributes.Directory);
}
