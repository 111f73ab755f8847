using Stackmill.Core.Faults;
using Stackmill.Runs.Doctor;

namespace Stackmill.Tests.Runs.Doctor;

public sealed class CheckTests
{
    [Theory]
    [InlineData("it is gone. Look for it.", "it is gone", "Look for it.")]
    [InlineData("can't list 's3://b/p' at 127.0.0.1:80: there is no such bucket (HTTP 404 NoSuchBucket). Check the name, or make it. Then go on.", "can't list 's3://b/p' at 127.0.0.1:80: there is no such bucket (HTTP 404 NoSuchBucket)", "Check the name, or make it. Then go on.")]
    [InlineData("no access (403: It is restricted. Visit its page). Open it, and accept.", "no access (403: It is restricted. Visit its page)", "Open it, and accept.")]
    [InlineData("'x' is a file; expected a folder (made when missing).", "'x' is a file", "expected a folder (made when missing)")]
    [InlineData("a file of v1.2 at e.g. here", "a file of v1.2 at e.g. here", null)]
    [InlineData("an open bracket (of a server. Do this.", "an open bracket (of a server", "Do this.")]
    [InlineData("two\nlines. Do\r\nthis.", "two lines", "Do this.")]
    public void A_fault_is_what_was_found_and_what_to_do(string message, string found, string? remedy)
    {
        var check = Check.Wrong("id", Need.Required, new UsageException(message));

        Assert.Equal((CheckStatus.Failed, found, remedy), (check.Status, check.Found, check.Remedy));
    }

    [Fact]
    public void What_is_wrong_with_something_optional_is_a_warning()
    {
        Assert.Equal(CheckStatus.Failed, Check.Wrong("id", Need.Required, "found", "remedy").Status);
        Assert.Equal(CheckStatus.Warning, Check.Wrong("id", Need.Optional, "found", "remedy").Status);
    }

    [Fact]
    public void Only_a_failure_makes_the_whole_fail()
    {
        Check[] checks = [Check.Ok("a", "a"), Check.Warning("b", "b", null), Check.Skipped("c", "c")];
        Assert.True(DoctorReport.IsWell(checks));
        Assert.Equal("all that is required is there, 1 warning", DoctorReport.Summary(checks));

        checks = [.. checks, Check.Wrong("d", Need.Required, "d", null), Check.Wrong("e", Need.Required, "e", null), Check.Wrong("f", Need.Optional, "f", null)];
        Assert.False(DoctorReport.IsWell(checks));
        Assert.Equal("2 required checks failed (d, e), 2 warnings", DoctorReport.Summary(checks));
    }

    [Fact]
    public void Lines_are_as_wide_as_the_terminal_and_words_stay_whole()
    {
        var command = "--set contents.location=s3://a-bucket-with-a-long-name/and/a/long/prefix";
        var check = Check.Wrong("contents-identity", Need.Required, "one two three four five six seven eight nine ten", $"give it another: {command}");

        Assert.Equal(
            [
                "failed   contents-identity  one two three four five six seven",
                "                            eight nine ten",
                "                            → give it another:",
                $"                              {command}",
            ],
            DoctorReport.Lines(check, 64));
        Assert.Equal(["failed   contents-identity  one two three four five six seven eight nine ten", $"                            → give it another: {command}"], DoctorReport.Lines(check, null));
    }

    [Fact]
    public void Machines_get_every_check_with_its_figures()
    {
        var json = DoctorReport.Describe([Check.Ok("disk", "much", ("free_bytes", 5_000_000_000)), Check.Wrong("input", Need.Required, "gone", "look for it")], "stackmill 1.2.3");

        Assert.Equal(
            """{"program":"stackmill 1.2.3","ok":false,"checks":[{"id":"disk","status":"ok","found":"much","remedy":null,"figures":{"free_bytes":5000000000}},{"id":"input","status":"failed","found":"gone","remedy":"look for it","figures":{}}]}""",
            json.ToJsonString());
    }
}
