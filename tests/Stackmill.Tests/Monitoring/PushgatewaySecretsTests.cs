using Stackmill.Core.Faults;
using Stackmill.Lineage;
using Stackmill.Monitoring;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring;

public sealed class PushgatewaySecretsTests
{
    [Theory]
    [InlineData(400, "it answered 400; its log says why")]
    [InlineData(401, "it answered 401; set STACKMILL_PUSHGATEWAY_AUTHORIZATION")]
    [InlineData(500, "it answered 500")]
    public async Task A_server_that_repeats_what_it_was_sent_does_not_bring_the_credentials_into_a_message(int status, string expected)
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = request => (status, string.Join('\n', request.Headers.Select(h => $"{h.Key}: {h.Value}")));
        using var gateway = new Pushgateway(new Uri(server.Address), "job", "instance", "Bearer SECRET");

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => gateway.PushAsync("a 1\n", TestContext.Current.CancellationToken));

        Assert.Equal(expected, fault.Message);
        Assert.Equal("Bearer SECRET", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("Bearer SECRET\nEvil: 1")]
    [InlineData("Bearer SECRET\r\n\r\nPOST /")]
    [InlineData("Bearer SÉCRET")]
    public void Credentials_that_would_begin_another_header_are_refused_without_being_told(string authorization)
    {
        var fault = Assert.Throws<UsageException>(() => new Pushgateway(new Uri("http://127.0.0.1:9"), "job", "instance", authorization));
        Assert.Equal("STACKMILL_PUSHGATEWAY_AUTHORIZATION can't be a header. Expected one line of printable ASCII, such as 'Bearer …'.", fault.Message);
        fault = Assert.Throws<UsageException>(() => LineageSettings.Of(new LineageOptions { Url = "http://127.0.0.1:9" }, null, name => name == LineageOptions.KeyVariable ? authorization : null, _ => { }));
        Assert.Equal("OPENLINEAGE_API_KEY can't be a header. Expected one line of printable ASCII.", fault.Message);
    }

    [Fact]
    public async Task An_address_with_a_password_is_not_asked_and_not_told()
    {
        await using var server = await RecordingServer.StartAsync();
        var parts = HealthChecks.Parts(new HealthOptions { Prometheus = server.Address.Replace("//", "//admin:SECRET@", StringComparison.Ordinal) }).Where(p => p.Name == "prometheus");
        var answer = Assert.Single(await HealthChecks.AskAsync(parts, TestContext.Current.CancellationToken));
        Assert.Equal(("", "monitoring.health.prometheus holds a name or password; expected an address without them"), (answer.Address, answer.Problem));
        Assert.Empty(server.Requests);
    }
}
