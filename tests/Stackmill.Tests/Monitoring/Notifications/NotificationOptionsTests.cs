using Stackmill.Catalog;
using Stackmill.Monitoring.Notifications;
using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Monitoring.Notifications;

/// <summary>What is wrong in the section is told before a run begins, and a secret that stands there is not told at all.</summary>
public sealed class NotificationOptionsTests
{
    private const string Secret = "https://hooks.example.org/services/T000/B000/abcdefSECRETabcdef";

    [Theory]
    [InlineData("notifications.slack.url_variable")]
    [InlineData("notifications.webhook.url_variable")]
    [InlineData("notifications.webhook.authorization_variable")]
    [InlineData("notifications.email.password_variable")]
    public void A_secret_in_the_place_of_a_variables_name_is_refused_and_not_repeated(string key)
    {
        var message = Problem($"{key}={Secret}");
        Assert.Contains(key, message, StringComparison.Ordinal);
        Assert.Contains("the name of an environment variable", message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", Problem($"notifications.slack.url={Secret}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notifications.subject={pipelin}: {status}", "{pipeline}")]
    [InlineData("notifications.subject={no_such_thing_at_all}", "exit_code")]
    [InlineData("notifications.text=an open { brace", "a brace itself is written twice")]
    [InlineData("notifications.text=a closing } brace", "a brace itself is written twice")]
    [InlineData("notifications.text=  ", "expected a text")]
    [InlineData("notifications.events=[end, sunrise]", "failure")]
    public void A_template_that_can_not_be_filled_is_told_with_what_could(string assignment, string expected) => Assert.Contains(expected, Problem(assignment), StringComparison.Ordinal);

    [Theory]
    [InlineData("a@example.org\nBcc: evil@example.org", false)]
    [InlineData("a@example.org, b@example.org", false)]
    [InlineData("nobody", false)]
    [InlineData("Data <a@example.org>", true)]
    [InlineData("a@example.org", true)]
    public void An_address_is_one_mailbox(string text, bool isOne) => Assert.Equal(isOne, EmailChannel.IsAddress(text));

    [Fact]
    public void Mail_needs_a_server_addresses_and_both_or_none_of_name_and_password()
    {
        var options = new EmailOptions { Host = "smtp.example.org:587", From = "", To = [], User = "u" };
        Assert.Equal(["host", "from", "to", "password_variable"], options.Check().Select(p => p.Key));
        Assert.Empty(new EmailOptions { Host = "smtp.example.org", From = "a@example.org", To = ["b@example.org"], User = "u", PasswordVariable = "P" }.Check());
        Assert.Empty(new EmailOptions().Check());
    }

    [Fact]
    public void Every_placeholder_has_a_value_and_every_value_a_placeholder()
    {
        var values = SampleNotification.Of().Values;
        Assert.Equal(NotificationTemplate.Placeholders.Select(p => p.Name).Order(StringComparer.Ordinal), values.Keys.Order(StringComparer.Ordinal));
        var document = File.ReadAllText(Path.Combine(Support.Samples.RepositoryRoot, "docs", "notifications.md"));
        Assert.All(NotificationTemplate.Placeholders, p => Assert.Contains($"| `{{{p.Name}}}` | {p.Meaning} |", document, StringComparison.Ordinal));
    }

    [Fact]
    public void Braces_written_twice_are_braces_and_names_of_files_end_no_subject()
    {
        Assert.Equal("{run_id} is end}", NotificationTemplate.Fill("{{run_id}} is {event}}}", SampleNotification.Of().Values));
        var hostile = SampleNotification.Of("failure", SampleNotification.Run(1, "file 'a\r\nBcc: evil@example.org\u2028\u202Etxt' is broken"), "p\r\nBcc: x");
        var message = Notifier.Write(new NotificationOptions { Subject = "{error} {folder}\n{stages}" }, hostile);
        Assert.DoesNotContain(message.Subject, c => char.IsControl(c) || c is '\u2028' or '\u202E');
        Assert.Contains("a__Bcc: evil", message.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain(message.Text, c => c is '\r' or '\u2028' or '\u202E');
        Assert.True(Notifier.Write(new NotificationOptions { Text = string.Concat(Enumerable.Repeat("{error}", 200)) }, hostile).Text.Length <= 8001);
    }

    private static string Problem(string assignment)
    {
        var (_, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), [assignment]);
        Assert.NotEmpty(errors);
        return Assert.ThrowsAny<Exception>(() => ConfigurationError.ThrowIfAny(errors)).Message;
    }
}
