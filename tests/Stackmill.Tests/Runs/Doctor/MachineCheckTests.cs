using System.Diagnostics;
using Stackmill.Runs.Doctor;
using Stackmill.Tests.Support;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>Open files and tools.</summary>
public sealed class MachineCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Open_files_are_held_against_what_is_asked_for_at_once()
    {
        var subject = Of(Options("max_workers=4"));

        Expect(OpenFilesCheck.Run(subject, (1024, 4096), fetchesContents: false), CheckStatus.Ok, "limit 1024 (hard 4096), about 160 needed");
        Expect(OpenFilesCheck.Run(subject, (256, 4096), fetchesContents: true), CheckStatus.Warning, "about 416 needed", "ulimit -n 416");
        Expect(OpenFilesCheck.Run(subject, (200, 200), fetchesContents: true), CheckStatus.Failed, "limit 200", "contents.max_concurrency=32");
        Expect(OpenFilesCheck.Run(subject, (64, 64), fetchesContents: false), CheckStatus.Failed, "limit 64", "--workers");
        Expect(OpenFilesCheck.Run(subject, (ulong.MaxValue, ulong.MaxValue), fetchesContents: true), CheckStatus.Ok, "limit unlimited (hard unlimited)");
        Expect(OpenFilesCheck.Run(subject, null, fetchesContents: true), CheckStatus.Skipped, "no such limit");
        Expect(OpenFilesCheck.Run(Of(Options("max_workers=4"), input: "s3://bucket/in"), (1024, 1024), fetchesContents: false), CheckStatus.Ok, "about 192 needed");
        Expect(OpenFilesCheck.Run(Of(Options("max_workers=4"), input: "hf://a/b"), (1024, 1024), fetchesContents: false), CheckStatus.Ok, "about 168 needed");
    }

    [Fact]
    public void The_system_s_own_limits_are_read()
    {
        Requires.Unix();
        Requires.Tool("bash");
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", "ulimit -Hn"]) { RedirectStandardOutput = true })!;
        var hard = shell.StandardOutput.ReadToEnd().Trim();

        var limits = OpenFilesCheck.Limits();

        Assert.Equal(hard == "unlimited" ? ulong.MaxValue : ulong.Parse(hard), limits!.Value.Hard);
        Assert.True(limits.Value.Soft <= limits.Value.Hard && limits.Value.Soft > 0);
    }

    [Fact]
    public async Task A_tool_is_told_with_its_version_and_place()
    {
        Requires.Unix();
        Expect(await RunAsync("echo 'tool version 2.39.5-rc1 (Vendor Tool-154)'"), CheckStatus.Ok, $"2.39.5-rc1 ({_folder["bin", "tool"]})");
        Expect(await RunAsync("echo 'OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.15' >&2"), CheckStatus.Ok, "9.2p1");
        // What a tool writes into its home goes with the look.
        Expect(await RunAsync("echo x > \"$AIRFLOW_HOME/airflow.cfg\"; echo 3.2.0; pwd > " + _folder["where"]), CheckStatus.Ok, "3.2.0");
        Assert.False(Directory.Exists(File.ReadAllText(_folder["where"]).Trim()));
    }

    [Fact]
    public async Task A_tool_that_is_missing_or_broken_is_told()
    {
        Requires.Unix();
        Expect(await Tool.RunAsync(Need.Optional, _ => _folder["nowhere"], default), CheckStatus.Skipped, "not found; optional, it mends things", "get-tool");
        Expect(await Tool.RunAsync(Need.Required, _ => null, default), CheckStatus.Failed, "not found; it mends things", "get-tool");
        Expect(await RunAsync("echo 1.2.3; exit 7"), CheckStatus.Warning, "does not tell its version (exit code 7)", "tool --version");
        Expect(await RunAsync("yes nothing | head -c 1000000"), CheckStatus.Warning, "does not tell its version (exit code 0)");
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Expect(await Tool.RunAsync(Need.Optional, _ => _folder["bin"], default), CheckStatus.Skipped, "not found");
        _folder.Write("bin/tool", "no program");
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Expect(await Tool.RunAsync(Need.Optional, _ => _folder["bin"], default), CheckStatus.Warning, "can't be started");
    }

    [Fact]
    public async Task A_tool_that_hangs_is_ended()
    {
        Requires.Unix();
        Write("echo $$ > " + _folder["pid"] + "; mkfifo " + _folder["fifo"] + "; cat " + _folder["fifo"]);
        using var stop = new CancellationTokenSource();

        var running = Tool.RunAsync(Need.Optional, _ => _folder["bin"], stop.Token);
        while (!File.Exists(_folder["fifo"]))
            await Task.Yield();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(_folder["pid"]).Trim()}"));
    }

    public void Dispose() => _folder.Dispose();

    private static ToolCheck Tool => new("tool", ["--version"], "mends things", "get-tool", new Dictionary<string, string>());

    private void Write(string script)
    {
        _folder.Write("bin/tool", "#!/bin/sh\n" + script + "\n");
        SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void SetMode(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["bin", "tool"], mode);
    }

    private Task<Check> RunAsync(string script)
    {
        Requires.Unix();
        Write(script);
        return Tool.RunAsync(Need.Optional, name => name == "PATH" ? $"relative{Path.PathSeparator}{_folder["bin"]}" : null, default);
    }
}
