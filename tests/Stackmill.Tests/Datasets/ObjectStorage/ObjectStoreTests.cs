using Amazon.Runtime;
using Amazon.S3.Model;
using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support.Servers;
using S3Location = Stackmill.Datasets.ObjectStorage.S3Location;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class ObjectStoreTests(CephServer ceph)
{
    [Theory]
    [InlineData(CephServer.WrongSecret, "the secret key does not fit the access key")]
    [InlineData(CephServer.UnknownKey, "the server does not know the access key")]
    [InlineData(CephServer.Other, "access is denied (HTTP 403")]
    public async Task Denied_requests_say_why_and_hold_no_secret(string profile, string expected)
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var fault = Assert.Throws<RunFaultException>(() => place.Machine(profile: profile).Input(place.Address("in")));
        Assert.Contains(expected, fault.Message);
        Assert.Contains(place.Bucket, fault.Message);
        Assert.Contains($"profile '{profile}'", fault.Message);
        foreach (var secret in new[] { "OWNER", "OTHER", "NOBODY", "ownersecret", "not-the-owners", "nobodys-secret", "othersecret", "Signature=" })
            Assert.DoesNotContain(secret, fault.Message);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_and_a_place_without_objects_are_told()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var paths = place.Machine();
        Assert.Contains("there is no such bucket", Assert.Throws<UsageException>(() => paths.Input("s3://no-such-bucket-here/x")).Message);
        Assert.Contains("there is no such bucket", Assert.Throws<UsageException>(() => paths.Output("s3://no-such-bucket-here/y")).Message);
        Assert.Contains("nothing lies under", Assert.Throws<UsageException>(() => paths.Input(place.Address("nothing"))).Message);
    }

    [Fact]
    public async Task Unsigned_requests_reach_public_buckets_only()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a", "a");
        Assert.Contains("access is denied", Assert.Throws<RunFaultException>(() => place.Machine("x", profile: "", set: o => o.Unsigned = true).Input(place.Address("in"))).Message);
        await AllowReadingAsync(place);
        var folder = place.Machine(profile: "", set: o => o.Unsigned = true).Input(place.Address("in"));
        Assert.Equal("a", File.ReadAllText(Path.Combine(folder, "a")));
    }

    [Fact]
    public async Task A_bucket_whose_readers_pay_is_read_with_request_payer_only()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a", "a");
        await AllowReadingAsync(place);
        await place.Client.PutBucketRequestPaymentAsync(place.Bucket, new RequestPaymentConfiguration { Payer = "Requester" });
        var fault = Assert.Throws<RunFaultException>(() => place.Machine("x", CephServer.Other).Input(place.Address("in")));
        Assert.Contains("storage.request_payer", fault.Message);
        var before = place.Proxy.Seen.Count;
        var folder = place.Machine("y", CephServer.Other, set: o => o.RequestPayer = true).Input(place.Address("in"));
        Assert.Equal("a", File.ReadAllText(Path.Combine(folder, "a")));
        Assert.All(place.Proxy.Seen.Skip(before), r => Assert.True(r.HasPayer));
    }

    [Fact]
    public async Task A_busy_server_and_wrong_bytes_are_asked_again()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a", "content");
        var (busy, wrong) = (2, 1);
        place.Proxy.Before = async (r, context) =>
        {
            if (r.Key != "in/a" || Interlocked.Decrement(ref busy) < 0)
                return false;
            await AnswerAsync(context, 503, "<Error><Code>SlowDown</Code></Error>");
            return true;
        };
        place.Proxy.Spoil = r => r.Key == "in/a" && Interlocked.Decrement(ref wrong) >= 0;
        var folder = place.Machine().Input(place.Address("in"));
        Assert.Equal("content", File.ReadAllText(Path.Combine(folder, "a")));
        Assert.Equal(4, place.Proxy.Seen.Count(r => r.Key == "in/a"));
    }

    [Theory]
    [InlineData(503, "SlowDown", "8 times")]
    [InlineData(500, "", "8 times")]
    public async Task A_server_that_stays_busy_is_an_error_that_says_so(int status, string code, string expected)
    {
        await using var place = await CephPlace.NewAsync(ceph);
        place.Proxy.Before = async (_, context) =>
        {
            await AnswerAsync(context, status, code.Length == 0 ? "" : $"<Error><Code>{code}</Code><Message></Message></Error>");
            return true;
        };
        using var store = await ObjectStore.OpenAsync(place.Options(), _ => null, default, TimeSpan.FromMilliseconds(1));
        var fault = await Assert.ThrowsAsync<RunFaultException>(() => ListAsync(store, place));
        Assert.Contains(expected, fault.Message);
        Assert.Equal(ObjectStore.Attempts, place.Proxy.Seen.Count);
    }

    [Theory]
    [InlineData(403, "RequestTimeTooSkewed", "this one is ahead")]
    [InlineData(301, "PermanentRedirect", "the region 'eu-west-3'")]
    [InlineData(400, "AuthorizationHeaderMalformed", "the region 'eu-west-3'")]
    [InlineData(403, "ExpiredToken", "has expired")]
    [InlineData(400, "SomethingNew", "HTTP 400 SomethingNew")]
    public async Task Answers_that_need_a_remedy_name_it(int status, string code, string expected)
    {
        await using var place = await CephPlace.NewAsync(ceph);
        place.Proxy.Before = async (_, context) =>
        {
            context.Response.Headers.Date = "Thu, 01 Jan 2015 00:00:00 GMT";
            context.Response.Headers["x-amz-bucket-region"] = "eu-west-3";
            await AnswerAsync(context, status, $"<Error><Code>{code}</Code><Message>key OWNER</Message></Error>");
            return true;
        };
        using var store = await ObjectStore.OpenAsync(place.Options(), _ => null, default, TimeSpan.FromMilliseconds(1));
        var fault = await Assert.ThrowsAsync<RunFaultException>(() => ListAsync(store, place));
        Assert.Contains(expected, fault.Message);
        Assert.DoesNotContain("OWNER", fault.Message);
        Assert.Single(place.Proxy.Seen);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told()
    {
        var options = new StorageOptions { Endpoint = "http://127.0.0.1:1", Unsigned = true };
        using var store = await ObjectStore.OpenAsync(options, _ => null, default, TimeSpan.FromMilliseconds(1));
        var fault = await Assert.ThrowsAsync<RunFaultException>(() => store.HeadAsync(new S3Location("bucket", ""), "x", default));
        Assert.Contains("no connection", fault.Message);
        Assert.Contains("127.0.0.1:1", fault.Message);
    }

    [Fact]
    public async Task The_endpoint_and_the_region_come_from_the_option_before_the_environment()
    {
        var environment = new Dictionary<string, string> { ["AWS_ENDPOINT_URL_S3"] = "http://s3.local:1", ["AWS_ENDPOINT_URL"] = "http://any.local:2", ["AWS_REGION"] = "eu-north-1" };
        using var option = await ObjectStore.OpenAsync(new StorageOptions { Unsigned = true, Endpoint = "https://own:3", Region = "x-1" }, environment.GetValueOrDefault, default);
        Assert.Equal(("own:3", "x-1", false), (option.Endpoint, option.Region, option.IsAmazon));
        using var special = await ObjectStore.OpenAsync(new StorageOptions { Unsigned = true }, environment.GetValueOrDefault, default);
        Assert.Equal(("s3.local:1", "eu-north-1"), (special.Endpoint, special.Region));
        environment.Remove("AWS_ENDPOINT_URL_S3");
        using var general = await ObjectStore.OpenAsync(new StorageOptions { Unsigned = true }, environment.GetValueOrDefault, default);
        Assert.Equal("any.local:2", general.Endpoint);
        using var amazon = await ObjectStore.OpenAsync(new StorageOptions { Unsigned = true }, _ => null, default);
        Assert.Equal(("s3.us-east-1.amazonaws.com", true), (amazon.Endpoint, amazon.IsAmazon));
    }

    [Theory]
    [InlineData("localhost:9000")]
    [InlineData("ftp://host")]
    [InlineData("https://user:verysecret@host")]
    public async Task An_endpoint_that_is_no_address_is_an_error_that_does_not_repeat_it(string endpoint)
    {
        var fault = await Assert.ThrowsAsync<UsageException>(() => ObjectStore.OpenAsync(new StorageOptions { Unsigned = true, Endpoint = endpoint }, _ => null, default));
        Assert.Contains("storage.endpoint", fault.Message);
        Assert.DoesNotContain("verysecret", fault.Message);
    }

    [Fact]
    public async Task Missing_credentials_and_profiles_are_told_with_what_was_looked_at()
    {
        var named = await Assert.ThrowsAsync<UsageException>(() => ObjectStore.OpenAsync(new StorageOptions { Profile = "no-such-profile" }, _ => null, default));
        Assert.Contains("'no-such-profile'", named.Message);
        var none = await Assert.ThrowsAsync<UsageException>(() => StoreCredentials.CheckAsync(() => throw new AmazonClientException("none"), "default profile", "storage", "Or set storage.unsigned: true.", TimeProvider.System, default));
        Assert.Contains("AWS_ACCESS_KEY_ID", none.Message);
        Assert.Contains("storage.profile", none.Message);
        Assert.EndsWith("Or set storage.unsigned: true.", none.Message);
        // A metadata service that never answers.
        var silent = await Assert.ThrowsAsync<UsageException>(() => StoreCredentials.CheckAsync(() => new TaskCompletionSource<AWSCredentials>().Task, "instance role", "storage", "Or else.", new HastyClock(), default));
        Assert.Contains("nothing answered in 15 s", silent.Message);
    }

    [Fact]
    public async Task A_probe_tells_who_asks_and_whether_the_place_can_be_used()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a", "a");
        var location = new S3Location(place.Bucket, "in");
        using var store = await ObjectStore.OpenAsync(place.Options(), _ => null, default);
        var looked = await StorageProbe.RunAsync(store, location, tryWrite: false, default);
        Assert.True(looked is { Fault: null, HasObjects: true, CanWrite: null, Latency: not null }, $"{looked}");
        Assert.Equal(new StoreIdentity("owner", null), await StoreIdentity.AskAsync(store, default));
        Assert.DoesNotContain(place.Proxy.Seen, r => r.Method is "PUT" or "DELETE");
        Assert.True((await StorageProbe.RunAsync(store, location, tryWrite: true, default)).CanWrite);
        Assert.Equal(["in/a"], await place.KeysAsync());

        using var other = await ObjectStore.OpenAsync(place.Options(profile: CephServer.Other), _ => null, default);
        Assert.Contains("access is denied", (await StorageProbe.RunAsync(other, location, tryWrite: false, default)).Fault!.Message);
        await AllowReadingAsync(place);
        Assert.True(await StorageProbe.RunAsync(other, location, tryWrite: true, default) is { CanWrite: false, HasObjects: true, Fault: not null });
    }

    private static async Task ListAsync(ObjectStore store, CephPlace place)
    {
        await foreach (var _ in store.ListAsync(new S3Location(place.Bucket, "in"), "in/", default))
        {
        }
    }

    private static async Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
    }

    private static Task<PutBucketPolicyResponse> AllowReadingAsync(CephPlace place) => place.Client.PutBucketPolicyAsync(
        place.Bucket,
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::{{place.Bucket}}","arn:aws:s3:::{{place.Bucket}}/*"]}]}""");

    /// <summary>Every timer is due at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
