using System.Diagnostics;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A run whose output lies on a file system of a few megabytes.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private bool _mounted;

    private string Disk => _folder["disk"];

    [Fact]
    public void A_full_disk_stops_the_run_with_a_message_and_room_lets_it_go_on()
    {
        Requires.Root();
        Requires.Tool("mount");
        Directory.CreateDirectory(Disk);
        var random = new Random(5);
        // Noise in hexadecimal halves at best: 6 MB of it fills 2 MB in the first stage.
        for (var i = 0; i < 60; i++)
            _folder.Write($"input/noise-{i}.py", string.Concat(Enumerable.Range(0, 1_000).Select(_ => $"'{random.NextInt64():x16}{random.NextInt64():x16}{random.NextInt64():x16}{random.NextInt64():x16}{random.NextInt64():x16}{random.NextInt64():x16}'\n")));
        _mounted = Mount("-t", "tmpfs", "-o", "size=2m", "stackmill-test", Disk);
        Requires.That(_mounted, "this test needs the right to mount a tmpfs");

        var full = Run().Expect(1);

        Assert.Contains("full", full.Error, StringComparison.Ordinal);
        Assert.Contains(Disk, full.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", full.All, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", full.All, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Disk, "project", "data", "staged", "_manifest.json")));

        Assert.True(Mount("-o", "remount,size=200m", Disk));
        Run().Expect(0);
        var elsewhere = StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["elsewhere"], "--set", "shard_size=1MiB", "--quiet").Expect(0);
        Assert.NotNull(elsewhere);
        TreeState.AssertEqual(TreeState.OfOutput(_folder["elsewhere"]), TreeState.OfOutput(Path.Combine(Disk, "project")));
    }

    public void Dispose()
    {
        if (_mounted)
        {
            using var unmount = Process.Start("umount", [Disk]);
            unmount.WaitForExit();
        }

        _folder.Dispose();
    }

    private ProgramResult Run() => StackmillProgram.Run("run", "--input", _folder["input"], "--output", Path.Combine(Disk, "project"), "--set", "shard_size=1MiB", "--quiet");

    private static bool Mount(params string[] args)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", args) { RedirectStandardError = true })!;
        mount.StandardError.ReadToEnd();
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }
}
