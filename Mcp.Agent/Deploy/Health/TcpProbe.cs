using System.Net;
using System.Net.Sockets;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Health;

/// <summary>A connection to a host port.</summary>
internal sealed class TcpProbe(ProbeAddress address, TimeProvider time) : IHealthProbe
{
    /// <summary>The engine's port forwarder may accept a connection that no program in the container does, and closes it when it has
    /// noticed.</summary>
    private static readonly TimeSpan MustStayOpen = TimeSpan.FromMilliseconds(200);

    private readonly IPEndPoint _endpoint = new(IPAddress.Parse(address.Ip), address.Port);

    public string Question => $"connecting to {_endpoint} ({address.Name})";

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(_endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(_endpoint, cancellationToken);
            return await IsClosedAsync(socket, cancellationToken)
                ? new(false, $"{Question}: the connection was accepted and closed at once; nothing in the container listens there")
                : new(true, $"{address.Name} accepts connections");
        }
        catch (SocketException e)
        {
            return new(false, $"{Question} failed{AnswerText.Quote(e.Message)}");
        }
    }

    private async Task<bool> IsClosedAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(MustStayOpen, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            return await socket.ReceiveAsync(new byte[1], either.Token) == 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
