using System.Diagnostics;
using System.Globalization;

namespace Stackmill.Tests.Support.Servers;

/// <summary>A second gateway to the same data, which a test may kill and start again without the others noticing.</summary>
internal sealed class CephGateway : IDisposable
{
    private readonly string _folder;
    private readonly int _port;
    private Process? _process;

    public CephGateway(string folder, int port) => (_folder, _port) = (folder, port);

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var name = $"gateway-{_port}";
        var start = new ProcessStartInfo("bash");
        // Should this process be killed, the script that has started the server ends whatever is named in such a file. The shell becomes the gateway: their numbers are the same.
        foreach (var word in new[]
        {
            "-c", "echo $$ > \"$1\"; exec radosgw -f -c \"$2\" -n client.rgw --rgw_frontends \"$3\" --pid_file \"$1.own\" --admin_socket \"$4\" --log_file \"$5\" > \"$5.out\" 2>&1 < /dev/null",
            "gateway", Path.Combine(_folder, name + ".pid"), Path.Combine(_folder, "ceph.conf"), $"beast endpoint=127.0.0.1:{_port}", Path.Combine(_folder, name + ".asok"), Path.Combine(_folder, "log", name + ".log"),
        })
            start.ArgumentList.Add(word);
        _process = Process.Start(start)!;
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            Assert.False(_process.HasExited, $"the gateway ended; see {_folder}/log/{name}.log.out");
            try
            {
                using var answer = await http.GetAsync(Address);
                return;
            }
            catch (HttpRequestException) when (attempt < 240)
            {
                await Task.Delay(250);
            }
        }
    }

    /// <summary>Ends it as a power cut does.</summary>
    public void Kill()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose() => Kill();
}
