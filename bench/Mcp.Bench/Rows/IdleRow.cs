using Mcp.Bench.Measuring;

namespace Mcp.Bench.Rows;

/// <summary>What a node costs while it gets no calls.</summary>
internal static class IdleRow
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(90);

    public static readonly Row Idle = new("idle", "Idle with 300 containers",
        "Processor time of mcp-agent and of its podman service (with the processes that each has started) over "
        + $"{Watched.TotalSeconds} s without calls, as a share of one core; 300 containers that sleep.",
        async (session, cancellationToken) =>
        {
            var nodes = new Dictionary<Build, Node>();
            foreach (var build in session.Builds)
                nodes[build] = await Deployed.HaveAsync(session, "large", build, 300, cancellationToken);
            await Task.Delay(Settling, cancellationToken);
            var start = nodes.ToDictionary(n => n.Key, n => Spent(n.Value));
            await Task.Delay(Watched, cancellationToken);
            var shares = nodes.ToDictionary(n => n.Key, n => Spent(n.Value) switch
            {
                var end => (Agent: Share(end.Agent - start[n.Key].Agent), Engine: Share(end.Engine - start[n.Key].Engine)),
            });
            return
            [
                Of("mcp-agent, idle, 300 containers", share => share.Agent),
                Of("its podman service, idle, 300 containers", share => share.Engine),
            ];

            Figure Of(string what, Func<(double Agent, double Engine), double> part) =>
                new(what, "% of a core", Goal.Below(0.5, "%"), Samples.Of(part(shares[session.Now])))
                {
                    Before = session.Before is { } earlier ? Samples.Of(part(shares[earlier])) : null,
                };
        });

    private static double Share(double seconds) => seconds / Watched.TotalSeconds * 100;

    private static (double Agent, double Engine) Spent(Node node) =>
        (ProcessFigures.ProcessorTime(node.Agent.Id),
            ProcessFigures.ProcessorTime(ProcessFigures.Find("unix://" + node.Engine.SocketPath)));
}
