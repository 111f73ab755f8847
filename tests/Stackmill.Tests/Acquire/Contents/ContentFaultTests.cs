using Stackmill.Acquire.Contents;
using Stackmill.Core.Faults;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Acquire.Contents;

/// <summary>Stores that are of no use: each ends the run with one message, in bounded time, and what was fetched is kept.</summary>
public sealed class ContentFaultTests : ContentsTest
{
    [Theory]
    [InlineData(BlobServerFault.Denied, "refused the first 20 contents", "contents.signed: true")]
    [InlineData(BlobServerFault.Redirect, "http://elsewhere.test/content/x", "contents.location")]
    [InlineData(BlobServerFault.Html, "gave other bytes than asked for", "a proxy or a log-in page")]
    [InlineData(BlobServerFault.WrongBytes, "gave other bytes than asked for", "Is it a copy of Software Heritage's contents")]
    public void A_store_that_gives_nothing_stops_the_run_after_twenty_contents(BlobServerFault fault, string expected, string remedy)
    {
        var rows = Write(Rows(200));
        Server.Fault = (_, _) => fault;

        var message = Assert.Throws<RunFaultException>(() => Run(rows, change: o => o.MaxConcurrency = 8)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Please log in", message, StringComparison.Ordinal);
        // Wrong bytes are asked for again, and others meanwhile.
        Assert.True(fault is BlobServerFault.Html or BlobServerFault.WrongBytes || Server.Attempts.Count <= 28, $"{Server.Attempts.Count} contents were asked for");

        // When it is put right, the same command goes on.
        Server.Fault = (_, _) => BlobServerFault.None;
        Assert.Equal(200, Run(rows).Books.Kept);
    }

    [Fact]
    public void A_store_that_refuses_what_failed_before_does_not_stop_the_run_that_tries_it_again()
    {
        var rows = Rows(100);
        var closed = rows.Take(60).Select(r => r.BlobId).ToHashSet();
        var source = Write(rows);
        // The order in which contents are asked for decides which come first: none is refused before one was had.
        Server.Fault = (id, _) => closed.Contains(id) && Server.Requests > 40 ? BlobServerFault.Denied : BlobServerFault.None;
        var first = Run(source);
        Assert.True(first.Books.FailedTotal > new ContentOptions().RefusalsToStop, $"only {first.Books.FailedTotal} were refused");

        Server.Fault = (id, _) => closed.Contains(id) ? BlobServerFault.Denied : BlobServerFault.None;
        var again = Run(source, retryFailed: true);
        Assert.Equal((first.RootHash, first.Books.FailedTotal), (again.RootHash, again.Books.FailedTotal));
    }

    [Fact]
    public void Contents_that_are_refused_for_good_do_not_stop_a_second_dataset_that_has_the_others_from_the_cache()
    {
        var rows = Rows(100);
        var closed = rows.Take(60).Select(r => r.BlobId).ToHashSet();
        var source = Write(rows);
        Server.Fault = (id, _) => closed.Contains(id) && Server.Requests > 40 ? BlobServerFault.Denied : BlobServerFault.None;
        var first = Run(source);
        Server.Fault = (id, _) => closed.Contains(id) ? BlobServerFault.Denied : BlobServerFault.None;
        var second = Run(source, output: "second");
        Assert.Equal((first.RootHash, first.Books.FailedTotal), (second.RootHash, second.Books.FailedTotal));
    }

    [Theory]
    [InlineData(BlobServerFault.Expired, "ExpiredToken", "renew the credentials")]
    [InlineData(BlobServerFault.Skewed, "RequestTimeTooSkewed", "set this machine's clock right")]
    public void What_no_content_can_help_stops_the_run_at_once_also_in_its_midst(BlobServerFault fault, string code, string remedy)
    {
        var rows = Write(Rows(300));
        Server.Fault = (_, _) => Server.Requests > 100 ? fault : BlobServerFault.None;

        var message = Assert.Throws<RunFaultException>(() => Run(rows)).Message;

        Assert.Contains(code, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
        Assert.InRange(Server.Requests, 101, 133);
        Server.Fault = (_, _) => BlobServerFault.None;
        Assert.Equal(300, Run(rows).Books.Kept);
    }

    [Fact]
    public void A_server_that_is_not_there_stops_the_run_after_a_minute()
    {
        var clock = new InstantClock();
        var message = Assert.Throws<RunFaultException>(() => Run(Write(Rows(50)), clock: clock, change: o => o.Endpoint = "http://127.0.0.1:1")).Message;
        Assert.Contains("http://127.0.0.1:1/", message, StringComparison.Ordinal);
        Assert.Contains("has not answered for", message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", message, StringComparison.Ordinal);
        Assert.Contains("contents.endpoint", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_server_has_stops_the_run_after_a_minute()
    {
        var clock = new InstantClock();
        var message = Assert.Throws<RunFaultException>(() => Run(Write(Rows(5)), clock: clock, change: o => (o.Endpoint, o.MaxConcurrency) = ("http://no-such-host.invalid", 1))).Message;
        Assert.Contains("no-such-host.invalid", message, StringComparison.Ordinal);
        Assert.Contains("has not answered for", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BlobServerFault.ServerError, "status 500 InternalError")]
    [InlineData(BlobServerFault.SlowDown, "status 503 SlowDown")]
    [InlineData(BlobServerFault.Reset, "given nothing of use")]
    public void A_server_that_answers_nothing_of_use_stops_the_run_after_ten_minutes(BlobServerFault fault, string expected)
    {
        var clock = new InstantClock();
        Server.Fault = (_, _) => fault;
        // So many attempts that no content is given up before.
        var message = Assert.Throws<RunFaultException>(() => Run(Write(Rows(20)), clock: clock, change: o => (o.Retries, o.MaxConcurrency) = (100, 4))).Message;
        Assert.Contains("given nothing of use", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bucket_that_has_none_of_the_first_contents_is_told_and_the_run_goes_on()
    {
        var rows = Write(Rows(150));
        Server.Contents.Clear();
        var notes = new RecordingNotes();
        Assert.Equal(150, Run(rows, notes: notes).Books.Failed["missing_blob"]);
        Assert.Single(notes.All, n => n.Contains("none of the first 100 contents", StringComparison.Ordinal) && n.Contains("is contents.location right?", StringComparison.Ordinal));
    }

    [Fact]
    public void A_storm_of_all_faults_slows_the_work_down_and_loses_nothing()
    {
        var rows = Write(Rows(600));
        Server.Fault = (id, attempt) => BlobServer.Chance(id, attempt, 0.3, out var dice)
            ? new[] { BlobServerFault.SlowDown, BlobServerFault.TooMany, BlobServerFault.Reset }[dice % 3]
            : BlobServerFault.None;
        var stormy = Run(rows, change: o => o.Retries = 20);
        Assert.Equal((600, 600), (stormy.Books.In, stormy.Books.Kept));
        Server.Fault = (_, _) => BlobServerFault.None;
        Assert.Equal(Run(rows, "calm", cache: null).RootHash, stormy.RootHash);
    }
}
