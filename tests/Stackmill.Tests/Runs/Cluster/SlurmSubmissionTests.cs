using Stackmill.Runs.Cluster;

namespace Stackmill.Tests.Runs.Cluster;

public sealed class SlurmSubmissionTests
{
    [Theory]
    [InlineData("", new int[0])]
    [InlineData("4", new[] { 4 })]
    [InlineData("0-3,7,9-10", new[] { 10, 0, 1, 2, 3, 7, 9 })]
    public void Numbers_are_written_as_ranges(string expected, int[] numbers) => Assert.Equal(expected, SlurmSubmission.Ranges(numbers));

    [Theory]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    public void A_word_of_a_shell_keeps_its_blanks_and_quotation_marks(string text, string expected) => Assert.Equal(expected, SlurmScript.Quote(text));

    [Fact]
    public void A_task_that_waits_for_one_that_failed_is_not_waited_for()
    {
        Assert.True(SlurmSubmission.IsActive(new SlurmTask("7", 1, "PENDING", "Dependency")));
        Assert.True(SlurmSubmission.IsActive(new SlurmTask("7", 1, "RUNNING", "None")));
        Assert.False(SlurmSubmission.IsActive(new SlurmTask("7", 1, "PENDING", "DependencyNeverSatisfied")));
        Assert.False(SlurmSubmission.IsActive(new SlurmTask("7", 1, "FAILED", "NonZeroExitCode")));
    }
}
