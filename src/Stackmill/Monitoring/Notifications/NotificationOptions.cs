using System.Text.RegularExpressions;
using Stackmill.Core.Options;

namespace Stackmill.Monitoring.Notifications;

/// <summary>Section <c>notifications</c>: who is told how a run ended. Addresses that are secrets, and passwords, are named by variables of the environment and never stand here.</summary>
internal sealed class NotificationOptions : ICheckedOptions
{
    [Option("events", "What is told: end (a run ended well or was stopped), failure, anomaly (a stage drops far more than before). Tasks of a plan tell only failures.", Values = ["end", "failure", "anomaly"])]
    public IReadOnlyList<string> Events { get; set; } = ["end", "failure", "anomaly"];

    [Section("webhook", "A web server that gets a JSON object.")]
    public WebhookOptions Webhook { get; set; } = new();

    [Section("slack", "A channel of Slack, or of what takes the form of its incoming webhooks.")]
    public SlackOptions Slack { get; set; } = new();

    [Section("email", "Mail, by an SMTP server.")]
    public EmailOptions Email { get; set; } = new();

    [Option("subject", "Subject, with placeholders of docs/notifications.md in braces.")]
    public string Subject { get; set; } = "[{event}] {pipeline}: {command} {status}";

    [Option("text", "Text, with the same placeholders.")]
    public string Text { get; set; } = "{summary}\n{details}\nrun {run_id}";

    [Option("drop_rate_jump", "An anomaly is a stage that drops this share of its records more than in the last whole run of the same pipeline and command.", Min = 0.01, Max = 1)]
    public double DropRateJump { get; set; } = 0.2;

    [Option("timeout_seconds", "Longest time of one attempt of one channel.", Min = 0.1, Max = 60)]
    public double TimeoutSeconds { get; set; } = 10;

    [Option("retries", "Further attempts of a channel that fails for a passing reason.", Min = 0, Max = 10)]
    public int Retries { get; set; } = 3;

    [Option("most_seconds", "Longest time that the end of a run waits for all notifications.", Min = 0.1, Max = 600)]
    public double MostSeconds { get; set; } = 45;

    /// <summary>True when a channel is configured.</summary>
    public bool IsOn => Webhook.UrlVariable.Length > 0 || Slack.UrlVariable.Length > 0 || Email.Host.Length > 0;

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() =>
        NotificationTemplate.Problems("subject", Subject).Concat(NotificationTemplate.Problems("text", Text));
}

/// <summary>Section <c>notifications.webhook</c>.</summary>
internal sealed class WebhookOptions : ICheckedOptions
{
    [Option("url_variable", "Name of the environment variable that holds the address; empty for none.")]
    public string UrlVariable { get; set; } = "";

    [Option("authorization_variable", "Name of the environment variable that holds the value of the header Authorization; empty for none.")]
    public string AuthorizationVariable { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => SecretVariable.Problems("url_variable", UrlVariable).Concat(SecretVariable.Problems("authorization_variable", AuthorizationVariable));
}

/// <summary>Section <c>notifications.slack</c>.</summary>
internal sealed class SlackOptions : ICheckedOptions
{
    [Option("url_variable", "Name of the environment variable that holds the address of the incoming webhook; empty for none.")]
    public string UrlVariable { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => SecretVariable.Problems("url_variable", UrlVariable);
}

/// <summary>Section <c>notifications.email</c>.</summary>
internal sealed class EmailOptions : ICheckedOptions
{
    [Option("host", "The SMTP server; empty for no mail.")]
    public string Host { get; set; } = "";

    [Option("port", "Port of the SMTP server.", Min = 1, Max = 65535)]
    public int Port { get; set; } = 587;

    [Option("encryption", "starttls: refuse a server without it; optional: take it where it is offered; tls: from the first byte (port 465); none. A password goes over an encrypted connection or to this machine only.", Values = ["starttls", "optional", "tls", "none"])]
    public string Encryption { get; set; } = "starttls";

    [Option("ca_file", "PEM file with authorities that the server's certificate may come from; empty: those of the system.")]
    public string CaFile { get; set; } = "";

    [Option("user", "Name to log in with; empty for no log-in.")]
    public string User { get; set; } = "";

    [Option("password_variable", "Name of the environment variable that holds the password; empty for no log-in.")]
    public string PasswordVariable { get; set; } = "";

    [Option("from", "Address that the mail comes from.")]
    public string From { get; set; } = "";

    [Option("to", "Addresses that it goes to.")]
    public IReadOnlyList<string> To { get; set; } = [];

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        foreach (var problem in SecretVariable.Problems("password_variable", PasswordVariable))
            yield return problem;
        if (Host.Length == 0)
            yield break;
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return new OptionProblem("host", "no name of a host", "a name or IP address without port, such as smtp.example.org");
        if (!EmailChannel.IsAddress(From))
            yield return new OptionProblem("from", From.Length == 0 ? "an empty text" : "no mail address", "one address, such as stackmill@example.org");
        if (To.Count == 0 || !To.All(EmailChannel.IsAddress))
            yield return new OptionProblem("to", To.Count == 0 ? "an empty list" : "a text that is no mail address", "addresses, such as [data@example.org]");
        if (User.Length > 0 != PasswordVariable.Length > 0)
            yield return new OptionProblem("password_variable", User.Length > 0 ? "an empty text beside a user" : "a variable without a user", "both user and password_variable, or neither");
    }
}

/// <summary>Names of environment variables that hold secrets. What stands in the place of a name may be the secret itself: it is never told.</summary>
internal static partial class SecretVariable
{
    /// <summary>What is wrong with a name.</summary>
    public static IEnumerable<OptionProblem> Problems(string key, string value)
    {
        if (value.Length > 0 && !Name().IsMatch(value))
            yield return new OptionProblem(key, "no name of a variable", "the name of an environment variable that holds the secret, such as STACKMILL_WEBHOOK_URL; the secret itself never stands in the configuration");
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex Name();
}
