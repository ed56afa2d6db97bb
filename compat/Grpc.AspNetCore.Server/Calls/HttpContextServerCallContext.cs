using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>One call over HTTP as its handler sees it.</summary>
internal sealed class HttpContextServerCallContext(ServerCall call) : ServerCallContext, IServerCallContextFeature
{
    private AuthContext? authContext;

    public HttpContext HttpContext => call.Http;

    ServerCallContext IServerCallContextFeature.ServerCallContext => this;

    protected override string MethodCore => HttpContext.Request.Path.Value ?? "";

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => GrpcHttpRequest.Peer(HttpContext.Connection);

    protected override DateTime DeadlineCore => call.Deadline;

    protected override Metadata RequestHeadersCore => call.RequestHeaders;

    protected override CancellationToken CancellationTokenCore => call.CancellationToken;

    protected override Metadata ResponseTrailersCore { get; } = new();

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => authContext ??= ReadAuthContext(HttpContext.Connection.ClientCertificate);

    // Shared with the middleware before and behind: what one puts in, the other finds.
    protected override IDictionary<object, object> UserStateCore => HttpContext.Items!;

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => call.WriteHeadersAsync(responseHeaders);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Propagation tokens are not supported; hand on the deadline and the cancellation token.");

    private static AuthContext ReadAuthContext(X509Certificate2? certificate)
    {
        if (certificate is null)
            return new AuthContext(null, []);
        const string CommonName = "x509_common_name";
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return new AuthContext(CommonName, new() { [CommonName] = [AuthProperty.Create(CommonName, Encoding.UTF8.GetBytes(name))] });
    }
}
