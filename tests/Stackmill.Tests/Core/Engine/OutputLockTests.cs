using System.Diagnostics;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Core.Engine;

public sealed class OutputLockTests
{
    [Fact]
    public void A_second_lock_is_refused_until_the_first_is_given_back()
    {
        using var folder = new TempFolder();
        using (OutputLock.Take(folder["out"]))
        {
            var fault = Assert.Throws<RunFaultException>(() => OutputLock.Take(folder["out"]));
            Assert.Contains(folder["out"], fault.Message);
            Assert.Contains("--output", fault.Message);
        }

        OutputLock.Take(folder["out"]).Dispose();
        Assert.Equal("", File.ReadAllText(folder["out", OutputLock.FileName]));
    }

    [Fact]
    public async Task A_lock_that_another_process_holds_is_refused_and_ends_with_that_process()
    {
        Assert.SkipWhen(!File.Exists("/usr/bin/flock"), "needs flock(1), which takes the same kind of lock");
        using var folder = new TempFolder();
        var path = folder.Write(OutputLock.FileName, "");
        var start = new ProcessStartInfo("/usr/bin/flock", ["-x", path, "sh", "-c", "echo held; read line"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var other = Process.Start(start)!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync());
        Assert.Throws<RunFaultException>(() => OutputLock.Take(folder.Path));
        other.StandardInput.Close();
        await other.WaitForExitAsync();
        OutputLock.Take(folder.Path).Dispose();
    }

    [Fact]
    public void A_lock_file_that_a_killed_run_left_does_not_matter()
    {
        using var folder = new TempFolder();
        folder.Write(OutputLock.FileName, "4711\n");
        OutputLock.Take(folder.Path).Dispose();
    }
}
