using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Git;

/// <summary>Git's own server, over a folder of repositories, on a port of the loopback address.</summary>
internal sealed class GitDaemon : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public GitDaemon(TempFolder folder)
    {
        Requires.Tool("git");
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        string[] arguments = ["daemon", "--verbose", "--log-destination=stderr", "--reuseaddr", "--listen=127.0.0.1", $"--port={Port}", $"--base-path={folder.Path}", "--export-all"];
        _process = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardError = true })!;
        // It says so when it listens; what it says later must be read too, or it would wait for its reader.
        while (_process.StandardError.ReadLine() is { } line)
        {
            if (line.Contains("Ready to rumble", StringComparison.Ordinal))
                break;
        }

        _errors = _process.StandardError.ReadToEndAsync();
        Assert.False(_process.HasExited, "git daemon did not start");
    }

    public int Port { get; }

    /// <summary>Address of a repository.</summary>
    public string Address(string name) => $"git://127.0.0.1:{Port}/{name}";

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _errors.Wait();
        _process.Dispose();
    }
}
