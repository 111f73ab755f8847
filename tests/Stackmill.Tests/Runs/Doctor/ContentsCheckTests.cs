using Stackmill.Catalog;
using Stackmill.Runs.Doctor;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>The bucket that contents come from.</summary>
public sealed class ContentsCheckTests
{
    private static readonly ContentsUse Required = new(Need.Required, "");

    [Fact]
    public async Task A_bucket_that_can_be_read_is_told_with_its_latency()
    {
        await using var server = await BlobServer.Start();
        Expect(await AskAsync(server), CheckStatus.Ok, "404 NoSuchKey to a trial: it may be read");
        server.Add([]);

        var check = await AskAsync(server);

        Expect(check, CheckStatus.Ok, $"s3://mirror/content at {new Uri(server.Endpoint).Authority} answers in");
        Assert.Contains("with whole bytes", check.Found, StringComparison.Ordinal);
        Assert.Contains(check.Figures, f => f is { Name: "latency_ms", Value: > 0 });
        Assert.Equal(4, server.Requests);
    }

    [Theory]
    [InlineData(BlobServerFault.Denied, "refuses to be read (403 AccessDenied)", "--signed")]
    [InlineData(BlobServerFault.MissingBucket, "there is no such bucket", "contents.location")]
    [InlineData(BlobServerFault.ServerError, "is there, but faulty (500 InternalError)", "later")]
    [InlineData(BlobServerFault.Reset, "is there, but faulty", "later")]
    [InlineData(BlobServerFault.WrongBytes, "gives other bytes than the id names", "SHA-1")]
    public async Task A_bucket_that_can_not_be_read_is_told_apart_by_its_answer(BlobServerFault fault, string found, string remedy)
    {
        await using var server = await BlobServer.Start();
        server.Add([]);
        server.Fault = (_, _) => fault;

        Expect(await AskAsync(server), CheckStatus.Failed, found, remedy);
        Expect(await ContentsCheck.RunAsync(Of(Options(server)), Need.Optional, default), CheckStatus.Warning, found, remedy);
    }

    [Theory]
    [InlineData(BlobServerFault.SlowDown, "asks for fewer requests (503 SlowDown)", "contents.max_concurrency=16")]
    [InlineData(BlobServerFault.TooMany, "asks for fewer requests (429 TooManyRequests)", "contents.max_concurrency=16")]
    [InlineData(BlobServerFault.MissingPage, "answers 404 to a trial, not as S3 does", "contents.location")]
    public async Task What_may_pass_is_a_warning(BlobServerFault fault, string found, string remedy)
    {
        await using var server = await BlobServer.Start();
        server.Fault = (_, _) => fault;

        Expect(await AskAsync(server), CheckStatus.Warning, found, remedy);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told()
    {
        await using var server = await BlobServer.Start();
        server.Fault = (_, _) => BlobServerFault.Silence;
        Expect(await AskAsync(server, "contents.timeout_seconds=0.1"), CheckStatus.Failed, "does not answer (no byte within 0.1 s)", "HTTPS_PROXY");

        var dead = Subjects.Options("contents.location=s3://mirror/content/", $"contents.endpoint={DeadAddress()}");
        Expect(await ContentsCheck.RunAsync(Of(dead), Need.Required, default), CheckStatus.Failed, "does not answer (Connection refused)", "contents.endpoint");
        Expect(await ContentsCheck.RunAsync(Of(Subjects.Options("contents.location=nowhere")), Need.Required, default), CheckStatus.Failed, "is no place of contents", "expected s3://bucket/prefix/");
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_terms_are_accepted_or_without_need()
    {
        await using var server = await BlobServer.Start();
        string[] archive = ["contents.location=s3://softwareheritage/content/", $"contents.endpoint={server.Endpoint}"];

        var subject = Of(Subjects.Options(archive));
        Expect(ContentsCheck.Terms(subject, Required), CheckStatus.Failed, "are not accepted", "--accept-terms");
        Assert.False(ContentsCheck.MayAsk(subject));
        var none = new ContentsUse(Need.None, "not needed: the input holds its contents");
        Expect(ContentsCheck.Terms(subject, none), CheckStatus.Skipped, none.Why);
        Assert.Equal(0, server.Requests);

        var accepted = Of(Subjects.Options([.. archive, "contents.accept_terms=true"]));
        Expect(ContentsCheck.Terms(accepted, Required), CheckStatus.Ok, "accepted");
        Assert.True(ContentsCheck.MayAsk(accepted));
        Expect(await ContentsCheck.RunAsync(accepted, Need.Required, default), CheckStatus.Ok, "404 NoSuchKey");
        Expect(ContentsCheck.Terms(Of(Options(server)), Required), CheckStatus.Skipped, "not needed");
    }

    [Theory]
    [InlineData("s3://softwareheritage/content/", "", "https://s3.us-east-1.amazonaws.com/")]
    [InlineData("s3://mirror/x/", "http://127.0.0.1:9000/base", "http://127.0.0.1:9000/")]
    [InlineData("https://user:secret@example.org/path?token=1", "", "https://example.org/")]
    public void The_server_is_told_without_user_and_path(string location, string endpoint, string expected) =>
        Assert.Equal(expected, ContentsCheck.Server(Subjects.Options($"contents.location={location}", $"contents.endpoint={endpoint}").Contents)!.AbsoluteUri);

    private static StackmillOptions Options(BlobServer server, params string[] more) => Subjects.Options(["contents.location=s3://mirror/content/", $"contents.endpoint={server.Endpoint}", .. more]);

    private static Task<Check> AskAsync(BlobServer server, params string[] more) => ContentsCheck.RunAsync(Of(Options(server, more)), Need.Required, default);
}
