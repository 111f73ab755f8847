using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class S3FileTests(CephServer ceph)
{
    [Fact]
    public async Task An_object_is_read_at_any_position_without_fetching_all_of_it()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var (file, bytes) = await MakeAsync(place, 3 << 20);
        Assert.Equal((bytes.Length, "deep/file.bin", $"s3://{place.Bucket}/in/deep/file.bin"), (file.Length, file.RelativePath, file.Name));
        using var stream = file.OpenSeekable();
        var end = new byte[100];
        stream.Seek(-100, SeekOrigin.End);
        stream.ReadExactly(end);
        Assert.Equal(bytes[^100..], end);
        Assert.Equal(0, stream.Read(end));
        stream.Position = 1_000_000;
        stream.ReadExactly(end);
        Assert.Equal(bytes[1_000_000..1_000_100], end);
        var ranges = place.Proxy.Seen.Where(r => r.Range is not null).Select(r => r.Range!["bytes=".Length..].Split('-')).ToList();
        Assert.Equal(2, ranges.Count);
        Assert.True(ranges.Sum(r => long.Parse(r[1]) - long.Parse(r[0]) + 1) < bytes.Length / 4);
    }

    [Fact]
    public async Task Reading_in_order_gives_every_byte_and_bears_a_cut()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var (file, bytes) = await MakeAsync(place, 5 << 20);
        var cuts = 1;
        place.Proxy.CutAfter = r => r.Range is not null && Interlocked.Decrement(ref cuts) >= 0 ? 100_000 : -1;
        using var stream = file.OpenSequential(10);
        using var read = new MemoryStream();
        stream.CopyTo(read);
        Assert.Equal(bytes[10..], read.ToArray());
        Assert.True(cuts < 0);
    }

    [Fact]
    public async Task An_object_that_changed_since_it_was_listed_is_a_fault()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var (file, _) = await MakeAsync(place, 1000);
        await place.PutAsync("in/deep/file.bin", new byte[1000]);
        using var stream = file.OpenSeekable();
        Assert.Contains("it changed meanwhile", Assert.Throws<ShardFaultException>(() => stream.ReadByte()).Message);
    }

    private static async Task<(S3File File, byte[] Bytes)> MakeAsync(CephPlace place, int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        await place.PutAsync("in/deep/file.bin", bytes);
        var location = new S3Location(place.Bucket, "in");
        var store = place.Machine().Store;
        await foreach (var item in store.ListAsync(location, "in/", default))
            return (new S3File(store, location, item, default), bytes);
        throw new InvalidOperationException("the object is not listed");
    }
}
