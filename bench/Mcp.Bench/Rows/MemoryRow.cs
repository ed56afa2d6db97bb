using System.Globalization;
using Mcp.Bench.Measuring;
using Mcp.Core.Client;

namespace Mcp.Bench.Rows;

/// <summary>What the agent keeps in memory.</summary>
internal static class MemoryRow
{
    private const int Questions = 360;
    private const int Looks = 60;
    private const int Deploys = 12;

    private static readonly (int Containers, double Limit)[] Levels = [(0, 40), (100, 60), (300, 90)];

    public static readonly Row Memory = new("memory", "Memory of the agent",
        "Resident memory (VmRSS) of mcp-agent with 0, 100 and 300 containers, after an hour's worth of calls made at once: "
        + $"{Questions} times status, {Looks} times events, audit, history and logs, each over a connection of its own as `mcp` makes "
        + $"it, and {Deploys} deploys that replace a component. The empty application is the same Kestrel without anything "
        + "(bench/EmptyApp), after as many requests.",
        async (session, cancellationToken) =>
        {
            var empty = await EmptyAppAsync(session, cancellationToken);
            var measured = new Dictionary<Build, double[]>();
            // Side by side: memory does not depend on how long it takes.
            await Task.WhenAll(session.Builds.Select(async build =>
            {
                var figures = await MeasureAsync(session, build, cancellationToken);
                lock (measured)
                    measured[build] = figures;
            }));
            return [.. Levels.Select((level, i) => new Figure(
                $"memory of mcp-agent, {level.Containers} containers", "MB", Goal.AtMost(level.Limit, "MB"),
                Samples.Of(measured[session.Now][i]))
            {
                Before = session.Before is { } earlier ? Samples.Of(measured[earlier][i]) : null,
                PeerName = "the empty application",
                Peer = Samples.Of(empty),
            })];
        });

    private static async Task<double> EmptyAppAsync(Session session, CancellationToken cancellationToken)
    {
        await using var app = await AgentProcess.StartAsync(
            Peers.Need(session.Peers.EmptyApp, "the empty application"), [], [], cancellationToken);
        var address = app.Output.Split('\n')[0]["ready: ".Length..].Trim();
        for (var i = 0; i < Questions + (4 * Looks); i++)
        {
            using var client = new HttpClient();
            await client.GetStringAsync(new Uri(address), cancellationToken);
        }
        return ProcessFigures.Resident(app.Id);
    }

    private static async Task<double[]> MeasureAsync(Session session, Build build, CancellationToken cancellationToken)
    {
        var figures = new List<double>();
        foreach (var (level, _) in Levels)
        {
            var node = await Deployed.HaveAsync(session, "large", build, level, cancellationToken);
            // Each level from the start, as a machine has it after a reboot: what ran before is not to count.
            await node.StopAgentAsync();
            await node.StartAgentAsync(cancellationToken);
            await AskAsync(node, level, cancellationToken);
            figures.Add(ProcessFigures.Resident(node.Agent.Id));
            session.Log.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"  {level} containers ({build.Label}): {figures[^1]:0.0} MB"));
        }
        return [.. figures];
    }

    private static async Task AskAsync(Node node, int level, CancellationToken cancellationToken)
    {
        var service = level == 0 ? "none" : "s000";
        for (var i = 0; i < Questions; i++)
        {
            await CallAsync(client => client.GetStatusAsync(null, cancellationToken));
            if (i % (Questions / Looks) == 0)
            {
                await CallAsync(client => client.GetEventsAsync(new(null, null, 50, false), cancellationToken).CountAsync(cancellationToken)
                    .AsTask());
                await CallAsync(client => client.GetAuditAsync(new(null, null, 50), cancellationToken).CountAsync(cancellationToken)
                    .AsTask());
                await CallAsync(client => client.ListReleasesAsync(service, cancellationToken));
                if (level > 0)
                    await CallAsync(client => client.GetLogsAsync(new(service, "c000", 50, null, false), cancellationToken)
                        .CountAsync(cancellationToken).AsTask());
            }
            if (level > 0 && i % (Questions / Deploys) == 0)
                await Deployed.ReplaceOneAsync(node, service, i, cancellationToken);
        }

        async Task CallAsync<T>(Func<AgentClient, Task<T>> call)
        {
            using var client = node.Connect();
            await call(client);
        }
    }
}
