using Mcp.Bench.Measuring;

namespace Mcp.Bench.Rows;

/// <summary>A deploy of one service with three hundred components.</summary>
internal static class LargeDeployRow
{
    private const int Components = 300;
    private const int AtOnce = 10;

    public static readonly Row Deploy300 = new("deploy-300", "Deploy of 300 components",
        $"`mcp deploy` of a new service of {Components} components, the whole command, images there, stay_up 0; against create and "
        + $"start of as many straight at podman's socket, {AtOnce} at once. In turns, 2 rounds; everything is removed in between. "
        + "Memory: the agent's resident memory after the last deploy, less that after the first one (of which an earlier build has "
        + "one only).",
        async (session, cancellationToken) =>
        {
            var rounds = new Rounds();
            var nodes = new Dictionary<Build, Node>();
            var memory = new Samples();
            foreach (var build in session.Builds)
            {
                nodes[build] = await session.NodeAsync("bulk", build, cancellationToken);
                nodes[build].Define("bulk", Components);
            }
            var node = nodes[session.Now];
            using var straight = new StraightDeploy(node.Engine.SocketPath);
            var now = rounds.Add(async token =>
            {
                var time = await DeployAsync(node, token);
                memory.Add(ProcessFigures.Resident(node.Agent.Id));
                await RemoveAsync(node, token);
                return time;
            })!;
            var peer = rounds.Add(async token =>
            {
                var time = await straight.RunAsync(Components, AtOnce, token);
                await node.RemoveContainersAsync(token);
                return time;
            });
            await rounds.RunAsync(2, cancellationToken, warmUps: 0);
            // Once, after the others: two nodes of three hundred containers at work would measure each other.
            Samples? before = null;
            if (session.Before is { } earlier)
            {
                before = Samples.Of(await DeployAsync(nodes[earlier], cancellationToken));
                await RemoveAsync(nodes[earlier], cancellationToken);
            }
            await session.EndNodesAsync("bulk");
            return
            [
                new("mcp deploy, 300 components", "ms", Goal.AtMostTimes(1.2), now)
                {
                    Before = before, PeerName = "create+start at the socket", Peer = peer,
                },
                new("memory of mcp-agent, growth from one deploy of 300 to the next", "MB", Goal.AtMost(5, "MB"),
                    Samples.Of(memory.Values[^1] - memory.Values[0])),
            ];
        });

    private static Task<double> DeployAsync(Node node, CancellationToken cancellationToken) =>
        node.Mcp("deploy", "bulk").TimeAsync(cancellationToken);

    /// <summary>Containers first, together: undeploying stops each in good order.</summary>
    private static async Task RemoveAsync(Node node, CancellationToken cancellationToken)
    {
        await node.RemoveContainersAsync(cancellationToken);
        await node.Mcp("undeploy", "bulk", "--yes").RunAsync(cancellationToken);
    }
}
