using Mcp.Testing;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>HTTP/2 connections whose bytes are not what the protocol says.</summary>
internal static class FuzzFrames
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Call =
    [
        .. RawHttp2.Frame(RawHttp2.Settings, 0, 0), .. RawHttp2.Call(1, "/grpc.health.v1.Health/Check"),
        .. RawHttp2.Frame(RawHttp2.Data, RawHttp2.EndStream, 1, [0, 0, 0, 0, 0]),
    ];

    /// <summary>Sends a changed call and reads what comes until the agent closes the connection or says nothing more.</summary>
    public static async Task SendAsync(Uri agent, Random random)
    {
        byte[] bytes = [.. RawHttp2.Preface, .. Mutator.Mutate(Call, random)];
        if (random.Next(4) == 0)
            bytes = Mutator.Mutate(bytes, random);
        await using var connection = await RawHttp2.ConnectAsync(agent);
        try
        {
            await connection.SendAsync(bytes);
            using var end = new CancellationTokenSource(Patience);
            await connection.DrainAsync(end.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Closed by the agent, or left open for more: both are its right.
        }
    }
}
