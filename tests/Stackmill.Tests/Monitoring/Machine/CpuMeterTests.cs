using Stackmill.Monitoring.Machine;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Monitoring.Machine;

/// <summary>Processor time against what the machine and its control groups give.</summary>
public sealed class CpuMeterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly InstantClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_limit_the_whole_machine_counts_and_waiting_for_disks_is_no_work()
    {
        _folder.Write("proc/stat", "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1 1 1\n");
        var meter = new CpuMeter(_folder.Path, _clock, 8);
        _folder.Write("proc/stat", "cpu  150 10 140 1250 150 0 0 0 0 0\ncpu0 1 1 1 1\n");

        // 100 of 700 further ticks.
        Assert.Equal(100.0 * 100 / 700, meter.Percent(), 6);
    }

    [Fact]
    public void The_tightest_limit_of_the_control_groups_counts()
    {
        _folder.Write("proc/self/cgroup", "0::/jobs/one\n");
        _folder.Write("sys/fs/cgroup/jobs/cpu.max", "150000 100000\n");
        _folder.Write("sys/fs/cgroup/jobs/cpu.stat", "usage_usec 5000000\nuser_usec 1\n");
        _folder.Write("sys/fs/cgroup/jobs/one/cpu.max", "max 100000\n");
        var meter = new CpuMeter(_folder.Path, _clock, 8);
        _folder.Write("sys/fs/cgroup/jobs/cpu.stat", "usage_usec 14000000\nuser_usec 1\n");
        _clock.Advance(TimeSpan.FromSeconds(10));

        // 9 s of the 15 s that one and a half processors have in 10 s.
        Assert.Equal(60, meter.Percent(), 6);
    }

    [Fact]
    public void Limits_of_the_first_version_are_known_too()
    {
        _folder.Write("proc/self/cgroup", "4:cpu,cpuacct:/docker/abc\n2:memory:/x\n");
        _folder.Write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us", "200000\n");
        _folder.Write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us", "100000\n");
        _folder.Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        _folder.Write("sys/fs/cgroup/cpuacct/docker/abc/cpuacct.usage", "1000000000\n");
        var meter = new CpuMeter(_folder.Path, _clock, 8);
        _folder.Write("sys/fs/cgroup/cpuacct/docker/abc/cpuacct.usage", "6000000000\n");
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(50, meter.Percent(), 6);
    }

    [Fact]
    public void A_limit_above_the_machine_is_none()
    {
        _folder.Write("proc/self/cgroup", "0::/\n");
        _folder.Write("sys/fs/cgroup/cpu.max", "900000 100000\n");
        _folder.Write("proc/stat", "cpu  0 0 0 100 0 0 0 0\n");
        var meter = new CpuMeter(_folder.Path, _clock, 8);
        _folder.Write("proc/stat", "cpu  50 0 0 150 0 0 0 0\n");

        Assert.Equal(50, meter.Percent(), 6);
    }

    [Fact]
    public void When_the_clock_stands_still_the_last_value_stays()
    {
        _folder.Write("proc/stat", "cpu  0 0 0 100 0 0 0 0\n");
        var meter = new CpuMeter(_folder.Path, _clock, 8);
        _folder.Write("proc/stat", "cpu  50 0 0 150 0 0 0 0\n");

        Assert.Equal(meter.Percent(), meter.Percent());
    }

    [Fact]
    public void This_process_is_seen_where_nothing_can_be_read()
    {
        var meter = new CpuMeter(_folder.Path, _clock, 1);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.InRange(meter.Percent(), 0, 100);
    }
}
