using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a channel is made. See compat/README.md for the options of the real package that are left out.</summary>
public sealed class GrpcChannelOptions
{
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    /// <summary>By default what the address says: TLS for https, none for http.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>In bytes; null for any size.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>In bytes; null for any size.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultMaxReceiveMessageSize;

    /// <summary>Makes the calls; not together with <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Makes the calls; not together with <see cref="HttpClient"/>.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel, when disposed, disposes the client or handler given to it.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>A cancelled call throws <see cref="OperationCanceledException"/> in place of <see cref="RpcException"/>.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Call credentials go over plain HTTP, too. For tests.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>HTTP/2 by default.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>Exactly that version by default.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
