using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.ObjectStorage;

/// <summary>A bucket of its own on the real server behind a proxy that sees every request, and machines that use it.</summary>
internal sealed class CephPlace : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _open = [];

    private CephPlace(string server, string bucket, AmazonS3Client client, S3Proxy proxy) => (Server, Bucket, Client, Proxy) = (server, bucket, client, proxy);

    public string Server { get; }

    public string Bucket { get; }

    /// <summary>The owner's client, past the proxy.</summary>
    public AmazonS3Client Client { get; }

    public S3Proxy Proxy { get; }

    public RecordingObserver Observer { get; } = new();

    public TempFolder Folder => _folder;

    public static async Task<CephPlace> NewAsync(CephServer ceph)
    {
        var server = await ceph.AddressAsync();
        return new CephPlace(server, await ceph.NewBucketAsync(), await ceph.ClientAsync(), await S3Proxy.StartAsync(server));
    }

    public string Address(string prefix) => $"s3://{Bucket}/{prefix}";

    public StorageOptions Options(string machine = "one", string profile = CephServer.Owner) => new()
    {
        Endpoint = Proxy.Address,
        Profile = profile,
        WorkDir = _folder[machine],
        PartSize = 5 << 20,
        Concurrency = 4,
    };

    /// <summary>The paths of a run on one machine; ends with the place, or earlier.</summary>
    public StoragePaths Machine(string machine = "one", string profile = CephServer.Owner, CancellationToken cancellation = default, Action<StorageOptions>? set = null)
    {
        var options = Options(machine, profile);
        set?.Invoke(options);
        var paths = new StoragePaths(options, Observer, cancellation);
        _open.Add(paths);
        return paths;
    }

    public Task PutAsync(string key, byte[] bytes) =>
        Client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(bytes) });

    public Task PutAsync(string key, string text) => PutAsync(key, Encoding.UTF8.GetBytes(text));

    public async Task<List<string>> KeysAsync(string prefix = "")
    {
        var listing = await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix });
        return [.. (listing.S3Objects ?? []).Select(o => o.Key)];
    }

    public async ValueTask DisposeAsync()
    {
        _open.ForEach(o => o.Dispose());
        await Proxy.DisposeAsync();
        Client.Dispose();
        _folder.Dispose();
    }
}
