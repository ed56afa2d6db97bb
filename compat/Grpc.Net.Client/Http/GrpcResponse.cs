using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Common.Wire;

namespace Grpc.Net.Client.Http;

/// <summary>Reads what the HTTP response of a call says about its outcome.</summary>
internal static class GrpcResponse
{
    /// <summary>The status of a response that consists of headers alone, or that is no gRPC at all; null when messages may follow.</summary>
    public static Status? StatusFromHeaders(HttpResponseMessage response)
    {
        if (First(response.Headers, GrpcHeaderNames.Status) is { } code)
            return StatusCoding.Decode(code, First(response.Headers, GrpcHeaderNames.Message));
        if (response.StatusCode != HttpStatusCode.OK)
            return new Status(
                HttpStatusMapping.ToStatusCode(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");

        var contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out var values) ? values.ToString() : null;
        if (contentType is null)
            return new Status(StatusCode.Unknown, "Bad gRPC response. Response did not have a content-type header.");
        return GrpcHeaderNames.IsGrpcContentType(contentType)
            ? null
            : new Status(StatusCode.Unknown, "Bad gRPC response. Invalid content-type value: " + contentType);
    }

    /// <summary>The status that follows the messages.</summary>
    public static Status StatusFromTrailers(HttpResponseMessage response) =>
        First(response.TrailingHeaders, GrpcHeaderNames.Status) is { } code
            ? StatusCoding.Decode(code, First(response.TrailingHeaders, GrpcHeaderNames.Message))
            : new Status(StatusCode.Unknown, "No grpc-status found on response.");

    public static string? First(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.First() : null;

    /// <exception cref="RpcException">INTERNAL: a <c>-bin</c> value is not base64.</exception>
    public static Metadata ReadMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
                Add(metadata, name, value);
        }
        return metadata;
    }

    private static void Add(Metadata metadata, string name, string value)
    {
        try
        {
            MetadataCoding.Decode(metadata, name, value);
        }
        catch (FormatException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Bad gRPC response. The value of '{name}' is not base64.", e));
        }
        catch (ArgumentException)
        {
            // A name that HTTP allows and gRPC does not (a proxy's, say) is none of the application's.
        }
    }
}
