using Stackmill.Organize;
using Stackmill.Runs.Doctor;
using Stackmill.Tests.Support;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>Room and speed of the folders that a run writes into.</summary>
public sealed class DiskCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void A_disk_with_room_and_speed_is_told_with_its_figures()
    {
        var check = Run(Place(2_000_000_000), 50_000_000_000, 200e6);

        Expect(check, CheckStatus.Ok, $"{_folder.Path}: 50.0 GB free, about 2.0 GB needed; writes 200.0 MB/s, reads 400.0 MB/s");
        Assert.Equal(["free_bytes", "write_bytes_per_second", "read_bytes_per_second", "needed_bytes"], check.Figures.Select(f => f.Name));
    }

    [Fact]
    public void Too_little_room_fails_where_the_need_is_known_and_warns_where_it_is_not()
    {
        Expect(Run(Place(60_000_000_000), 50_000_000_000, 200e6), CheckStatus.Failed, "about 60.0 GB needed", "--output DIR");
        Expect(Run(Place(null), 5_000_000_000, 200e6), CheckStatus.Warning, "5.0 GB free", "make room");
        Expect(Run(Place(null), 500_000_000, 200e6), CheckStatus.Failed, "500.0 MB free", "make room");
        Expect(Run(Place(1) with { Need = Need.Optional }, 500_000_000, 200e6), CheckStatus.Warning, "500.0 MB free", "make room");
    }

    [Fact]
    public void A_slow_disk_is_a_warning() => Expect(Run(Place(1), 50_000_000_000, 5e6), CheckStatus.Warning, "writes 5.0 MB/s, reads 10.0 MB/s: slow", "choose a faster disk");

    [Fact]
    public void The_nearest_folder_that_exists_is_measured()
    {
        Assert.Equal(_folder.Path, DiskCheck.Existing(_folder["not", "yet", "there"]));
        var measured = "";
        DiskCheck.Run(Place(1) with { Path = _folder["not", "yet"] }, _ => 1, folder => { measured = folder; return new DiskSpeed(1, 1); });
        Assert.Equal(_folder.Path, measured);
        Expect(DiskCheck.Run(Place(1) with { Path = Path.Combine(_folder.Write("a", "file"), "b") }, _ => 1, _ => new DiskSpeed(1, 1)), CheckStatus.Failed, $"{_folder["a"]} is a file", "--output DIR");
    }

    [Fact]
    public void A_trial_measures_something_and_leaves_nothing()
    {
        var speed = DiskSpeed.Measure(_folder.Path, TimeProvider.System, default);

        Assert.True(speed is { WriteBytesPerSecond: > 0, ReadBytesPerSecond: > 0 }, $"{speed}");
        Assert.Empty(_folder.Files());
        Assert.True(DiskCheck.FreeBytes(_folder.Path) > 0);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_to_is_told()
    {
        Expect(DiskCheck.Run(Place(1), _ => 1, _ => throw new UnauthorizedAccessException("Access to the path is denied.")), CheckStatus.Failed, "can't be written to: permission denied", "--output DIR");
        Expect(DiskCheck.Run(Place(1), _ => 1, _ => throw new IOException("No space left on device", 28)), CheckStatus.Failed, "is full", "make room");
        Expect(DiskCheck.Run(Place(1), _ => 1, _ => throw new IOException("Read-only file system.")), CheckStatus.Failed, "can't be written to: Read-only file system");
    }

    [Fact]
    public void Every_folder_that_a_configuration_names_is_measured_once()
    {
        var size = new InputSize(1000, 100, true);
        string[] named = [$"contents.cache={_folder.Write("cache/x", "")[..^2]}", "contents.file_tree=/tree/of/files", $"storage.work_dir={_folder.Write("work/x", "")[..^2]}"];

        Assert.Equal([("disk", ".", size.Needed)], Places(Of(), size, fetchesContents: false));
        Assert.Equal([("disk", "project", null)], Places(Of(output: "project"), size, fetchesContents: true));
        Assert.Equal([("disk", _folder["p"], (long?)null), ("disk-cache", _folder["cache"], null), ("disk-tree", "/tree/of/files", null)], Places(Of(Options(named), output: _folder["p"]), null, fetchesContents: true));
        // Of s3:// paths the work folder holds what is fetched and what is to be published.
        Assert.Equal([("disk-work", _folder["work"], size.Needed + 1100)], Places(Of(Options(named), input: "s3://bucket/in", output: "s3://bucket/out"), size, fetchesContents: false));
        Assert.Equal([("disk", _folder["p"], size.Needed), ("disk-work", _folder["work"], 1100)], Places(Of(Options(named), input: "s3://bucket/in", output: _folder["p"]), size, fetchesContents: false));
        Assert.Equal([("disk", _folder["p"], (long?)size.Needed)], Places(Of(Options("input.git.clones=" + _folder["clones"]), input: "https://example.org/a/b.git", output: _folder["p"]), size, fetchesContents: false));
    }

    [Fact]
    public void The_forecast_is_not_below_what_a_run_leaves()
    {
        GeneratedCorpus.Write(_folder["input"], 200, 7);
        StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["project"], "--quiet").Expect(0);

        var size = InputSize.Of(OrganizeInput.Find(_folder["input"], "auto"), default)!.Value;

        var left = Directory.EnumerateFiles(_folder["project", "data"], "*.parquet", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Assert.True(left > size.Total / 10 && size.Needed >= left, $"{size}: {left} bytes were left, {size.Needed} forecast");
        Assert.True(InputSize.Of(OrganizeInput.Find(_folder["project", "data", "release"], "auto"), default) is { Plain: 0, Packed: > 0 });
    }

    [Fact]
    public void An_input_is_counted_whatever_it_is()
    {
        _folder.Write("in/a.py", new string('x', 500));
        _folder.Write("in/b/c.gz", new string('x', 50));
        Assert.Equal(new InputSize(550, 0, true), InputSize.Of(OrganizeInput.Find(_folder["in"], "folder"), default));
        _folder.Write("lines/a.jsonl", "{}\n");
        _folder.Write("lines/b.jsonl.gz", new string('x', 50));
        Assert.Equal(new InputSize(3, 50, true), InputSize.Of(OrganizeInput.Find(_folder["lines"], "auto"), default));
        _folder.Write("packed/a.zip", new string('x', 70));
        Assert.Equal(new InputSize(0, 70, true), InputSize.Of(OrganizeInput.Find(_folder["packed"], "auto"), default));
        Assert.False(InputSize.Of(OrganizeInput.Find(_folder["in"], "folder"), new CancellationToken(canceled: true))!.Value.IsWhole);
        Assert.Equal("more than 1.1 kB", new InputSize(1000, 100, false).ToString());
    }

    public void Dispose() => _folder.Dispose();

    private DiskPlace Place(long? bytes) => new("disk", _folder.Path, Need.Required, bytes, "--output DIR");

    private static Check Run(DiskPlace place, long free, double bytesPerSecond) => DiskCheck.Run(place, _ => free, _ => new DiskSpeed(bytesPerSecond, 2 * bytesPerSecond));

    private static IEnumerable<(string, string, long?)> Places(DoctorSubject subject, InputSize? size, bool fetchesContents) =>
        DiskPlaces.Of(subject, size, fetchesContents).Select(p => (p.Id, p.Path, p.Bytes));
}
