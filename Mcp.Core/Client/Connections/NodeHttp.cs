using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

/// <summary>The HTTP/2 connection to one agent: TLS 1.3, the node's own trust, pings that detect dead peers.</summary>
internal static class NodeHttp
{
    public static HttpMessageHandler Create(NodeConfig node, AgentClientOptions options)
    {
        var trust = new ServerTrust(node);
        var sockets = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            // Without one of ours, gRPC connects by itself and keeps to itself why it could not.
            ConnectCallback = ConnectAsync,
            EnableMultipleHttp2Connections = true,
            // When a node vanishes silently, a followed stream ends after at most the sum of these.
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            // Nodes are the operator's own machines; a web proxy would only hide why a connection failed.
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateChainPolicy = trust.ChainPolicy,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors),
            },
        };
        return new ConnectionErrorHandler(node, trust, options.ConnectTimeout, sockets);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
