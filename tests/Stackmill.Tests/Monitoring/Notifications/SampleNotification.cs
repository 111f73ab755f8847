using Stackmill.Core.Model;
using Stackmill.Monitoring.Notifications;
using Stackmill.Monitoring.Runs;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Monitoring.Notifications;

/// <summary>Runs and notifications for tests.</summary>
internal static class SampleNotification
{
    /// <summary>A run of organize that ended.</summary>
    public static RunRecord Run(int exitCode = 0, string? error = null, long records = 1000, long dropped = 100, string? id = null) => new(
        id ?? "019a1c2f-0000-7000-8000-000000000001", "run", "nightly", "1.2.3", "builder", 7, FakeClock.Start, FakeClock.Start.AddSeconds(200), "stopped", 15,
        [Stage(records, dropped)])
    {
        ExitCode = exitCode,
        Error = error,
    };

    /// <summary>A stage that ended.</summary>
    public static StageFigures Stage(long records, long dropped)
    {
        var books = new Books { In = records, Kept = records - dropped };
        books.Dropped["too_small"] = dropped;
        return new StageFigures("organize", "", false, false, 1, 1, 0, 0, 0, 1, 0, 0, books, 3, records, 10, true);
    }

    /// <summary>A notification of it.</summary>
    public static Notification Of(string what = "end", RunRecord? run = null, string folder = "project", params IReadOnlyList<string> anomalies) => new(what, run ?? Run(), "0af7651916cd43dd8448eb211c80319c", folder, anomalies);
}
