using System.Globalization;
using Mcp.Bench.Measuring;

namespace Mcp.Bench.Rows;

/// <summary>From the start of the agent's process to the line that says that it listens.</summary>
internal static class StartRow
{
    public static readonly Row Start = new("start", "Start of the agent",
        "`mcp-agent dev` with its certificate and database there already, over a podman that runs, from the start of the process "
        + "to its line `ready`; the same of an application that is nothing but Kestrel with one page, ahead-of-time compiled "
        + "(bench/EmptyApp). In turns, 15 rounds.",
        async (session, cancellationToken) =>
        {
            var program = Peers.Need(session.Peers.EmptyApp, "the empty application");
            var nodes = new Dictionary<Build, Node>();
            foreach (var build in session.Builds)
            {
                nodes[build] = await session.NodeAsync("start", build, cancellationToken);
                await nodes[build].StopAgentAsync();
            }
            var rounds = new Rounds();
            var now = rounds.Add(token => AgentAsync(nodes[session.Now], token))!;
            var peer = rounds.Add(async token =>
            {
                await using var app = await AgentProcess.StartAsync(program, [], [], token);
                return app.ReadyAfter.TotalMilliseconds;
            });
            var before = rounds.Add(session.Before is { } earlier ? token => AgentAsync(nodes[earlier], token) : null);
            await rounds.RunAsync(15, cancellationToken);
            await session.EndNodesAsync("start");
            return
            [
                new("start of mcp-agent to ready", "ms", Goal.AtMostTimes(3), now)
                {
                    Before = before,
                    PeerName = "start of the empty application",
                    Peer = peer,
                },
            ];
        });

    private static async Task<double> AgentAsync(Node node, CancellationToken cancellationToken)
    {
        await node.StartAgentAsync(cancellationToken);
        var time = node.Agent.ReadyAfter.TotalMilliseconds;
        await node.StopAgentAsync();
        return time;
    }
}
