using Stackmill.Core.Faults;
using Stackmill.Lineage;

namespace Stackmill.Tests.Lineage;

public sealed class LineageSettingsTests
{
    private const string Run = "01a2190c-d70b-7e2b-9d33-a7ac510b5a54";

    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _warnings = [];

    [Fact]
    public void Without_a_place_there_are_no_events()
    {
        Assert.Null(Of(new(), "logs"));
        Assert.Empty(_warnings);
        Assert.Null(Of(new() { Enabled = true }, null));
        Assert.Single(_warnings);
    }

    [Fact]
    public void The_environment_says_what_the_configuration_leaves_open()
    {
        _environment[LineageOptions.UrlVariable] = "http://collector:5000/";
        _environment[LineageOptions.NamespaceVariable] = "fields";
        _environment[LineageOptions.KeyVariable] = "secret";
        var settings = Of(new(), null)!;
        Assert.Equal(("http://collector:5000/api/v1/lineage", "fields", "secret"), (settings.Address!.ToString(), settings.Namespace, settings.Key));

        settings = Of(new() { Url = "https://own/base", Endpoint = "/lineage/", Namespace = "mine", Enabled = true }, "logs")!;
        Assert.Equal(("https://own/base/lineage", "mine", Path.Combine("logs", "lineage")), (settings.Address!.ToString(), settings.Namespace, settings.Folder));

        _environment[LineageOptions.DisabledVariable] = "TRUE";
        Assert.Null(Of(new() { Enabled = true }, "logs"));
    }

    [Theory]
    [InlineData("fields/dag.task/" + Run, "fields", "dag.task")]
    [InlineData("https://host/fields/job/" + Run, "https://host/fields", "job")]
    public void The_parent_is_read_from_its_end(string text, string space, string job)
    {
        _environment[LineageOptions.ParentVariable] = text;
        Assert.Equal(new RunReference(space, job, Run), Of(new() { Enabled = true }, "logs")!.Parent);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("fields/job")]
    [InlineData("job/" + Run)]
    [InlineData("fields//" + Run)]
    [InlineData("/job/" + Run)]
    [InlineData("fields/job/01a2190c")]
    [InlineData("fields/j\nb/" + Run)]
    public void A_parent_of_another_form_is_left_out_with_a_warning(string text)
    {
        _environment[LineageOptions.ParentVariable] = text;
        Assert.Null(Of(new() { Enabled = true }, "logs")!.Parent);
        Assert.Contains(LineageOptions.ParentVariable, Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collector:5000")]
    [InlineData("ftp://collector")]
    [InlineData("http://user:hidden@collector")]
    public void An_address_that_is_none_or_holds_a_password_is_refused(string address)
    {
        var fault = Assert.Throws<UsageException>(() => Of(new() { Url = address }, null));
        Assert.Contains("lineage.url", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", fault.Message, StringComparison.Ordinal);
    }

    private LineageSettings? Of(LineageOptions options, string? logs) => LineageSettings.Of(options, logs, _environment.GetValueOrDefault, _warnings.Add);
}
