using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Mcp.Agent.Hosting;

/// <summary>The one port of the agent: HTTP/2 over TLS 1.3, nothing older and nothing unencrypted.</summary>
internal static class Listener
{
    public static void Configure(KestrelServerOptions options, AgentConfig config, ServerCertificate certificate)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestHeaderCount = 50;
        options.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        options.Limits.Http2.MaxRequestHeaderFieldSize = 8 << 10;
        options.Limits.Http2.MaxStreamsPerConnection = 100;

        // Streams of logs and events are quiet for hours: pings tell a quiet client from one that is gone.
        options.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        options.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

        // gRPC limits each message instead; a stream as a whole may be long. AuthenticationMiddleware lets streams of requests be slow,
        // too.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

        options.Listen(config.Listen, listen =>
        {
            var limits = options.ApplicationServices.GetRequiredService<ConnectionLimits>();
            listen.Use(next => connection => limits.RunAsync(connection, next));
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate.Certificate,
                ServerCertificateChain = certificate.Chain,
                SslProtocols = SslProtocols.Tls13,
                ClientCertificateMode = ClientCertificateMode.NoCertificate,
                HandshakeTimeout = TimeSpan.FromSeconds(10),
            });
        });
    }

    /// <summary>Where it listens now, with the port that the system chose when none was given.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static bool IsFree(IPEndPoint address)
    {
        try
        {
            using var probe = new TcpListener(address);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>null when the error has another cause.</summary>
    public static StartupException? Explain(Exception error, IPEndPoint address)
    {
        SocketException? socket = null;
        for (var inner = error; inner is not null && socket is null; inner = inner.InnerException)
            socket = inner as SocketException;
        return socket?.SocketErrorCode switch
        {
            null => null,
            SocketError.AddressAlreadyInUse => Failed("another program listens there",
                $"find it ({ListListeners(address.Port)}), or set another port in listen"),
            SocketError.AccessDenied => Failed("permission denied",
                "set a port above 1023 in listen, or give the agent the right to lower ones (AmbientCapabilities=CAP_NET_BIND_SERVICE)"),
            SocketError.AddressNotAvailable => Failed("this machine has no such address", "correct listen; 0.0.0.0 is every address"),
            _ => Failed(socket.Message, "correct listen, or set another port"),
        };

        static string ListListeners(int port) => OperatingSystem.IsWindows() ? "netstat -abno" : $"ss -ltnp 'sport = :{port}'";

        StartupException Failed(string why, string remedy) => new(ExitCodes.Failed, $"can't listen on {address}: {why}", remedy, error);
    }
}
