using System.Diagnostics;
using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A download whose cache, or dataset, lies on a file system of a few megabytes.</summary>
public sealed class ContentsFullDiskTests : IAsyncLifetime
{
    private const int Blobs = 300;
    private const int Concurrency = 16;

    private readonly TempFolder _folder = new();
    private BlobServer _server = null!;
    private bool _mounted;

    private string Disk => _folder["disk"];

    public async ValueTask InitializeAsync()
    {
        _server = await BlobServer.Start();
        var random = new Random(11);
        ContentsCorpus.Write(_folder["rows.parquet"], _server, [.. Enumerable.Range(0, Blobs).Select(_ =>
        {
            var noise = new byte[20_000];
            random.NextBytes(noise);
            return noise;
        })]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            using var unmount = Process.Start("umount", [Disk]);
            await unmount.WaitForExitAsync();
        }

        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_full_disk_stops_the_download_with_a_message_and_room_lets_it_go_on(bool cacheIsThere, bool datasetIsThere)
    {
        Requires.Root();
        Requires.Tool("mount");
        Directory.CreateDirectory(Disk);
        _mounted = Mount("-t", "tmpfs", "-o", "size=2m", "stackmill-test", Disk);
        Requires.That(_mounted, "this test needs the right to mount a tmpfs");
        var (cache, output) = (cacheIsThere ? Path.Combine(Disk, "cache") : _folder["cache"], datasetIsThere ? Path.Combine(Disk, "contents") : _folder["contents"]);
        string[] args = ContentsCorpus.Args(_folder["rows.parquet"], output, _server, Concurrency, "--set", $"contents.cache={cache}");

        var full = StackmillProgram.Run(args).Expect(1);

        Assert.Contains("full", full.Error, StringComparison.Ordinal);
        Assert.Contains(Disk, full.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", full.All, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", full.All, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(output, Manifest.FileName)));

        Assert.True(Mount("-o", "remount,size=200m", Disk));
        StackmillProgram.Run(args).Expect(0);
        Assert.Equal(Blobs, Manifest.Read(output)!.Books.Kept);
        Assert.InRange(_server.Requests, Blobs, Blobs + Concurrency);
        StackmillProgram.Run(ContentsCorpus.Args(_folder["rows.parquet"], _folder["elsewhere"], _server, Concurrency, "--set", "contents.cache=none")).Expect(0);
        Assert.Equal(Manifest.Read(_folder["elsewhere"])!.RootHash, Manifest.Read(output)!.RootHash);
    }

    private static bool Mount(params string[] args)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", args) { RedirectStandardError = true })!;
        mount.StandardError.ReadToEnd();
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }
}
