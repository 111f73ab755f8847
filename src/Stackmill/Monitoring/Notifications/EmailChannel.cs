using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Stackmill.Core.Faults;
using AuthenticationException = MailKit.Security.AuthenticationException;

namespace Stackmill.Monitoring.Notifications;

/// <summary>Sends mail by an SMTP server.</summary>
internal sealed class EmailChannel : INotificationChannel
{
    private readonly EmailOptions _options;
    private readonly string? _password;
    private readonly X509Certificate2Collection? _authorities;
    private readonly TimeProvider _clock;

    /// <summary>A channel; nothing is asked yet.</summary>
    /// <exception cref="UsageException">The password's variable is not set, or the file of authorities is none.</exception>
    public EmailChannel(EmailOptions options, Func<string, string?> environment, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        _password = options.PasswordVariable.Length > 0 ? WebhookChannel.Secret(options.PasswordVariable, "notifications.email.password_variable", environment) : null;
        _authorities = options.CaFile.Length > 0 ? Authorities(options.CaFile) : null;
    }

    /// <inheritdoc/>
    public string Name => "email";

    /// <summary>True for one mail address, which no line end or second header can be part of.</summary>
    public static bool IsAddress(string text) => !text.Any(char.IsControl) && MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@', StringComparison.Ordinal);

    /// <inheritdoc/>
    public async Task SendAsync(Message message, CancellationToken cancellation)
    {
        using var mail = Mail(message);
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        if (_authorities is not null)
            client.ServerCertificateValidationCallback = (_, certificate, _, errors) => IsOfAuthorities(certificate, errors);
        try
        {
            await client.ConnectAsync(_options.Host, _options.Port, _options.Encryption switch
            {
                "starttls" => SecureSocketOptions.StartTls,
                "optional" => SecureSocketOptions.StartTlsWhenAvailable,
                "tls" => SecureSocketOptions.SslOnConnect,
                _ => SecureSocketOptions.None,
            }, cancellation).ConfigureAwait(false);
            if (_password is not null)
            {
                if (!client.IsSecure && !IsOwnMachine(_options.Host))
                    throw new NotificationException("the mail server offers no encryption, and a password is not sent without; use notifications.email.encryption starttls or tls, or no log-in", isPassing: false);
                await client.AuthenticateAsync(new NetworkCredential(_options.User, _password), cancellation).ConfigureAwait(false);
            }

            await client.SendAsync(mail, cancellation).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, cancellation).ConfigureAwait(false);
        }
        // What a server says may repeat what it was sent, the password among it: only its number is told.
        catch (AuthenticationException)
        {
            throw new NotificationException($"the mail server refused the log-in; check notifications.email.user and {_options.PasswordVariable}", isPassing: false);
        }
        catch (SmtpCommandException fault)
        {
            throw new NotificationException($"the mail server answered {(int)fault.StatusCode} ({fault.ErrorCode}); check the addresses of notifications.email", (int)fault.StatusCode is >= 400 and < 500);
        }
        catch (SslHandshakeException)
        {
            throw new NotificationException("no encrypted connection to the mail server came about; check notifications.email.encryption, port and ca_file, and its certificate's name and dates", isPassing: false);
        }
        catch (NotSupportedException)
        {
            throw new NotificationException("the mail server offers no STARTTLS, or no log-in; check notifications.email.encryption and port", isPassing: false);
        }
        catch (Exception fault) when (fault is SocketException or IOException or ProtocolException or ServiceNotConnectedException)
        {
            throw new NotificationException($"the mail server was not reached or broke off ({(fault is SocketException socket ? socket.SocketErrorCode.ToString() : fault.GetType().Name)}); check notifications.email.host and port", isPassing: true);
        }
    }

    private MimeMessage Mail(Message message)
    {
        var mail = new MimeMessage { Subject = message.Subject, Date = _clock.GetUtcNow(), Body = new TextPart("plain") { Text = message.Text } };
        mail.From.Add(MailboxAddress.Parse(_options.From));
        mail.To.AddRange(_options.To.Select(MailboxAddress.Parse));
        // The same for every attempt, so that a mail that came twice is known as one.
        mail.MessageId = $"{message.Notification.Run.RunId}.{message.Notification.Event}@stackmill.invalid";
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private bool IsOfAuthorities(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(own);
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(path);
            return all.Count > 0 ? all : throw new UsageException($"notifications.email.ca_file '{path}' holds no certificate. Expected a file in PEM form.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"notifications.email.ca_file '{path}' can't be read as certificates: {fault.Message} Expected a file in PEM form.");
        }
    }

    private static bool IsOwnMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
