using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

[assembly: AssemblyFixture(typeof(Stackmill.Tests.Support.Servers.CephServer))]

namespace Stackmill.Tests.Support.Servers;

/// <summary>
/// A real S3 server: Ceph's gateway on loopback, with its data in memory. It starts when the first test asks for it, once for all
/// tests, and ends with them. Without Ceph's programs the test that asks is skipped (and fails where CI is "true").
/// </summary>
public sealed class CephServer : IDisposable
{
    /// <summary>Profile of the user who makes the buckets.</summary>
    public const string Owner = "stackmill-test-owner";

    /// <summary>Profile of another user.</summary>
    public const string Other = "stackmill-test-other";

    /// <summary>Profile with the owner's key and a wrong secret.</summary>
    public const string WrongSecret = "stackmill-test-wrong-secret";

    /// <summary>Profile with a key that the server does not know.</summary>
    public const string UnknownKey = "stackmill-test-unknown-key";

    private const string Profiles = $"""
        [{Owner}]
        aws_access_key_id = OWNER
        aws_secret_access_key = ownersecret
        [{Other}]
        aws_access_key_id = OTHER
        aws_secret_access_key = othersecret
        [{WrongSecret}]
        aws_access_key_id = OWNER
        aws_secret_access_key = not-the-owners-secret
        [{UnknownKey}]
        aws_access_key_id = NOBODY
        aws_secret_access_key = nobodys-secret

        """;

    private readonly TempFolder _folder = new();
    private readonly Lazy<Task<string>> _address;
    private int _buckets;

    /// <summary>Prepares the profiles; starts nothing.</summary>
    public CephServer()
    {
        _address = new Lazy<Task<string>>(StartAsync);
        // The SDK reads them for the whole process; no test may find the developer's own.
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", _folder.Write("credentials", Profiles));
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", _folder.Write("config", ""));
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
    }

    private string Run => _folder["run"];

    /// <summary>The server's address; starts it when it does not run yet.</summary>
    public async Task<string> AddressAsync()
    {
        foreach (var tool in new[] { "bash", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph" })
            Requires.Tool(tool);
        return await _address.Value;
    }

    /// <summary>The SDK's client of the owner, for what tests prepare and look at.</summary>
    public async Task<AmazonS3Client> ClientAsync() => new(
        new BasicAWSCredentials("OWNER", "ownersecret"),
        new AmazonS3Config
        {
            ServiceURL = await AddressAsync(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    /// <summary>A second gateway to the same data, which runs.</summary>
    internal async Task<CephGateway> NewGatewayAsync()
    {
        _ = await AddressAsync();
        var gateway = new CephGateway(Run, FreePorts(1)[0]);
        await gateway.StartAsync();
        return gateway;
    }

    /// <summary>A new, empty bucket of the owner.</summary>
    public async Task<string> NewBucketAsync()
    {
        var name = $"bucket-{Interlocked.Increment(ref _buckets)}";
        using var client = await ClientAsync();
        await client.PutBucketAsync(name);
        return name;
    }

    public void Dispose()
    {
        if (_address.IsValueCreated && Directory.Exists(Run))
        {
            foreach (var file in Directory.EnumerateFiles(Run, "*.pid").ToList())
                End(int.Parse(File.ReadAllText(file)));
        }

        _folder.Dispose();
    }

    // A number may belong to somebody else's process by now: the command line must name this folder.
    private void End(int id)
    {
        var command = $"/proc/{id}/cmdline";
        if (!File.Exists(command) || !File.ReadAllText(command).Contains(Run, StringComparison.Ordinal))
            return;
        using var process = Process.GetProcessById(id);
        process.Kill();
        process.WaitForExit();
    }

    private async Task<string> StartAsync()
    {
        Directory.CreateDirectory(Run);
        var script = Path.Combine(Samples.RepositoryRoot, "tests", "Stackmill.Tests", "Support", "Servers", "ceph.sh");
        var ports = FreePorts(3);
        var log = _folder["start.log"];
        // The daemons inherit the script's output: a pipe would stay open for as long as they run.
        var start = new ProcessStartInfo("bash")
        {
            ArgumentList = { "-c", "exec bash \"$@\" > \"$0\" 2>&1 < /dev/null", log, script, Run, $"{ports[0]}", $"{ports[1]}", $"{ports[2]}", $"{Environment.ProcessId}" },
        };
        using (var process = Process.Start(start)!)
        {
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"Ceph did not start:\n{await File.ReadAllTextAsync(log)}");
        }

        var address = $"http://127.0.0.1:{ports[2]}";
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await http.GetAsync(address);
                return address;
            }
            catch (HttpRequestException) when (attempt < 240)
            {
                await Task.Delay(250);
            }
        }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }
}
