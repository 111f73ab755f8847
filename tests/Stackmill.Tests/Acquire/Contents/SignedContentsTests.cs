using Amazon.S3;
using Amazon.S3.Model;
using Stackmill.Acquire.Contents;
using Stackmill.Core.Faults;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Acquire.Contents;

/// <summary>Contents by signed requests: from Ceph's gateway, which checks signatures, rights and who pays, and from a server whose clock is wrong.</summary>
public sealed class SignedContentsTests(CephServer ceph) : ContentsTest
{
    private static readonly string[] Secrets = ["OWNER", "OTHER", "NOBODY", "ownersecret", "othersecret", "not-the-owners", "nobodys-secret", "Signature="];

    // A bucket with the contents of the rows.
    private async Task<(AmazonS3Client Client, string Bucket)> Fill(int count)
    {
        var (client, bucket) = (await ceph.ClientAsync(), await ceph.NewBucketAsync());
        Rows(count);
        foreach (var (id, bytes) in Server.Contents)
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = $"content/{id}", InputStream = new MemoryStream(bytes) });
        return (client, bucket);
    }

    private static Task<PutBucketPolicyResponse> AllowReadingAsync(AmazonS3Client client, string bucket, params string[] actions) => client.PutBucketPolicyAsync(
        bucket,
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":[{{string.Join(',', actions.Select(a => $"\"{a}\""))}}],"Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"]}]}""");

    private async Task<Action<ContentOptions>> Of(string bucket, string profile, bool pays = false)
    {
        var address = await ceph.AddressAsync();
        return o =>
        {
            (o.Endpoint, o.Location, o.Signed, o.Profile, o.RequestPayer) = (address, $"s3://{bucket}/content/", true, profile, pays);
            (o.TimeoutSeconds, o.Retries) = (20, 3);
        };
    }

    [Fact]
    public async Task They_are_fetched_with_a_profile_and_what_is_missing_is_told()
    {
        var (client, bucket) = await Fill(60);
        using var _ = client;
        var rows = Rows(60);
        await client.DeleteObjectAsync(bucket, $"content/{rows[7].BlobId}");

        var manifest = Run(Write(rows), change: await Of(bucket, CephServer.Owner));

        Assert.Equal((60, 59, 1), (manifest.Books.In, manifest.Books.Kept, manifest.Books.Failed["missing_blob"]));
        Assert.Equal(rows[7].BlobId, Assert.Single(Ledger()).BlobId);
        Assert.Equal(0, Server.Requests);

        // The same from a public server: who was asked, and how, does not show in the bytes.
        Server.Contents.TryRemove(rows[7].BlobId, out var _);
        Assert.Equal(manifest.RootHash, Run(Write(rows), "plain", cache: "other").RootHash);
    }

    [Fact]
    public async Task A_bucket_whose_readers_pay_gives_them_to_those_who_say_so_only()
    {
        var (client, bucket) = await Fill(40);
        using var _ = client;
        await AllowReadingAsync(client, bucket, "s3:GetObject", "s3:ListBucket");
        await client.PutBucketRequestPaymentAsync(bucket, new RequestPaymentConfiguration { Payer = "Requester" });
        var rows = Write(Rows(40));

        var refused = Assert.Throws<RunFaultException>(() => Run(rows, change: Of(bucket, CephServer.Other).GetAwaiter().GetResult()));
        Assert.Contains("refused the first 20 contents", refused.Message, StringComparison.Ordinal);
        Assert.Contains("contents.request_payer: true", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"profile '{CephServer.Other}'", refused.Message, StringComparison.Ordinal);
        Assert.All(Secrets, s => Assert.DoesNotContain(s, refused.Message, StringComparison.Ordinal));

        Assert.Equal(40, Run(rows, change: await Of(bucket, CephServer.Other, pays: true)).Books.Kept);
    }

    [Theory]
    [InlineData(CephServer.WrongSecret, "SignatureDoesNotMatch", "the secret key does not fit the access key")]
    [InlineData(CephServer.UnknownKey, "InvalidAccessKeyId", "the server does not know the access key")]
    public async Task Wrong_keys_stop_the_run_at_once_and_are_not_repeated(string profile, string code, string why)
    {
        var (client, bucket) = await Fill(30);
        using var _ = client;
        var change = await Of(bucket, profile);
        var message = Assert.Throws<RunFaultException>(() => Run(Write(Rows(30)), change: change)).Message;
        Assert.Contains(code, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.Contains($"profile '{profile}'", message, StringComparison.Ordinal);
        Assert.Contains("contents.profile", message, StringComparison.Ordinal);
        Assert.All(Secrets, s => Assert.DoesNotContain(s, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_stops_the_run_at_once()
    {
        var change = await Of("no-such-bucket-here", CephServer.Owner);
        var message = Assert.Throws<RunFaultException>(() => Run(Write(Rows(30)), change: change)).Message;
        Assert.Contains("there is no such bucket", message, StringComparison.Ordinal);
        Assert.Contains("s3://no-such-bucket-here/content/", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsigned_requests_reach_a_public_bucket_of_the_same_server()
    {
        var (client, bucket) = await Fill(30);
        using var _ = client;
        var address = await ceph.AddressAsync();
        var rows = Write(Rows(30));
        void Unsigned(ContentOptions o) => (o.Endpoint, o.Location, o.TimeoutSeconds) = (address, $"s3://{bucket}/content/", 20);
        Assert.Contains("contents.signed: true", Assert.Throws<RunFaultException>(() => Run(rows, change: Unsigned)).Message, StringComparison.Ordinal);
        await AllowReadingAsync(client, bucket, "s3:GetObject", "s3:ListBucket");
        Assert.Equal(30, Run(rows, change: Unsigned).Books.Kept);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-30)]
    public void A_clock_that_differs_from_the_servers_is_corrected_by_it(int hours)
    {
        Server.RequiresSignature = Server.RequesterPays = true;
        Server.Skew = TimeSpan.FromHours(hours);
        var manifest = Run(Write(Rows(300)), change: o => (o.Signed, o.Profile, o.RequestPayer, o.MaxConcurrency) = (true, CephServer.Owner, true, 16));
        Assert.Equal((300, 300), (manifest.Books.In, manifest.Books.Kept));
        // Those that were under way with the wrong time were sent again, and no others.
        Assert.InRange(Server.Requests, 301, 316);
    }

    [Fact]
    public void A_clock_that_cannot_be_corrected_is_told()
    {
        Server.Fault = (_, _) => BlobServerFault.Skewed;
        var message = Assert.Throws<RunFaultException>(() => Run(Write(Rows(30)), change: o => (o.Signed, o.Profile) = (true, CephServer.Owner))).Message;
        Assert.Contains("set this machine's clock right", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_faults_are_mended_and_told_as_with_unsigned_requests()
    {
        var rows = Rows(300);
        var source = Write(rows);
        var expected = Run(source, "plain", cache: "plain-cache").RootHash;
        Server.RequiresSignature = true;
        Server.Fault = (id, attempt) => attempt <= 2 && BlobServer.Chance(id, attempt, 0.2, out var dice)
            ? new[] { BlobServerFault.SlowDown, BlobServerFault.ServerError, BlobServerFault.Reset, BlobServerFault.Truncated, BlobServerFault.WrongBytes, BlobServerFault.Silence, BlobServerFault.Trickle }[dice % 7]
            : BlobServerFault.None;
        void Signed(ContentOptions o) => (o.Signed, o.Profile, o.Retries) = (true, CephServer.Owner, 12);
        var signed = Run(source, "signed", Signed);
        Assert.Empty(Ledger("signed").Select(r => $"{r.Reason}: {r.Detail}"));
        Assert.Equal(expected, signed.RootHash);

        Server.Fault = (id, _) => id == rows[9].BlobId ? BlobServerFault.Missing : BlobServerFault.None;
        var manifest = Run(source, "one", o => (o.Signed, o.Profile) = (true, CephServer.Owner), cache: null);
        Assert.Equal(1, manifest.Books.Failed["missing_blob"]);
    }
}
