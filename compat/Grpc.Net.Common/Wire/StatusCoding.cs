using System.Globalization;
using Grpc.Core;

namespace Grpc.Net.Common.Wire;

/// <summary><c>grpc-status</c> and <c>grpc-message</c> as a status.</summary>
internal static class StatusCoding
{
    public static Status Decode(string statusText, string? messageText)
    {
        var detail = messageText is null ? "" : PercentEncoding.Decode(messageText);
        if (!int.TryParse(statusText, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return new Status(StatusCode.Unknown, $"Unexpected grpc-status value: {statusText}. {detail}".TrimEnd());
        // A code that this side does not know must be taken for UNKNOWN.
        return Enum.IsDefined((StatusCode)code)
            ? new Status((StatusCode)code, detail)
            : new Status(StatusCode.Unknown, detail);
    }

    public static string EncodeCode(StatusCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);
}
