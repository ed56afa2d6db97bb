using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

/// <summary>Turns a failed connection into an <see cref="McpException"/> where its cause is still known; gRPC makes "Unavailable"
/// of all of them.</summary>
internal sealed class ConnectionErrorHandler(NodeConfig node, ServerTrust trust, TimeSpan connectTimeout, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw ConnectionError.From(e, node, trust, connectTimeout);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw ConnectionError.From(e, node, trust, connectTimeout);
        }
    }
}
