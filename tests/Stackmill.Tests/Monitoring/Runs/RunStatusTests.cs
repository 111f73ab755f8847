using Stackmill.Monitoring.Runs;
using Stackmill.Tests.Monitoring.Notifications;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Monitoring.Runs;

public sealed class RunStatusTests
{
    [Theory]
    [InlineData(0, "done")]
    [InlineData(1, "failed")]
    [InlineData(2, "failed")]
    [InlineData(3, "done but for shards that failed")]
    [InlineData(4, "failed in validation")]
    [InlineData(130, "interrupted")]
    public void An_ended_run_has_the_same_word_in_lists_and_in_notifications(int code, string word)
    {
        var run = SampleNotification.Run(code);
        Assert.Equal(word, RunStatus.Word(run, FakeClock.Start));
        Assert.Equal(word, SampleNotification.Of("end", run).Values["status"]);
        Assert.Equal("stopped", RunStatus.Of(run, FakeClock.Start));
    }

    [Fact]
    public void One_that_runs_or_is_lost_is_called_so()
    {
        var run = SampleNotification.Run() with { Status = RunStatus.Running, ExitCode = null };
        Assert.Equal(RunStatus.Running, RunStatus.Word(run, FakeClock.Start));
        Assert.Equal(RunStatus.Lost, RunStatus.Word(run, FakeClock.Start.AddDays(1)));
    }
}
