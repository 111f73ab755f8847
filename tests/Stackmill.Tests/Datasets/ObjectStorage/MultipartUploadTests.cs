using Amazon.S3.Model;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class MultipartUploadTests(CephServer ceph)
{
    private const int Size = (12 << 20) + 345;

    [Fact]
    public async Task A_large_file_goes_in_parts_and_comes_back_equal()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var output = place.Machine("one").Output(place.Address("out"));
        var bytes = WriteFile(output, 1);
        var result = output.Publish();
        Assert.Equal((1, Size), (result.Files, result.Bytes));
        Assert.Equal(3, Parts(place).Count);
        Assert.Contains("-3", (await place.Client.GetObjectMetadataAsync(place.Bucket, "out/large.bin")).ETag);
        Assert.Equal(0, output.Publish().Files);
        var copy = place.Machine("two").Input(place.Address("out"));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(copy, "large.bin")));
    }

    [Fact]
    public async Task After_a_stop_only_missing_parts_are_sent()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await StopAtPartAsync(place, 3);
        var before = Parts(place).Count;
        using var paths = place.Machine();
        var output = paths.Output(place.Address("out"));
        var bytes = File.ReadAllBytes(Path.Combine(output.LocalPath, "large.bin"));
        var result = output.Publish();
        Assert.Equal(Size - (2 * (5 << 20)), result.Bytes);
        Assert.Equal(["3"], Parts(place).Skip(before));
        using var there = await place.Client.GetObjectAsync(place.Bucket, "out/large.bin");
        var content = new MemoryStream();
        await there.ResponseStream.CopyToAsync(content);
        Assert.Equal(bytes, content.ToArray());
    }

    [Fact]
    public async Task The_upload_of_a_file_that_changed_since_is_ended_and_begun_anew()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await StopAtPartAsync(place, 3);
        using var paths = place.Machine();
        var output = paths.Output(place.Address("out"));
        WriteFile(output, 2);
        Assert.Equal(Size, output.Publish().Bytes);
        Assert.Empty(await UploadsAsync(place));
    }

    [Fact]
    public async Task The_upload_of_a_file_that_is_gone_is_ended()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await StopAtPartAsync(place, 3);
        Assert.Single(await UploadsAsync(place));
        using var paths = place.Machine();
        var output = paths.Output(place.Address("out"));
        File.Delete(Path.Combine(output.LocalPath, "large.bin"));
        output.Publish();
        Assert.Empty(await UploadsAsync(place));
    }

    // One transfer at a time, so that the parts before are there.
    private static async Task StopAtPartAsync(CephPlace place, int part)
    {
        using var stop = new CancellationTokenSource();
        place.Proxy.Before = (r, _) =>
        {
            if (r.Query.Contains($"partNumber={part}&") && r.Method == "PUT")
                stop.Cancel();
            return Task.FromResult(stop.IsCancellationRequested);
        };
        using (var paths = place.Machine(cancellation: stop.Token, set: o => o.Concurrency = 1))
        {
            var output = paths.Output(place.Address("out"));
            WriteFile(output, 1);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => output.Publish()));
        }

        place.Proxy.Before = (_, _) => Task.FromResult(false);
    }

    private static byte[] WriteFile(OutputFolder output, int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(output.LocalPath, "large.bin"), bytes);
        return bytes;
    }

    private static List<string> Parts(CephPlace place) =>
        [.. place.Proxy.Seen.Where(r => r.Method == "PUT" && r.Query.Contains("partNumber=")).Select(r => r.Query.Split("partNumber=")[1].Split('&')[0])];

    private static async Task<List<Amazon.S3.Model.MultipartUpload>> UploadsAsync(CephPlace place) =>
        (await place.Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = place.Bucket })).MultipartUploads ?? [];
}
