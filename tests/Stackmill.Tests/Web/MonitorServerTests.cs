using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Exposition;
using Stackmill.Tests.Support;
using Stackmill.Web;

namespace Stackmill.Tests.Web;

/// <summary>The server of metrics and status, and those who mean it no good.</summary>
public sealed class MonitorServerTests
{
    private const string Token = "a-token-of-32-characters-or-so..";

    private static readonly MonitorSource Plain = new(f => f == MetricsFormat.OpenMetrics ? "# EOF\n" : "up 1\n", () => "<p>page</p>", () => true);

    [Fact]
    public async Task Metrics_health_readiness_and_page_are_served_and_nothing_may_be_kept_or_framed()
    {
        var ready = false;
        await using var server = await StartAsync(Plain with { IsReady = () => ready });
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/readyz")).StatusCode);
        ready = true;
        Assert.Equal("ready\n", await client.GetStringAsync("/readyz"));
        Assert.Equal("ok\n", await client.GetStringAsync("/healthz"));
        var page = await client.GetAsync("/");
        Assert.Equal("<p>page</p>\n", await page.Content.ReadAsStringAsync());
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(page.Headers.Contains("Server"));

        var metrics = await client.GetAsync("/metrics");
        Assert.Equal(("up 1\n", ExpositionWriter.TextType), (await metrics.Content.ReadAsStringAsync(), metrics.Content.Headers.ContentType!.ToString()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        var open = await client.SendAsync(request);
        Assert.Equal(("# EOF\n", ExpositionWriter.OpenMetricsType), (await open.Content.ReadAsStringAsync(), open.Content.Headers.ContentType!.ToString()));
        var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics"));
        Assert.Equal((HttpStatusCode.OK, 5L, ""), (head.StatusCode, head.Content.Headers.ContentLength, await head.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/..%2f..%2fetc%2fpasswd")]
    [InlineData("/metrics/../../etc/passwd")]
    [InlineData("/status.css/../../etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/..\\..\\etc\\passwd")]
    [InlineData("/METRICS")]
    public async Task Paths_that_lead_elsewhere_lead_nowhere(string path)
    {
        await using var server = await StartAsync(Plain);
        var answer = await SendAsync(server, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "405")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n", "413")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", "413")]
    [InlineData("GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "421")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\nConnection: close\r\n\r\n", "421")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost:80\r\nConnection: close\r\n\r\n", "200")]
    [InlineData("\u0016\u0003\u0001 nonsense\r\n\r\n", "400")]
    public async Task What_is_no_plain_question_is_refused(string request, string status)
    {
        await using var server = await StartAsync(Plain);

        Assert.StartsWith($"HTTP/1.1 {status} ", await SendAsync(server, request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_lines_and_many_headers_are_refused()
    {
        await using var server = await StartAsync(Plain);
        const string end = "Host: 127.0.0.1\r\nConnection: close\r\n\r\n";

        Assert.StartsWith("HTTP/1.1 414 ", await SendAsync(server, $"GET /{new string('a', 5_000)} HTTP/1.1\r\n{end}"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await SendAsync(server, $"GET / HTTP/1.1\r\nX: {new string('a', 20_000)}\r\n{end}"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await SendAsync(server, $"GET / HTTP/1.1\r\n{string.Concat(Enumerable.Range(0, 80).Select(i => $"X{i}: a\r\n"))}{end}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_token_only_those_who_know_it_see_anything_but_health()
    {
        await using var server = await MonitorServer.StartAsync(IPAddress.Loopback, 0, Token, Plain);
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Equal("ok\n", await client.GetStringAsync("/healthz"));
        foreach (var path in (string[])["/metrics", "/", "/status.css", "/other"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, new("Bearer", Token[..^1])));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, new("Bearer", Token + "x")));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, new("Bearer", new string('a', 5_000))));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, new("Basic", "!!!")));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Token)))));
            Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(client, path, new("Bearer", Token)));
            Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(client, path, new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("anyone:" + Token)))));
        }

        // Whoever knows the token may come by any name.
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync(server, $"GET /metrics HTTP/1.1\r\nHost: runs.example\r\nAuthorization: Bearer {Token}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", null)]
    [InlineData("0.0.0.0", "")]
    [InlineData("::", null)]
    [InlineData("192.0.2.1", null)]
    [InlineData("127.0.0.1", "too-short")]
    public async Task Other_addresses_than_loopback_need_a_token_that_can_not_be_guessed(string address, string? token)
    {
        var fault = await Assert.ThrowsAsync<UsageException>(() => MonitorServer.StartAsync(IPAddress.Parse(address), 0, token, Plain));

        Assert.Contains(MonitoringOptions.Token, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("too-short", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        await using var server = await StartAsync(Plain);

        var fault = await Assert.ThrowsAsync<UsageException>(() => MonitorServer.StartAsync(IPAddress.Loopback, server.Address.Port, null, Plain));

        Assert.Contains($"127.0.0.1:{server.Address.Port}", fault.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(fault.InnerException);
    }

    [Fact]
    public async Task Clients_that_never_read_are_given_up_and_keep_nobody_waiting()
    {
        // More than the buffers of the system hold, so that an answer waits for its reader.
        var large = new string('x', 32 << 20);
        await using var server = await StartAsync(Plain with { Metrics = _ => large });
        Requires.That(File.Exists("/proc/net/tcp"), "this test needs Linux");
        var deaf = new List<(Socket Socket, int Port)>();
        for (var i = 0; i < 8; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            deaf.Add((socket, ((IPEndPoint)socket.LocalEndPoint!).Port));
        }

        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Equal("ok\n", await client.GetStringAsync("/healthz"));
        foreach (var (socket, port) in deaf)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (IsServed(server.Address.Port, port))
                Assert.False(patience.IsCancellationRequested, "a client that does not read is still served");
            socket.Dispose();
        }
    }

    [Fact]
    public async Task A_client_that_sends_half_a_question_is_given_up()
    {
        await using var server = await StartAsync(Plain);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await client.GetStream().WriteAsync("GET /metrics HTTP/1.1\r\nHost: 127"u8.ToArray());

        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 408 ", await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_connections_than_it_takes_are_closed_and_do_not_harm_it()
    {
        await using var server = await StartAsync(Plain);
        var idle = new List<TcpClient>();
        for (var i = 0; i < 200; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            idle.Add(client);
        }

        idle.ForEach(c => c.Dispose());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        string answer;
        do
            answer = await SendAsync(server, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        while (answer.Length == 0 && !patience.IsCancellationRequested);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    private static Task<MonitorServer> StartAsync(MonitorSource source) => MonitorServer.StartAsync(IPAddress.Loopback, 0, null, source);

    // Only the kernel is asked for the server's end of the connection, 01 for established (proc(5): net/tcp): to read would make room for more.
    private static bool IsServed(int server, int client) => File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
        .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(l => l.Length > 3 && l[1].EndsWith($":{server:X4}", StringComparison.Ordinal) && l[2].EndsWith($":{client:X4}", StringComparison.Ordinal) && l[3] == "01");

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = authorization;
        return (await client.SendAsync(request)).StatusCode;
    }

    private static async Task<string> SendAsync(MonitorServer server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        var answer = new MemoryStream();
        try
        {
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
            await client.GetStream().CopyToAsync(answer).WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (IOException)
        {
            // Reset: what came before counts.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
