using System.Runtime.InteropServices;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether this process may open as many files and connections at once as the configuration needs.</summary>
internal static partial class OpenFilesCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "open-files";

    // 96 of an idle program, 122 of one worker, 2 to 4 more of each further one (measured over a run), rounded up.
    private const int Base = 128;
    private const int PerWorker = 8;

    /// <summary>Soft and hard limit of this process; <c>null</c> where the system has none. The runtime has raised the soft one to the hard one.</summary>
    public static (ulong Soft, ulong Hard)? Limits()
    {
        if (OperatingSystem.IsWindows())
            return null;
        // RLIMIT_NOFILE (sys/resource.h).
        var limit = default(Limit);
        return getrlimit(OperatingSystem.IsMacOS() ? 8 : 7, ref limit) == 0 ? (limit.Soft, limit.Hard) : null;
    }

    /// <summary>Holds the limits against what is needed.</summary>
    public static Check Run(DoctorSubject subject, (ulong Soft, ulong Hard)? limits, bool fetchesContents)
    {
        if (limits is not { } limit)
            return Check.Skipped(Id, "this system has no such limit");
        var options = subject.Options;
        var needed = (ulong)(Base + (PerWorker * options.Workers)
            + (fetchesContents ? options.Contents.MaxConcurrency : 0)
            + (subject.Hub == Need.Required ? options.Hub.Concurrency : 0)
            // A transfer holds its file and its connection.
            + (subject.UsesStorage ? 2 * options.Storage.Concurrency : 0));
        var found = $"limit {Text(limit.Soft)} (hard {Text(limit.Hard)}), about {needed} needed";
        (string, double)[] figures = [("soft_limit", limit.Soft), ("hard_limit", limit.Hard), ("needed", needed)];
        if (limit.Soft >= needed)
            return Check.Ok(Id, found, figures);
        // What is needed is an estimate from above: only far below it a run is sure to stop.
        return Check.Wrong(
            Id, limit.Soft < needed / 2 ? Need.Required : Need.Optional, found,
            needed <= limit.Hard ? $"raise it: ulimit -n {needed}"
            : fetchesContents ? "ask for less at once: --set contents.max_concurrency=32, or have the hard limit raised (limits.conf)"
            : "ask for fewer --workers, or have the hard limit raised (limits.conf)",
            figures);
    }

    private static string Text(ulong limit) => limit >= long.MaxValue ? "unlimited" : $"{limit}";

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, ref Limit limit);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
