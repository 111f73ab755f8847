using System.Net;
using System.Net.Sockets;
using Stackmill.Core.Faults;
using Stackmill.Organize.Sources.Git;

namespace Stackmill.Tests.Organize.Sources.Git;

/// <summary>Servers that take a connection and then say nothing.</summary>
public sealed class GitPatienceTests
{
    // Each look at it is a second later: nobody waits, and the test does not depend on the machine.
    private sealed class SecondHand : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);
    }

    private static (TcpListener Server, GitSource Source) Silent()
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        return (server, GitSource.Of($"http://user:s3cret@127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/a/b.git"));
    }

    [Fact]
    public void A_silent_server_is_given_up_and_told_without_credentials()
    {
        var (server, source) = Silent();
        using (server)
        {
            var fault = Assert.Throws<ShardFaultException>(() => GitClones.CountReferences(source, TimeSpan.FromSeconds(20), new SecondHand(), default));
            Assert.Contains("its server has sent nothing for 20 s", fault.Message, StringComparison.Ordinal);
            Assert.Contains("input.git.timeout_seconds", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_run_that_is_to_stop_does_not_wait_for_a_silent_server()
    {
        var (server, source) = Silent();
        using var stop = new CancellationTokenSource();
        using (server)
        {
            // The connection is what shows that the server is being waited for.
            server.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
            Assert.ThrowsAny<OperationCanceledException>(() => GitClones.CountReferences(source, TimeSpan.FromDays(1), TimeProvider.System, stop.Token));
        }
    }

    [Fact]
    public void What_the_work_gives_and_how_it_fails_is_passed_on()
    {
        var patience = new GitPatience(TimeSpan.FromDays(1), TimeProvider.System, default);
        Assert.Equal(3, patience.Run(() => patience.Heard() ? 3 : 4, "here"));
        Assert.Equal("no", Assert.Throws<InvalidOperationException>(() => patience.Run<int>(() => throw new InvalidOperationException("no"), "here")).Message);
    }
}
