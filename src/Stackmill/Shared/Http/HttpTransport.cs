using System.Net;
using System.Net.Sockets;

namespace Stackmill.Shared.Http;

/// <summary>Makes HTTP clients for large downloads: nothing followed, stored or unpacked behind the caller's back.</summary>
internal static class HttpTransport
{
    // Hosts behind a name move; a connection older than this is made anew, so that they are found.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A client without cookies, redirects and decompression. A connection on which no byte comes for <paramref name="silence"/>, before
    /// the headers or within the body, fails with an <see cref="IOException"/> when it is read synchronously.
    /// </summary>
    public static HttpClient Create(TimeSpan silence)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectTimeout = silence,
            ConnectCallback = async (context, cancellation) =>
            {
                Socket? socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
                    // The client's own time-out ends with the headers: a body that stalls is noticed by the socket.
                    socket.ReceiveTimeout = (int)Math.Clamp(silence.TotalMilliseconds, 1, int.MaxValue);
                    socket.SendTimeout = socket.ReceiveTimeout;
                    var stream = new NetworkStream(socket, ownsSocket: true);
                    socket = null;
                    return stream;
                }
                finally
                {
                    socket?.Dispose();
                }
            },
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
