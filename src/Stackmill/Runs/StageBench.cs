using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Runs;

/// <summary>Measures each stage of a run from its events: wall and processor time, throughput, and peak resident memory.</summary>
internal sealed class StageBench : IRunObserver
{
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly Stopwatch _wall = Stopwatch.StartNew();
    private TimeSpan _wallBefore;
    private TimeSpan _cpuBefore;
    private long _peakOfAll;

    public StageBench()
    {
        _cpuBefore = _process.TotalProcessorTime;
        ResetPeak();
    }

    /// <summary>One object a stage.</summary>
    public JsonArray Stages { get; } = [];

    /// <summary>Largest resident memory of all stages, in bytes.</summary>
    public long PeakBytes => _peakOfAll;

    public void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
    }

    public void Advanced(string stage, long records, long bytes)
    {
    }

    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
    }

    public void ShardFailed(string stage, ShardTask task, string error)
    {
    }

    public void StageEnded(string stage, Books books, bool upToDate)
    {
        _process.Refresh();
        var (wall, cpu, peak) = (_wall.Elapsed, _process.TotalProcessorTime, Peak());
        _peakOfAll = Math.Max(_peakOfAll, peak);
        Stages.Add(new JsonObject
        {
            ["stage"] = stage,
            ["files"] = books.In,
            ["bytes"] = books.BytesIn,
            ["wall_seconds"] = Math.Round((wall - _wallBefore).TotalSeconds, 3),
            ["cpu_seconds"] = Math.Round((cpu - _cpuBefore).TotalSeconds, 3),
            ["peak_rss_bytes"] = peak,
        });
        (_wallBefore, _cpuBefore) = (wall, cpu);
        ResetPeak();
    }

    public void Note(string stage, string message)
    {
    }

    // Linux keeps the high-water mark of the resident set and lets a process set it back (proc(5): clear_refs, 5).
    private static void ResetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private long Peak()
    {
        if (!OperatingSystem.IsLinux())
            return _process.PeakWorkingSet64;
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0]) * 1024;
    }
}
