using Stackmill.Core.Faults;
using Stackmill.Deduplicate.Search;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Search;

public sealed class SearchForecastTests
{
    [Fact]
    public void A_disk_that_is_too_small_is_told_before_anything_is_begun_and_what_is_there_counts()
    {
        using var folder = new TempFolder();
        var free = new DriveInfo(folder.Path).AvailableFreeSpace;
        new SearchForecast(1000, 1000, 1).Require(folder.Path, 0);
        var forecast = new SearchForecast(4 * free, free, 1);
        var fault = Assert.Throws<RunFaultException>(() => forecast.Require(folder.Path, 0));
        Assert.Contains($"on the disk of '{folder.Path}', which has ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("nothing was begun", fault.Message, StringComparison.Ordinal);
        forecast.Require(folder.Path, 5 * free);
    }

    [Fact]
    public void The_forecast_covers_what_the_steps_leave_on_the_disk()
    {
        // Every document is in all buckets: the most pairs that there can be.
        using var harness = new SearchHarness(Stackmill.Deduplicate.LshParameters.For(0.85));
        ulong[] set = [.. Enumerable.Range(1, 60).Select(k => (ulong)k << 32)];
        harness.Decide(5_000, _ => set);
        var used = Directory.EnumerateFiles(harness.Files.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".json", StringComparison.Ordinal)).Sum(f => new FileInfo(f).Length);
        // 60 shingles of 8 bytes come of about 436 bytes of code.
        Assert.InRange(used, 1, SearchForecast.Of(5_000, 5_000 * 437, 0, 42).Disk);
    }

    [Theory]
    [InlineData(0.2, "about 1 s")]
    [InlineData(80, "about 80 s")]
    [InlineData(600, "about 10 min")]
    [InlineData(9000, "about 2.5 h")]
    public void Times_are_told_in_the_unit_that_people_use(double seconds, string expected) =>
        Assert.EndsWith(expected, new SearchForecast(1, 1, seconds).Describe(1, 1), StringComparison.Ordinal);
}
