using Stackmill.Core.Faults;
using Stackmill.Core.Options;
using Stackmill.Lineage;
using Stackmill.Monitoring;
using Stackmill.Tests.Support;
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

    [Theory]
    [InlineData("http://admin:SECRET@127.0.0.1:9090", "an address with a name or password")]
    [InlineData("http://127.0.0.1:9090/?token=SECRET", "an address with a query or fragment")]
    [InlineData("127.0.0.1:SECRET", "no address of a server")]
    [InlineData("file:///SECRET", "no address of a server")]
    public void An_address_that_health_would_ask_is_refused_with_the_configuration_and_not_told(string address, string found)
    {
        var problem = Assert.Single(new HealthOptions { Prometheus = address, Grafana = "" }.Check());
        Assert.Equal(new OptionProblem("prometheus", found, "http:// or https:// with a host, without user, password, query and fragment, such as http://127.0.0.1:9090"), problem);
        var refused = StackmillProgram.Run("health", "--set", $"monitoring.health.prometheus={address}").Expect(2);
        Assert.Contains("monitoring.health.prometheus", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", refused.All, StringComparison.Ordinal);
    }
}
