using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Stackmill.Runs.Doctor;

/// <summary>A program that can be used beside this one.</summary>
/// <param name="Id">Its name, and that of its check.</param>
/// <param name="Arguments">What makes it tell its version.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Install">How one gets it.</param>
/// <param name="Variables">Environment that keeps it from writing and sending anything.</param>
internal sealed partial record ToolCheck(string Id, string[] Arguments, string Use, string Install, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The optional ones. Repositories themselves are read by a library.</summary>
    public static readonly IReadOnlyList<ToolCheck> Optional =
    [
        new("git", ["--version"], "makes and mends repositories; reading them needs none", "apt-get install git", new Dictionary<string, string>()),
        new("dvc", ["--version"], "versions data", "pip install dvc", new Dictionary<string, string> { ["DVC_NO_ANALYTICS"] = "true" }),
        new("airflow", ["version"], "schedules runs", "pip install apache-airflow", new Dictionary<string, string>()),
    ];

    /// <summary>What fetches Git repositories whose address is one of SSH.</summary>
    public static readonly ToolCheck Ssh = new("ssh", ["-V"], "fetches the repository", "apt-get install openssh-client", new Dictionary<string, string>());

    private const int MostText = 2000;

    /// <summary>Runs it, with the input closed, and takes the version from what it says.</summary>
    public async Task<Check> RunAsync(Need need, Func<string, string?> environment, CancellationToken cancellation)
    {
        if (Find(environment) is not { } program)
            return need == Need.Required ? Check.Wrong(Id, need, $"not found; it {Use}", Install) : Check.Skipped(Id, $"not found; optional, it {Use}", Install);
        // Airflow writes its configuration into its home before it says anything.
        var home = Directory.CreateTempSubdirectory("stackmill-doctor-");
        try
        {
            var start = new ProcessStartInfo(program, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home.FullName };
            start.Environment["AIRFLOW_HOME"] = home.FullName;
            foreach (var (name, value) in Variables)
                start.Environment[name] = value;
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                var said = await Task.WhenAll(ReadAsync(process.StandardOutput, cancellation), ReadAsync(process.StandardError, cancellation)).ConfigureAwait(false);
                await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
                return Version().Match(string.Join('\n', said)) is { Success: true } version && process.ExitCode == 0
                    ? Check.Ok(Id, $"{version.Value} ({program})")
                    : Check.Wrong(Id, need, $"{program} does not tell its version (exit code {process.ExitCode})", $"try it: {program} {string.Join(' ', Arguments)}");
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                    // Its folder can go when it has gone.
                    process.WaitForExit();
                }
            }
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or InvalidOperationException)
        {
            return Check.Wrong(Id, need, $"{program} can't be started: {fault.Message.TrimEnd('.')}", $"try it: {program} {string.Join(' ', Arguments)}");
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    // By the PATH alone: where a program is started by its name, some systems look into the current folder first.
    private string? Find(Func<string, string?> environment)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        return (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, Id + ending)))
            .FirstOrDefault(file => File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0));
    }

    // All of it is read, so that the program is not held up; the beginning is kept.
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellation)
    {
        var (buffer, text) = (new char[1024], "");
        while (await reader.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
            text = text.Length < MostText ? text + new string(buffer, 0, count) : text;
        return text;
    }

    [GeneratedRegex(@"[0-9]+(?:\.[0-9]+)+(?:[.\-+]?[A-Za-z0-9]+)*")]
    private static partial Regex Version();
}
