using Stackmill.Datasets.Hub;
using Stackmill.Shared.Http;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.Hub;

/// <summary>Clients of the test server, without the machine's own environment and without real waits.</summary>
internal static class HubTests
{
    /// <summary>A client with the given token, or without one.</summary>
    public static HubClient Client(
        HubServer server, string? token = HubServer.Token, int retries = 4, int concurrency = 8, double timeout = 20, InstantClock? clock = null, string? endpoint = null) => new(
        new HubOptions { Endpoint = endpoint ?? server.Endpoint, Token = token, Retries = retries, Concurrency = concurrency, TimeoutSeconds = timeout },
        _ => null, new RetrySettings { Retries = retries, Clock = clock ?? new InstantClock() });

    /// <summary>Bytes that differ everywhere.</summary>
    public static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A served dataset with one file in large file storage, as the client lists it.</summary>
    public static HubFile OneFile(HubServer server, HubClient client, byte[] bytes, string path = "data/a.parquet")
    {
        server.Add("owner/name").File(path, bytes);
        return Assert.Single(client.List(client.Pin("owner/name")));
    }

    /// <summary>No message of a fault and of what caused it holds a token or a signature.</summary>
    public static void AssertNothingSecret(Exception fault)
    {
        var text = fault.ToString();
        Assert.DoesNotContain(HubServer.Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Signature", text, StringComparison.OrdinalIgnoreCase);
    }
}
