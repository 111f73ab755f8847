using System.Diagnostics;
using System.Globalization;

namespace Stackmill.Monitoring.Machine;

/// <summary>
/// Processor time in use since the last look, as a share of what there is: of the tightest limit among the control groups of this process,
/// else of the machine; where neither can be read, this process's own share of the machine.
/// </summary>
internal sealed class CpuMeter
{
    private readonly string _root;
    private readonly TimeProvider _clock;
    private readonly int _processors;
    private readonly Lock _gate = new();
    private readonly Quota? _quota;
    private (double Used, double Whole) _before;
    private double _percent;

    /// <summary>Looks for the first time.</summary>
    /// <param name="root">Folder that <c>proc</c> and <c>sys</c> are in.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="processors">Processors of this process.</param>
    public CpuMeter(string root, TimeProvider clock, int processors)
    {
        (_root, _clock, _processors) = (root, clock, processors);
        _quota = Quotas(root).Where(q => q.Cores < processors).OrderBy(q => q.Cores).Select(q => (Quota?)q).FirstOrDefault();
        _before = Read();
    }

    // A group with a limit, and where it tells what it has used.
    private readonly record struct Quota(double Cores, string UsageFile, bool IsSecond);

    /// <summary>Percent since the last look, 0 to 100; the last value when the clock has not gone on.</summary>
    public double Percent()
    {
        lock (_gate)
        {
            var now = Read();
            var (used, whole) = (now.Used - _before.Used, now.Whole - _before.Whole);
            if (whole > 0)
                (_percent, _before) = (Math.Clamp(100 * used / whole, 0, 100), now);
            return _percent;
        }
    }

    // What was used and what there was, in one unit, since some beginning.
    private (double Used, double Whole) Read()
    {
        var seconds = _clock.GetTimestamp() / (double)_clock.TimestampFrequency;
        if (_quota is { } quota)
            return (Usage(quota), seconds * quota.Cores);
        var stat = Path.Combine(_root, "proc/stat");
        var first = File.Exists(stat) ? File.ReadLines(stat).FirstOrDefault() : null;
        if (first?.StartsWith("cpu ", StringComparison.Ordinal) == true)
        {
            // user nice system idle iowait irq softirq steal; guests are part of user (proc(5)).
            var ticks = first.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToList();
            return (ticks.Sum() - ticks[3] - ticks[4], ticks.Sum());
        }

        using var process = Process.GetCurrentProcess();
        return (process.TotalProcessorTime.TotalSeconds, seconds * _processors);
    }

    private static double Usage(Quota quota)
    {
        if (!File.Exists(quota.UsageFile))
            return 0;
        if (!quota.IsSecond)
            return Number(File.ReadAllText(quota.UsageFile)) / 1e9;
        var line = File.ReadLines(quota.UsageFile).FirstOrDefault(l => l.StartsWith("usage_usec ", StringComparison.Ordinal));
        return line is null ? 0 : Number(line["usage_usec ".Length..]) / 1e6;
    }

    private static IEnumerable<Quota> Quotas(string root)
    {
        foreach (var (controllers, path) in ControlGroups.Of(root))
        {
            var second = controllers.Length == 0;
            if (!second && !controllers.Contains("cpu"))
                continue;
            foreach (var group in ControlGroups.Upward(path))
            {
                if (second)
                {
                    var folder = Path.Combine(root, "sys/fs/cgroup", group);
                    if (ControlGroups.Text(Path.Combine(folder, "cpu.max"))?.Split(' ') is [var most, var period] && most != "max")
                        yield return new Quota(Number(most) / Number(period), Path.Combine(folder, "cpu.stat"), true);
                }
                else
                {
                    var folder = Path.Combine(root, "sys/fs/cgroup/cpu", group);
                    if (ControlGroups.Text(Path.Combine(folder, "cpu.cfs_quota_us")) is { } most && Number(most) > 0 && ControlGroups.Text(Path.Combine(folder, "cpu.cfs_period_us")) is { } period)
                        yield return new Quota(Number(most) / Number(period), Path.Combine(root, "sys/fs/cgroup/cpuacct", group, "cpuacct.usage"), false);
                }
            }
        }
    }

    private static double Number(string text) => double.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
