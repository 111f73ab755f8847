using Stackmill.Core.Faults;
using Stackmill.Monitoring.Notifications;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring.Notifications;

/// <summary>Mail, against a real server on loopback.</summary>
public sealed class EmailTests : IDisposable
{
    private const string Password = "a-SECRET-word";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Mail_goes_over_an_encrypted_connection_with_a_log_in()
    {
        await using var server = new SmtpServer { OffersTls = true, Password = Password }.Start();

        Assert.Null(await SendAsync(Options(server, "starttls", login: true), SampleNotification.Of("failure", SampleNotification.Run(1, "the disk is full"))));
        var mail = Assert.Single(server.Mails);
        Assert.Contains("\nSubject: [failure] nightly: run failed\n", "\n" + mail, StringComparison.Ordinal);
        Assert.Contains("From: stackmill@example.org\n", mail, StringComparison.Ordinal);
        Assert.Contains("To: a@example.org, Data <b@example.org>\n", mail, StringComparison.Ordinal);
        Assert.Contains("Message-Id: <019a1c2f-0000-7000-8000-000000000001.failure@stackmill.invalid>\n", mail, StringComparison.Ordinal);
        Assert.Contains("\nerror: the disk is full\n", mail, StringComparison.Ordinal);
        Assert.Contains(server.Commands, c => c.StartsWith("tls AUTH", StringComparison.Ordinal));
        Assert.Equal(2, server.Commands.Count(c => c.StartsWith("tls RCPT TO", StringComparison.Ordinal)));
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_goes_over_tls_from_the_first_byte()
    {
        await using var server = new SmtpServer { BeginsWithTls = true }.Start();
        Assert.Null(await SendAsync(Options(server, "tls"), SampleNotification.Of()));
        Assert.Single(server.Mails);
    }

    [Theory]
    [InlineData("optional", true, "tls MAIL")]
    [InlineData("optional", false, "MAIL")]
    [InlineData("none", true, "MAIL")]
    public async Task Encryption_is_taken_where_it_may_be_left_out_and_is_offered(string encryption, bool offers, string command)
    {
        await using var server = new SmtpServer { OffersTls = offers }.Start();
        Assert.Null(await SendAsync(Options(server, encryption), SampleNotification.Of()));
        Assert.Contains(server.Commands, c => c.StartsWith(command, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_encryption_and_one_that_nobody_vouches_for_get_nothing_where_it_is_wanted()
    {
        await using var plain = new SmtpServer { Password = Password }.Start();
        Assert.Contains("no STARTTLS", await SendAsync(Options(plain, "starttls", login: true), SampleNotification.Of()), StringComparison.Ordinal);
        Assert.DoesNotContain(plain.Commands, c => c.Contains("AUTH", StringComparison.Ordinal));

        await using var unknown = new SmtpServer { OffersTls = true, Password = Password }.Start();
        var options = Options(unknown, "starttls", login: true);
        options.Email.CaFile = "";
        Assert.Contains("no encrypted connection", await SendAsync(options, SampleNotification.Of()), StringComparison.Ordinal);
        await using var another = new SmtpServer().Start();
        options.Email.CaFile = _folder.Write("other.pem", another.Pem);
        Assert.Contains("no encrypted connection", await SendAsync(options, SampleNotification.Of()), StringComparison.Ordinal);
        Assert.DoesNotContain(unknown.Commands, c => c.Contains("AUTH", StringComparison.Ordinal));
        Assert.Empty(unknown.Mails);
    }

    [Fact]
    public async Task A_log_in_that_is_refused_is_told_without_the_password_that_the_server_repeats()
    {
        await using var server = new SmtpServer { OffersTls = true, Password = "another" }.Start();
        Assert.Equal("the mail server refused the log-in; check notifications.email.user and MAIL_PASSWORD", await SendAsync(Options(server, "starttls", login: true), SampleNotification.Of()));
        Assert.Single(server.Commands, c => c.Contains("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not()
    {
        await using var server = new SmtpServer().Start();
        var asked = 0;
        server.Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) && ++asked < 3 ? $"451 later, {Password}" : null;
        Assert.Null(await SendAsync(Options(server, "none", retries: 3), SampleNotification.Of()));
        Assert.Single(server.Mails);

        asked = 0;
        server.Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) && ++asked > 0 ? $"550 no such user, {Password}" : null;
        Assert.StartsWith("the mail server answered 550", await SendAsync(Options(server, "none", retries: 3), SampleNotification.Of()), StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_server_that_says_nothing_or_is_gone_is_given_up()
    {
        await using var server = new SmtpServer { IsSilent = true }.Start();
        var options = Options(server, "none");
        options.TimeoutSeconds = 0.3;
        Assert.Equal("it did not answer within 0.3 s", await SendAsync(options, SampleNotification.Of()));
        options.Email.Port = PrometheusStack.FreePort();
        Assert.StartsWith("the mail server was not reached", await SendAsync(options, SampleNotification.Of()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_name_of_a_file_makes_a_header_or_ends_a_mail()
    {
        await using var server = new SmtpServer().Start();
        var options = Options(server, "none");
        (options.Subject, options.Text) = ("{error}", "before\n.\nafter {error}");
        Assert.Null(await SendAsync(options, SampleNotification.Of("failure", SampleNotification.Run(1, "a\r\nBcc: evil@example.org\r\n\r\n.\r\nQUIT\r\nünï"))));

        var mail = Assert.Single(server.Mails);
        Assert.DoesNotContain("\nBcc:", mail, StringComparison.Ordinal);
        Assert.Contains("\nbefore\n..\nafter ", mail.Replace("=2E", "..", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(2, server.Commands.Count(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_of_authorities_that_is_none_is_told()
    {
        var options = new EmailOptions { Host = "127.0.0.1", CaFile = _folder.Write("ca.pem", "nothing") };
        Assert.Contains("ca_file", Assert.Throws<UsageException>(() => new EmailChannel(options, _ => null, TimeProvider.System)).Message, StringComparison.Ordinal);
        options.CaFile = _folder["missing.pem"];
        Assert.Contains("ca_file", Assert.Throws<UsageException>(() => new EmailChannel(options, _ => null, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private NotificationOptions Options(SmtpServer server, string encryption, bool login = false, int retries = 0) => new()
    {
        Retries = retries,
        Email = new EmailOptions
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Encryption = encryption,
            CaFile = _folder.Write($"{server.Port}.pem", server.Pem),
            From = "stackmill@example.org",
            To = ["a@example.org", "Data <b@example.org>"],
            User = login ? "mailer" : "",
            PasswordVariable = login ? "MAIL_PASSWORD" : "",
        },
    };

    private static async Task<string?> SendAsync(NotificationOptions options, Notification notification)
    {
        Assert.Empty(options.Email.Check());
        using var notifier = Notifier.Create(options, name => name == "MAIL_PASSWORD" ? Password : null, TimeProvider.System, firstWait: TimeSpan.FromMilliseconds(1))!;
        var problem = Assert.Single(await notifier.SendAsync(notification, CancellationToken.None)).Problem;
        Assert.DoesNotContain("SECRET", problem ?? "", StringComparison.Ordinal);
        return problem;
    }
}
