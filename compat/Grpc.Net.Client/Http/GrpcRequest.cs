using System.Net;
using Grpc.Core;
using Grpc.Net.Common.Wire;

namespace Grpc.Net.Client.Http;

/// <summary>The HTTP request of a call.</summary>
internal static class GrpcRequest
{
    private const string UserAgent = "grpc-dotnet/" + VersionInfo.CurrentVersion + " (compat)";

    public static HttpRequestMessage Create(
        GrpcChannel channel, IMethod method, string? host, Metadata? headers, DateTime deadline, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, method.FullName))
        {
            Version = channel.Options.HttpVersion ?? HttpVersion.Version20,
            VersionPolicy = channel.Options.HttpVersionPolicy ?? HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        if (host is not null)
            request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation(GrpcHeaderNames.AcceptEncoding, GrpcHeaderNames.ReadableEncodings);
        if (deadline != DateTime.MaxValue)
            request.Headers.TryAddWithoutValidation(
                GrpcHeaderNames.Timeout, TimeoutCoding.Encode(deadline - channel.Time.GetUtcNow().UtcDateTime));

        foreach (var entry in headers ?? Metadata.Empty)
        {
            if (!MetadataCoding.IsReserved(entry.Key))
                request.Headers.TryAddWithoutValidation(entry.Key, MetadataCoding.EncodeValue(entry));
        }
        if (!request.Headers.NonValidated.Contains("user-agent"))
            request.Headers.TryAddWithoutValidation("user-agent", UserAgent);
        return request;
    }
}
