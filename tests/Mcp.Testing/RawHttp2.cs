using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Mcp.Testing;

/// <summary>An HTTP/2 connection over TLS whose client does what a test says, and nothing else: no flow control, no answers to
/// pings.</summary>
public sealed class RawHttp2 : IAsyncDisposable
{
    // Frame types of RFC 9113, section 6.
    public const byte Data = 0, Headers = 1, Settings = 4, Ping = 6;
    public const byte EndStream = 1, EndHeaders = 4;

    public static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];

    private readonly SslStream _tls;

    private RawHttp2(SslStream tls) => _tls = tls;

    /// <summary>Connects and shakes hands; sends nothing of HTTP yet. Any certificate will do.</summary>
    public static async Task<RawHttp2> ConnectAsync(Uri server, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
            tls = new(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = server.Host,
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            }, cancellationToken);
            return new(tls);
        }
        catch
        {
            socket.Dispose();
            if (tls is not null)
                await tls.DisposeAsync();
            throw;
        }
    }

    /// <param name="stream">0: the connection.</param>
    public static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        var head = new byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(5), stream);
        return [.. head, .. payload];
    }

    /// <summary>The HEADERS of a gRPC call.</summary>
    public static byte[] Call(int stream, string path, params (string Name, string Value)[] more)
    {
        var fields = new List<byte>();
        foreach (var (name, value) in ((string, string)[])
            [
                (":method", "POST"), (":scheme", "https"), (":path", path), (":authority", "localhost"),
                ("content-type", "application/grpc"), ("te", "trailers"), .. more,
            ])
        {
            // Literal field without indexing, names and values as they are (RFC 7541, section 6.2.2).
            var (key, text) = (Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
            fields.AddRange([0, (byte)key.Length, .. key, (byte)text.Length, .. text]);
        }
        return Frame(Headers, EndHeaders, stream, [.. fields]);
    }

    public ValueTask SendAsync(byte[] bytes, CancellationToken cancellationToken = default) => _tls.WriteAsync(bytes, cancellationToken);

    /// <summary>Reads and forgets until the server closes the connection.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var answer = new byte[4096];
        try
        {
            while (await _tls.ReadAsync(answer, cancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Closed without a goodbye.
        }
    }

    public ValueTask DisposeAsync() => _tls.DisposeAsync();
}
