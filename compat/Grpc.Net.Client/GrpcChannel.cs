using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client.Calls;
using Grpc.Net.Client.Credentials;

namespace Grpc.Net.Client;

/// <summary>A way to one server over HTTP/2; connections are made when calls need them. Make one and share it.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker http;
    private readonly bool ownsHttp;
    private readonly ConcurrentDictionary<IDisposable, byte> activeCalls = new();
    private volatile bool disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (options.HttpClient is not null && options.HttpHandler is not null)
            throw new ArgumentException("HttpClient and HttpHandler are both set; a channel takes one of them.", nameof(options));

        Address = address;
        Options = options;
        Security = ChannelSecurity.Read(address, options);
        http = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? CreateHandler(), disposeHandler: OwnsHandler(options));
        ownsHttp = options.HttpClient is null || options.DisposeHttpClient;
    }

    internal Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal ChannelSecurity Security { get; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return address.IsAbsoluteUri && address.Scheme is "http" or "https"
            ? new GrpcChannel(address, channelOptions)
            : throw new InvalidOperationException($"'{address}' is not an http or https address.");
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels the calls under way and closes the connections.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        foreach (var call in activeCalls.Keys)
            call.Dispose();
        if (ownsHttp)
            http.Dispose();
    }

    internal void Enter(IDisposable call)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        activeCalls[call] = 0;
    }

    internal void Leave(IDisposable call) => activeCalls.TryRemove(call, out _);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        // An HttpClient would read the whole response before it returned.
        http is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : http.SendAsync(request, cancellationToken);

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static bool OwnsHandler(GrpcChannelOptions options) => options.HttpHandler is null || options.DisposeHttpClient;

    private static SocketsHttpHandler CreateHandler() => new()
    {
        // One connection carries some hundred streams; long-lived ones (logs, events) must not starve the rest.
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
    };
}
