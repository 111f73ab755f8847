using Stackmill.Runs.Doctor;
using Stackmill.Shared;
using Stackmill.Tests.Support;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>The limit of memory against what the machine and its control groups give.</summary>
public sealed class MemoryCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void A_machine_without_limits_has_what_it_says()
    {
        Machine();

        Assert.Equal(new MachineMemory(16_000_000L << 10, 8_000_000L << 10, false), MachineMemory.Read(_folder.Path));
    }

    [Fact]
    public void The_smallest_limit_of_the_control_groups_counts_and_cached_files_count_as_free()
    {
        Machine();
        _folder.Write("proc/self/cgroup", "0::/jobs/one\n");
        _folder.Write("sys/fs/cgroup/memory.stat", "anon 1\n");
        _folder.Write("sys/fs/cgroup/jobs/memory.max", "2000000000\n");
        _folder.Write("sys/fs/cgroup/jobs/memory.current", "900000000\n");
        _folder.Write("sys/fs/cgroup/jobs/memory.stat", "anon 100000000\ninactive_file 700000000\n");
        _folder.Write("sys/fs/cgroup/jobs/one/memory.max", "max\n");

        Assert.Equal(new MachineMemory(2_000_000_000, 1_800_000_000, true), MachineMemory.Read(_folder.Path));
    }

    [Fact]
    public void Control_groups_of_the_first_version_are_known_too()
    {
        Machine();
        _folder.Write("proc/self/cgroup", "12:cpu,cpuacct:/x\n4:memory:/a\n0::/\n");
        _folder.Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        _folder.Write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "3000000000\n");
        _folder.Write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "2500000000\n");
        _folder.Write("sys/fs/cgroup/memory/a/memory.stat", "total_inactive_file 500000000\n");

        Assert.Equal(new MachineMemory(3_000_000_000, 1_000_000_000, true), MachineMemory.Read(_folder.Path));
    }

    [Fact]
    public void A_limit_that_leaves_less_free_than_the_machine_is_seen()
    {
        Machine();
        _folder.Write("proc/self/cgroup", "0::/a\n");
        _folder.Write("sys/fs/cgroup/a/memory.max", "20000000000\n");
        _folder.Write("sys/fs/cgroup/a/memory.current", "19000000000\n");

        Assert.Equal(new MachineMemory(16_000_000L << 10, 1_000_000_000, false), MachineMemory.Read(_folder.Path));
    }

    [Fact]
    public void This_machine_has_memory()
    {
        var machine = MachineMemory.Read("/");
        Assert.True(machine.Total > 100_000_000 && (machine.Available is null || machine.Available <= machine.Total), $"{machine}");
        // Where the system tells nothing, the runtime does.
        Assert.True(MachineMemory.Read(_folder["nothing"]).Total > 100_000_000);
    }

    [Theory]
    [InlineData("4GB", 16.0, 8.0, false, "ok", "limit 4.0 GB; this machine has 16.0 GB, 8.0 GB of it free; 2 of 2 workers fit", null)]
    [InlineData("4GB", 2.0, 1.0, true, "failed", "this control group (container or job) has 2.0 GB", "--memory 1500MB")]
    [InlineData("4GB", 16.0, 2.0, false, "warning", "2.0 GB of it free", "--memory 2000MB")]
    [InlineData("405MB", 16.0, 8.0, false, "warning", "1 of 2 workers fit", "--workers 1")]
    public void The_limit_is_held_against_the_machine(string limit, double total, double free, bool isGroup, string status, string found, string? remedy)
    {
        var options = Options($"memory={limit}", "max_workers=2", "filters.file_size.max_bytes=100kB");

        Expect(MemoryCheck.Run(Of(options), new MachineMemory((long)(total * 1e9), (long)(free * 1e9), isGroup)), Status(status), found, remedy);
    }

    [Fact]
    public void A_limit_that_no_worker_fits_into_is_a_failure()
    {
        var check = MemoryCheck.Run(Of(Options("memory=1GB", "max_file_size_mb=200", "filters.file_size.max_bytes=100MB")), new MachineMemory(16_000_000_000, null, false));

        Expect(check, CheckStatus.Failed, "0 of", "--memory");
        Assert.DoesNotContain("free", check.Found, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Machine() => _folder.Write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n");
}
