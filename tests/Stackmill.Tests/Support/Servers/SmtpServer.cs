using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Stackmill.Tests.Support.Servers;

/// <summary>A mail server on loopback that keeps what it gets: as much of SMTP as a client that submits mail speaks, with STARTTLS and log-in.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentQueue<string> _mails = new();
    private readonly X509Certificate2 _certificate = Make();
    private Task? _accepting;

    /// <summary>Offers STARTTLS.</summary>
    public bool OffersTls { get; init; }

    /// <summary>Speaks TLS from the first byte.</summary>
    public bool BeginsWithTls { get; init; }

    /// <summary>The password that is right; <c>null</c> when no log-in is offered.</summary>
    public string? Password { get; init; }

    /// <summary>Never says a word.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Another answer to a command; <c>null</c> for the usual one.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Its certificate in PEM form.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>Commands so far, those after STARTTLS marked.</summary>
    public IReadOnlyCollection<string> Commands => _commands;

    /// <summary>Mails so far, as they came.</summary>
    public IReadOnlyCollection<string> Mails => _mails;

    /// <summary>Begins to listen.</summary>
    public SmtpServer Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        if (_accepting is not null)
            await Task.WhenAny(_accepting);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (IsSilent)
                    await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stop.Token);
                await TalkAsync(BeginsWithTls ? await TlsAsync(stream) : stream, BeginsWithTls);
            }
            catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
            {
                // The client has gone, or does not trust this server: that is what some tests want.
            }
        }
    }

    private async Task TalkAsync(Stream stream, bool isSecure)
    {
        var greeted = false;
        while (true)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8, false, 1024, leaveOpen: true);
            if (!greeted)
                await SayAsync(stream, "220 test ready");
            greeted = true;
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                _commands.Enqueue((isSecure ? "tls " : "") + line);
                if (Answer(line) is { } other)
                    await SayAsync(stream, other);
                else if (line.StartsWith("EHLO", StringComparison.Ordinal))
                    await SayAsync(stream, $"250-test\r\n{(OffersTls && !isSecure ? "250-STARTTLS\r\n" : "")}{(Password is null ? "" : "250-AUTH PLAIN\r\n")}250 8BITMIME");
                else if (line == "STARTTLS")
                    break;
                else if (line.StartsWith("AUTH PLAIN ", StringComparison.Ordinal))
                    await SayAsync(stream, Encoding.UTF8.GetString(Convert.FromBase64String(line[11..])).EndsWith("\0" + Password, StringComparison.Ordinal) ? "235 welcome" : $"535 no such password: {line}");
                else if (line == "DATA")
                    await TakeAsync(stream, reader);
                else
                    await SayAsync(stream, line == "QUIT" ? "221 bye" : "250 well");
                if (line == "QUIT")
                    return;
            }

            if (isSecure || !_commands.Last().Equals("STARTTLS", StringComparison.Ordinal))
                return;
            await SayAsync(stream, "220 go on");
            (stream, isSecure) = (await TlsAsync(stream), true);
        }
    }

    private async Task TakeAsync(Stream stream, StreamReader reader)
    {
        await SayAsync(stream, "354 go on");
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            mail.Append(line).Append('\n');
        _mails.Enqueue(mail.ToString());
        await SayAsync(stream, "250 taken");
    }

    private async Task<SslStream> TlsAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(_certificate);
        return secure;
    }

    private static async Task SayAsync(Stream stream, string answer) => await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\r\n"));

    private static X509Certificate2 Make()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
