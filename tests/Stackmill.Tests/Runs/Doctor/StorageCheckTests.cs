using Amazon.S3.Model;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs.Doctor;
using Stackmill.Tests.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>Credentials, inputs and outputs in object storage, on a real server.</summary>
public sealed class StorageCheckTests(CephServer ceph)
{
    [Fact]
    public async Task A_place_that_can_be_used_is_told_with_its_size_and_latency()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/_manifest.json", "{}");
        await place.PutAsync("in/a.jsonl", "{\"content\": \"a\"}");
        var subject = At(place, input: place.Address("in"), output: place.Address("out"));
        using var store = await OpenAsync(place);

        Expect(await IdentityCheck.Storage.RunAsync(Need.Required, store, default), CheckStatus.Ok, $"owner at {new Uri(place.Proxy.Address).Authority}, credentials from profile '{CephServer.Owner}'");
        var look = await StorageChecks.InputAsync(subject, store, default);
        Expect(look.Check, CheckStatus.Ok, $"{place.Address("in")} at");
        Assert.Contains("a.jsonl read", look.Check.Found, StringComparison.Ordinal);
        Assert.Equal((18, false), (look.Size!.Value.Total, look.DescribesFiles));
        Assert.Contains(look.Check.Figures, f => f is { Name: "latency_ms", Value: > 0 });
        Assert.DoesNotContain(place.Proxy.Seen, r => r.Method is "PUT" or "DELETE");

        Expect(await StorageChecks.OutputAsync(subject, store, default), CheckStatus.Ok, $"{place.Address("out")} at");
        Assert.Contains(place.Proxy.Seen, r => r.Method == "PUT");
        Assert.Equal(["in/_manifest.json", "in/a.jsonl"], await place.KeysAsync());
    }

    [Fact]
    public async Task An_input_may_be_one_object_and_may_hold_rows_that_describe_files()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        StackV2Files.Write(place.Folder["rows.parquet"], StackV2Files.Rows(20, 1, "Python"), new StackV2Form());
        await place.PutAsync("rows/r.parquet", await File.ReadAllBytesAsync(place.Folder["rows.parquet"]));
        using var store = await OpenAsync(place);

        foreach (var address in (string[])["rows", "rows/r.parquet"])
        {
            var look = await StorageChecks.InputAsync(At(place, input: place.Address(address)), store, default);
            Expect(look.Check, CheckStatus.Ok, "r.parquet read");
            Assert.True(look.DescribesFiles);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var store = await OpenAsync(place);

        Expect((await StorageChecks.InputAsync(At(place, input: place.Address("nothing")), store, default)).Check, CheckStatus.Failed, "there is nothing at", "aws s3 ls");
        Expect((await StorageChecks.InputAsync(At(place, input: "s3://no-such-bucket-here/in"), store, default)).Check, CheckStatus.Failed, "there is no such bucket", "make the bucket first");
        Expect(await StorageChecks.OutputAsync(At(place, output: "s3://no-such-bucket-here/out"), store, default), CheckStatus.Failed, "there is no such bucket");
    }

    [Fact]
    public async Task Credentials_that_the_server_refuses_are_told_without_their_values()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        foreach (var (profile, code) in ((string, string)[])[(CephServer.WrongSecret, "SignatureDoesNotMatch"), (CephServer.UnknownKey, "InvalidAccessKeyId")])
        {
            using var store = await OpenAsync(place, profile);
            var check = await IdentityCheck.Storage.RunAsync(Need.Required, store, default);

            Expect(check, CheckStatus.Failed, $"refuses the credentials from profile '{profile}' ({code})", "--set storage.profile=NAME");
            Assert.All(["OWNER", "NOBODY", "not-the-owners-secret", "nobodys-secret"], value => Assert.DoesNotContain(value, check.Found, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Missing_credentials_are_told_once_and_nothing_is_tried()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var nobody = await StoreOpening.OpenAsync(new StorageOptions { Endpoint = place.Proxy.Address, Profile = "nobody" }, _ => null, default);
        using var none = await StoreOpening.OpenAsync(new StorageOptions { Endpoint = place.Proxy.Address }, _ => null, default);
        var subject = At(place, input: place.Address("in"), output: place.Address("out"));

        Expect(await IdentityCheck.Storage.RunAsync(Need.Required, nobody, default), CheckStatus.Failed, "storage.profile is 'nobody'", "name another");
        Expect(await IdentityCheck.Contents.RunAsync(Need.Required, nobody, default), CheckStatus.Failed, "contents.profile is 'nobody'");
        Expect(await IdentityCheck.Storage.RunAsync(Need.Required, none, default), CheckStatus.Failed, "no credentials for object storage (asked: default profile or instance role)", "export AWS_ACCESS_KEY_ID=");
        Expect(await IdentityCheck.Contents.RunAsync(Need.Optional, none, default), CheckStatus.Warning, "no credentials for object storage", "contents.signed=false");
        Expect((await StorageChecks.InputAsync(subject, none, default)).Check, CheckStatus.Skipped, "see storage-identity");
        Expect(await StorageChecks.OutputAsync(subject, none, default), CheckStatus.Skipped, "see storage-identity");
        Assert.Empty(place.Proxy.Seen);
    }

    [Fact]
    public async Task Listing_that_is_allowed_does_not_hide_that_reading_or_writing_is_not()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a.py", "a");
        var subject = At(place, input: place.Address("in"), output: place.Address("in"));
        using var other = await OpenAsync(place, CephServer.Other);
        Expect((await StorageChecks.InputAsync(subject, other, default)).Check, CheckStatus.Failed, "access is denied", "storage.unsigned: true");

        await place.Client.PutBucketPolicyAsync(new PutBucketPolicyRequest
        {
            BucketName = place.Bucket,
            Policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::{{place.Bucket}}"]}]}""",
        });

        Expect((await StorageChecks.InputAsync(subject, other, default)).Check, CheckStatus.Failed, $"can't read '{place.Address("in/a.py")}'");
        Expect(await StorageChecks.OutputAsync(subject, other, default), CheckStatus.Failed, $"can't write '{place.Address("in/.stackmill-probe")}'");
        Assert.Equal(["in/a.py"], await place.KeysAsync());
    }

    [Fact]
    public async Task A_dead_server_is_told_at_each_place_that_needs_it()
    {
        var address = DeadAddress();
        var options = Options("storage.unsigned=true", $"storage.endpoint={address}");
        using var store = await StoreOpening.OpenAsync(options.Storage, _ => null, default);
        var subject = Of(options, input: "s3://bucket/in", output: "s3://bucket/out");

        Expect((await StorageChecks.InputAsync(subject, store, default)).Check, CheckStatus.Failed, "no connection (ConnectionRefused)", "storage.endpoint");
        Expect(await StorageChecks.OutputAsync(subject, store, default), CheckStatus.Failed, "no connection (ConnectionRefused)");
        Expect(await IdentityCheck.Storage.RunAsync(Need.Required, store, default), CheckStatus.Skipped, "storage.unsigned");
    }

    private static DoctorSubject At(CephPlace place, string? input = null, string? output = null) => Of(Options($"storage.endpoint={place.Proxy.Address}", $"storage.profile={CephServer.Owner}"), input, output);

    private static Task<StoreOpening> OpenAsync(CephPlace place, string profile = CephServer.Owner) => StoreOpening.OpenAsync(place.Options(profile: profile), _ => null, default);
}
