using Stackmill.Core.Stages;
using Stackmill.Runs.Plans;

namespace Stackmill.Tests.Runs.Plans;

public sealed class TaskRangeTests
{
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("4-7", 4, 7)]
    [InlineData("5-5", 5, 5)]
    public void A_number_or_a_range_is_understood(string text, int first, int last) => Assert.Equal(new TaskRange(first, last), TaskRange.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("7-4")]
    [InlineData("1-2-3")]
    [InlineData("1,2")]
    [InlineData("99999999999")]
    public void Anything_else_is_not(string? text) => Assert.Null(TaskRange.Parse(text));

    [Fact]
    public void The_tasks_of_a_range_are_done_in_order_and_counted_together()
    {
        var done = new List<int?>();
        var ended = new TaskRange(4, 6).Run("keep", n =>
        {
            done.Add(n);
            return new TaskEnd($"keep/{n}", ExitCode.Done, WasDone: n == 5, n == 6 ? ["lost"] : []);
        });

        Assert.Equal([4, 5, 6], done);
        Assert.Equal(("keep/4-6", ExitCode.Done, false), (ended.Id, ended.ExitCode, ended.WasDone));
        Assert.Equal(["lost"], ended.FailedShards);
    }

    [Fact]
    public void One_that_does_not_end_well_is_the_last_of_its_range()
    {
        var ended = new TaskRange(0, 9).Run("validate", n => new TaskEnd($"validate/{n}", n == 2 ? ExitCode.ValidationFailed : ExitCode.Done, false, []));
        Assert.Equal(("validate/2", ExitCode.ValidationFailed), (ended.Id, ended.ExitCode));
    }

    [Fact]
    public void Without_a_number_all_of_a_group_are_one_call()
    {
        var calls = new List<int?>();
        TaskRange.One(null).Run("organize", n =>
        {
            calls.Add(n);
            return new TaskEnd("organize", ExitCode.Done, false, []);
        });
        Assert.Equal([null], calls);
    }
}
