using Grpc.Core;
using Grpc.Net.Common.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Writes a call's headers and outcome to its HTTP response.</summary>
internal static class GrpcHttpResponse
{
    public static void Prepare(HttpResponse response)
    {
        response.ContentType = GrpcHeaderNames.ContentType;
        response.Headers[GrpcHeaderNames.AcceptEncoding] = GrpcHeaderNames.ReadableEncodings;
    }

    /// <summary>Into the trailers; into the headers when no message goes before.</summary>
    public static void WriteOutcome(HttpResponse response, Status status, Metadata trailers, bool hasMessages)
    {
        var destination = hasMessages || response.HasStarted
            ? response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        destination[GrpcHeaderNames.Status] = StatusCoding.EncodeCode(status.StatusCode);
        if (!string.IsNullOrEmpty(status.Detail))
            destination[GrpcHeaderNames.Message] = PercentEncoding.Encode(status.Detail);
        AppendMetadata(destination, trailers);
    }

    public static void AppendMetadata(IHeaderDictionary destination, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (!MetadataCoding.IsReserved(entry.Key))
                destination.Append(entry.Key, MetadataCoding.EncodeValue(entry));
        }
    }
}
