using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Stackmill.Shared;

namespace Stackmill.Monitoring.Machine;

/// <summary>What the machine, the runtime and the process tell of themselves, when somebody asks.</summary>
internal static class MachineMetrics
{
    /// <summary>Adds the instruments.</summary>
    /// <param name="monitor">Gets them.</param>
    /// <param name="folder">A folder on the disk that is looked at; it need not be there yet.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="root">Folder that <c>proc</c> and <c>sys</c> are in.</param>
    public static void AddTo(PipelineMonitor monitor, string folder, string version, string root = "/")
    {
        var (meter, cpu) = (monitor.Meter, new CpuMeter(root, monitor.Clock, Environment.ProcessorCount));
        Gauge(MetricCatalog.CpuPercent, cpu.Percent);
        Gauge(MetricCatalog.MemoryPercent, () => MachineMemory.Read(root) is { Total: > 0, Available: { } free } memory ? 100.0 * (memory.Total - free) / memory.Total : OwnShare());
        meter.CreateObservableGauge(MetricCatalog.DiskPercent.Name, () => Disk(folder).Select(d => new Measurement<double>(d.Total > 0 ? 100.0 * (d.Total - d.Free) / d.Total : 0)), null, MetricCatalog.DiskPercent.Help);
        meter.CreateObservableGauge(MetricCatalog.DiskFree.Name, () => Disk(folder).Select(d => new Measurement<double>(d.Free)), "By", MetricCatalog.DiskFree.Help);
        meter.CreateObservableGauge(MetricCatalog.BuildInfo.Name, () => new Measurement<long>(1, new("version", version), new("runtime", RuntimeInformation.FrameworkDescription)), null, MetricCatalog.BuildInfo.Help);
        meter.CreateObservableCounter(MetricCatalog.GcCollections.Name, Collections, null, MetricCatalog.GcCollections.Help);
        meter.CreateObservableCounter(MetricCatalog.GcPause.Name, () => GC.GetTotalPauseDuration().TotalSeconds, "s", MetricCatalog.GcPause.Help);
        Gauge(MetricCatalog.GcHeap, () => GC.GetTotalMemory(false));
        meter.CreateObservableCounter(MetricCatalog.ProcessCpu.Name, () => OfProcess(p => p.TotalProcessorTime.TotalSeconds), "s", MetricCatalog.ProcessCpu.Help);
        Gauge(MetricCatalog.ProcessMemory, () => Environment.WorkingSet);
        var start = OfProcess(p => new DateTimeOffset(p.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1e3);
        Gauge(MetricCatalog.ProcessStart, () => start);

        void Gauge(MetricDescription metric, Func<double> value) => meter.CreateObservableGauge(metric.Name, value, null, metric.Help);
    }

    // Each collection counts for its oldest generation only; the runtime counts those of older ones with the younger.
    private static IEnumerable<Measurement<long>> Collections()
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            var older = generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0;
            yield return new Measurement<long>(GC.CollectionCount(generation) - older, new KeyValuePair<string, object?>("generation", generation));
        }
    }

    // A disk that is gone, or that may not be looked at, has no series.
    private static IEnumerable<(long Total, long Free)> Disk(string folder)
    {
        try
        {
            var existing = Path.GetFullPath(folder);
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
                existing = parent;
            var drive = new DriveInfo(existing);
            return [(drive.TotalSize, drive.AvailableFreeSpace)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static double OwnShare() => GC.GetGCMemoryInfo() is { TotalAvailableMemoryBytes: > 0 } memory ? Math.Clamp(100.0 * memory.MemoryLoadBytes / memory.TotalAvailableMemoryBytes, 0, 100) : 0;

    private static double OfProcess(Func<Process, double> value)
    {
        using var process = Process.GetCurrentProcess();
        return value(process);
    }
}
