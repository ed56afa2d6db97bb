using System.Globalization;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using Mcp.Core.Client.Workstation;

namespace Mcp.Core.Client.Connections;

/// <summary>Why a connection failed: the one table from what .NET throws to what people read.</summary>
internal static class ConnectionError
{
    public static McpException From(Exception error, NodeConfig node, ServerTrust? trust, TimeSpan connectTimeout)
    {
        var name = Names.Of(node);
        if (Find<AuthenticationException>(error) is not null && trust?.Rejection is { } rejection)
            return rejection;
        if (Find<SocketException>(error) is { } socket)
            return FromSocket(socket, node, name);
        if (Find<AuthenticationException>(error) is { } tls)
        {
            return Unreachable("tls-refused", $"{name} refused the TLS handshake: {Innermost(tls)}",
                "check that the address and port are an mcp-agent's; it speaks TLS 1.3 only, and so does this client");
        }
        if (error is OperationCanceledException or TimeoutException || Find<TimeoutException>(error) is not null)
        {
            return Unreachable("connect-timeout", $"{name} did not answer within {connectTimeout.TotalSeconds:0.#} s",
                "check that the machine is up, and that no firewall drops the port");
        }
        if (error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return Unreachable("tls-refused", $"{name} does not speak TLS: {Innermost(error)}",
                "check that the address and port are an mcp-agent's");
        }
        if (error is HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError
            or HttpRequestError.HttpProtocolError })
        {
            return Unreachable("not-an-agent", $"{name} does not speak gRPC: {Innermost(error)}",
                "check that the address and port are an mcp-agent's");
        }
        return Unreachable("connection-lost", $"the connection to {name} was lost: {Innermost(error)}",
            "check the agent on the node, then try again");

        McpException Unreachable(string id, string message, string remedy) =>
            new(ErrorKind.Unreachable, id, message, remedy, node.Name, error);
    }

    /// <summary>The end of a call that had reached the agent, where the connection ended it and not the agent's answer; null: the agent
    /// ended it.</summary>
    /// <param name="error">What gRPC was told by .NET; null: only that the call was reset.</param>
    public static McpException? FromStream(Exception? error, bool isReset, NodeConfig node)
    {
        const string Ended = "the agent, or something before it, ended the call";
        var words = Find<HttpProtocolException>(error) is { } protocol
            ? string.Create(CultureInfo.InvariantCulture, $"{Ended} (HTTP/2 error {protocol.ErrorCode})")
            : Find<SocketException>(error) is { } socket ? socket.Message
            : Find<IOException>(error) is { } broken ? Innermost(broken)
            : Find<HttpRequestException>(error) is { } failed ? Innermost(failed)
            : isReset ? Ended
            : null;
        return words is null ? null : new(
            ErrorKind.Unreachable, "connection-lost", $"the connection to {Names.Of(node)} was lost: {words}",
            "check the agent on the node, then try again", node.Name, error);
    }

    private static McpException FromSocket(SocketException socket, NodeConfig node, string name)
    {
        var (id, message, remedy) = socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => ("connection-refused", $"nothing listens at {name}",
                "start the agent on the node (systemctl start mcp-agent, or mcp-agent run), or correct the node's address"),
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ("unknown-host",
                $"the host name of {name} could not be resolved: {socket.Message}", "correct the node's address, or check DNS"),
            SocketError.TimedOut => ("connect-timeout", $"{name} did not answer",
                "check that the machine is up, and that no firewall drops the port"),
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => (
                "unreachable", $"there is no route to {name}: {socket.Message}",
                "check the network, a VPN if there is one, and that the machine is up"),
            SocketError.ConnectionReset or SocketError.ConnectionAborted => (
                "connection-lost", $"{name} closed the connection: {socket.Message}",
                "check that the address and port are an mcp-agent's, and the agent's log"),
            _ => ("unreachable", $"no connection to {name}: {socket.Message}", "check the network and the node's address"),
        };
        return new(ErrorKind.Unreachable, id, message, remedy, node.Name, socket);
    }

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
                return found;
        }
        return null;
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error.Message.TrimEnd('.');
    }
}
