using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Stackmill.Lineage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Lineage;

public sealed class EventEndpointTests
{
    [Fact]
    public async Task Events_come_in_their_order_with_the_key()
    {
        await using var server = await RecordingServer.StartAsync();
        using var endpoint = Endpoint(server.Address, new(), "secret");
        for (var i = 0; i < 20; i++)
            endpoint.Add(new JsonObject { ["n"] = i });
        endpoint.End();
        Assert.Equal((0L, null), (endpoint.Lost, endpoint.Trouble));
        Assert.Equal(Enumerable.Range(0, 20), server.Requests.Select(r => (int)JsonNode.Parse(r.Text)!["n"]!));
        Assert.All(server.Requests, r => Assert.Equal(("POST", "Bearer secret", "application/json; charset=utf-8"), (r.Method, r.Headers["Authorization"], r.Headers["Content-Type"])));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task An_event_is_sent_again_when_the_server_could_not_take_it(int status)
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = _ => server.Requests.Count < 3 ? (status, "") : (201, "");
        using var endpoint = Endpoint(server.Address, new() { Attempts = 3 });
        endpoint.Add([]);
        endpoint.End();
        Assert.Equal((0L, 3), (endpoint.Lost, server.Requests.Count));
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(302, 1)]
    [InlineData(500, 2)]
    public async Task What_the_server_does_not_take_is_counted(int status, int requests)
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = _ => (status, "");
        using var endpoint = Endpoint(server.Address, new() { Attempts = 2 });
        endpoint.Add([]);
        endpoint.End();
        Assert.Equal((1L, requests), (endpoint.Lost, server.Requests.Count));
        Assert.Contains($"{status}", endpoint.Trouble, StringComparison.Ordinal);
        Assert.Equal(status == 401, endpoint.Trouble!.Contains(LineageOptions.KeyVariable, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_refuses_is_asked_no_more_after_a_while()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = _ => (400, "");
        using var endpoint = Endpoint(server.Address, new());
        for (var i = 0; i < 50; i++)
            endpoint.Add([]);
        endpoint.End();
        Assert.Equal((50L, 5), (endpoint.Lost, server.Requests.Count));
    }

    [Fact]
    public void A_server_that_is_not_there_is_no_hindrance()
    {
        using var endpoint = Endpoint("http://127.0.0.1:9", new() { Attempts = 2 });
        endpoint.Add([]);
        endpoint.End();
        Assert.Equal(1, endpoint.Lost);
        Assert.NotNull(endpoint.Trouble);
    }

    [Fact]
    public void A_server_that_takes_connections_and_never_reads_costs_one_time_out_and_no_more_than_the_queue_is_kept()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var endpoint = Endpoint($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", new() { TimeoutSeconds = 0.5, Queue = 3, Attempts = 20 });
        var large = new JsonObject { ["text"] = new string('x', 1 << 20) };
        for (var i = 0; i < 100; i++)
            endpoint.Add(large);
        endpoint.End();
        Assert.Equal(100, endpoint.Lost);
        Assert.NotNull(endpoint.Trouble);
    }

    private static EventEndpoint Endpoint(string address, LineageOptions options, string? key = null) => new(new Uri(address + "/api/v1/lineage"), key, options, TimeProvider.System);
}
