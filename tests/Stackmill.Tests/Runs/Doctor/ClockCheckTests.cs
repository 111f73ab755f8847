using Stackmill.Runs.Doctor;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>This machine's clock against those of servers.</summary>
public sealed class ClockCheckTests
{
    [Fact]
    public async Task A_clock_that_agrees_is_told_with_the_server()
    {
        await using var server = await BlobServer.Start();

        Expect(await AskAsync(TimeSpan.Zero, (server.Endpoint, true)), CheckStatus.Ok, $"as that of {new Uri(server.Endpoint).Authority}");
    }

    [Theory]
    [InlineData(20, true, "ok", " s ahead of")]
    [InlineData(-300, true, "warning", "5 min behind")]
    [InlineData(1200, false, "warning", "20 min ahead of")]
    [InlineData(1200, true, "failed", "20 min ahead of")]
    [InlineData(-86400, true, "failed", "24 h behind")]
    public async Task A_difference_fails_where_requests_are_signed_and_refused_for_it(int seconds, bool isSigned, string status, string found)
    {
        await using var server = await BlobServer.Start();

        Expect(await AskAsync(TimeSpan.FromSeconds(seconds), (server.Endpoint, isSigned)), Status(status), found, status == "ok" ? null : "timedatectl set-ntp true");
    }

    [Fact]
    public async Task Servers_that_do_not_answer_do_not_hide_those_that_do()
    {
        await using var server = await BlobServer.Start();

        Expect(await AskAsync(TimeSpan.FromHours(1), (DeadAddress(), true), (server.Endpoint, false)), CheckStatus.Warning, "60 min ahead of");
        Expect(await AskAsync(TimeSpan.Zero, (DeadAddress(), true)), CheckStatus.Skipped, "no server told its time");
        Expect(await AskAsync(TimeSpan.Zero), CheckStatus.Skipped, "no server is used");
    }

    private static Task<Check> AskAsync(TimeSpan ahead, params (string Address, bool IsSigned)[] servers) =>
        ClockCheck.RunAsync(Of(clock: new WrongClock(ahead)), [.. servers.Select(s => new UsedServer(new Uri(s.Address), s.IsSigned))], default);

    private sealed class WrongClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
