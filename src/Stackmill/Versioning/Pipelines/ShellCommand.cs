using System.Diagnostics;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Runs the command of a stage as DVC does: each line in a shell of its own that reads no start-up files.</summary>
internal static class ShellCommand
{
    /// <summary>Runs all lines; what they print goes where this program's output goes.</summary>
    /// <exception cref="RunFaultException">A line failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Run(Stage stage, DvcProject project, TextWriter output, CancellationToken cancellation)
    {
        foreach (var line in stage.CommandLines)
        {
            output.WriteLine($"> {line}");
            output.Flush();
            var code = RunLine(line, stage, project, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (code != 0)
                throw new RunFaultException($"the stage '{stage.Address}' failed: its command '{Shown(line)}' ended with exit code {code}. Nothing of it was written down; what it prints tells more.");
        }
    }

    private static int RunLine(string line, Stage stage, DvcProject project, CancellationToken cancellation)
    {
        var (program, arguments) = Shell(line);
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = stage.Folder };
        start.Environment["DVC_ROOT"] = project.Root;
        start.Environment["DVC_STAGE"] = stage.Address;
        using var process = StartProcess(start);
        using var stop = cancellation.Register(() => Kill(process));
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Process StartProcess(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new RunFaultException($"the shell '{start.FileName}' did not start.");
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new RunFaultException($"the shell '{start.FileName}' can't be started in '{start.WorkingDirectory}'. Check SHELL, and that the folder is there.", fault);
        }
    }

    private static (string Program, string[] Arguments) Shell(string line)
    {
        if (OperatingSystem.IsWindows())
            return ("cmd.exe", ["/c", line]);
        var shell = Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } given ? given : "/bin/sh";
        return Path.GetFileName(shell) switch
        {
            "bash" => (shell, ["--noprofile", "--norc", "-c", line]),
            "zsh" => (shell, ["--no-rcs", "-c", line]),
            _ => (shell, ["-c", line]),
        };
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private static string Shown(string line) => line.Length <= 120 ? line : line[..120] + " …";
}
