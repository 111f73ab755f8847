using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.ObjectStorage;

/// <summary>Whom servers take the sender of signed requests for; with Ceph, the tests of the doctor ask.</summary>
public sealed class StoreIdentityTests(CephServer ceph)
{
    [Fact]
    public async Task Amazon_s_identity_service_tells_the_name()
    {
        var identity = await AskAsync(200, """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:iam::123456789012:user/alice</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
            </GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>
            """);

        Assert.Equal(new StoreIdentity("arn:aws:iam::123456789012:user/alice", null), identity);
    }

    [Theory]
    [InlineData("InvalidClientTokenId")]
    [InlineData("ExpiredToken")]
    [InlineData("SignatureDoesNotMatch")]
    public async Task Credentials_that_are_refused_are_told_by_the_server_s_code(string code) => Assert.Equal(new StoreIdentity(null, code), await AskAsync(403, Error(code)));

    [Fact]
    public async Task A_service_that_does_not_tell_is_no_refusal()
    {
        Assert.Equal(new StoreIdentity(null, null), await AskAsync(403, Error("AccessDenied")));
        using var store = await StoreAsync();
        Assert.Equal(new StoreIdentity(null, null), await StoreIdentity.AskAsync(store, default, Runs.Doctor.Subjects.DeadAddress()));
    }

    [Fact]
    public async Task A_stopped_question_ends_as_stopped()
    {
        using var store = await StoreAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StoreIdentity.AskAsync(store, new CancellationToken(canceled: true), Runs.Doctor.Subjects.DeadAddress()));
    }

    private static string Error(string code) =>
        $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>No.</Message></Error><RequestId>1</RequestId></ErrorResponse>";

    // Profiles are the fixture's; no request goes to the storage itself.
    private Task<ObjectStore> StoreAsync()
    {
        Assert.NotNull(ceph);
        return ObjectStore.OpenAsync(new StorageOptions { Profile = CephServer.Owner }, _ => null, default);
    }

    private async Task<StoreIdentity> AskAsync(int status, string answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var service = builder.Build();
        service.Run(async context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "text/xml");
            await context.Response.WriteAsync(answer);
        });
        await service.StartAsync();
        using var store = await StoreAsync();
        return await StoreIdentity.AskAsync(store, default, service.Urls.Single());
    }
}
