using System.Diagnostics;
using System.Globalization;
using Mcp.Bench.Measuring;
using Mcp.Core.Client;

namespace Mcp.Bench.Rows;

/// <summary>History, events and audit of a node that has seen much.</summary>
internal static class HistoryRow
{
    private const int Calls = 300;

    public static readonly Row History = new("history", "History, events and audit at scale",
        $"A registry database of {PastYears.Services} services with {PastYears.Releases} releases each, {PastYears.Events} events "
        + $"(the agent keeps no more) and {PastYears.Audit} audit entries, written as the agent writes them; then {Calls} calls of "
        + "each kind over one kept channel for each build, in turns, from call to last message, each about another service. Shown is "
        + "what 99 of 100 calls stay within. Size: bytes of the database for each row, against a database with a tenth of the rows.",
        async (session, cancellationToken) =>
        {
            var nodes = new Dictionary<Build, Node>();
            var clients = new Dictionary<Build, AgentClient>();
            var sizes = new Dictionary<Build, (double Tenth, double Whole)>();
            foreach (var build in session.Builds)
            {
                // podman is there for the agent to start; nothing runs on it.
                var node = nodes[build] = await session.NodeAsync("history", build, cancellationToken);
                await node.StopAgentAsync();
                var past = new PastYears(node.DataDirectory);
                var tenth = past.Write(0, 0.1);
                sizes[build] = (tenth, past.Write(0.1, 1));
                await node.StartAgentAsync(cancellationToken);
                clients[build] = node.Connect();
            }
            var measured = await MeasureAsync(clients, cancellationToken);
            foreach (var client in clients.Values)
                client.Dispose();
            await session.EndNodesAsync("history");
            var goal = Goal.Below(20, "ms");
            var figures = measured[session.Now].Select(kind => new Figure(kind.Key + ", 99 % within", "ms", goal, kind.Value)
            {
                Before = session.Before is { } earlier ? measured[earlier][kind.Key] : null,
                Middle = samples => samples.Quantile(0.99),
            });
            var (few, many) = sizes[session.Now];
            return
            [
                .. figures,
                new("bytes of the database for each row", "B", Goal.AtMostTimes(1.1), Samples.Of(many))
                {
                    Before = session.Before is { } old ? Samples.Of(sizes[old].Whole) : null,
                    PeerName = "with a tenth of the rows",
                    Peer = Samples.Of(few),
                },
            ];
        });

    private static async Task<Dictionary<Build, Dictionary<string, Samples>>> MeasureAsync(
        Dictionary<Build, AgentClient> clients, CancellationToken cancellationToken)
    {
        var kinds = clients.ToDictionary(c => c.Key, c => Kinds(c.Value, cancellationToken));
        var measured = clients.Keys.ToDictionary(build => build, _ => new Dictionary<string, Samples>());
        for (var kind = 0; kind < kinds.Values.First().Length; kind++)
        {
            // A kind that takes seconds says so in a few calls as well.
            var all = Stopwatch.StartNew();
            for (var i = -5; i < Calls && all.Elapsed < TimeSpan.FromSeconds(30); i++)
                foreach (var (build, asks) in kinds)
                {
                    var (name, ask) = asks[kind];
                    var service = PastYears.ServiceName(Math.Abs(i * 7919) % PastYears.Services);
                    var clock = Stopwatch.StartNew();
                    var got = await ask(service);
                    if (got == 0)
                        throw new InvalidOperationException($"{name}: nothing came for {service}");
                    if (!measured[build].TryGetValue(name, out var samples))
                        measured[build][name] = samples = new();
                    if (i >= 0)
                        samples.Add(clock.Elapsed.TotalMilliseconds);
                }
        }
        return measured;
    }

    private static (string Name, Func<string, ValueTask<int>> Ask)[] Kinds(AgentClient client, CancellationToken cancellationToken)
    {
        var (hour, day) = (PastYears.End - TimeSpan.FromHours(1), PastYears.End - TimeSpan.FromDays(1));
        return
        [
            ("history of a service", async service => (await client.ListReleasesAsync(service, cancellationToken)).Count),
            ("the last 50 events", _ => client.GetEventsAsync(new(null, null, 50, false), cancellationToken).CountAsync(cancellationToken)),
            ("the last 50 events of a service",
                service => client.GetEventsAsync(new(service, null, 50, false), cancellationToken).CountAsync(cancellationToken)),
            ("the last 50 events of a pattern of services and kinds", service => client.GetEventsAsync(
                new(null, null, 50, false) { Services = [service[..^1] + "?"], Kinds = ["deploy*"] }, cancellationToken)
                    .CountAsync(cancellationToken)),
            ("events of the last day",
                _ => client.GetEventsAsync(new(null, day, null, false), cancellationToken).CountAsync(cancellationToken)),
            ("events of a service in the last day",
                service => client.GetEventsAsync(new(service, day, null, false), cancellationToken).CountAsync(cancellationToken)),
            ("the last 50 audit entries", _ => client.GetAuditAsync(new(null, null, 50), cancellationToken).CountAsync(cancellationToken)),
            ("the last 50 audit entries of a service",
                service => client.GetAuditAsync(new(service, null, 50), cancellationToken).CountAsync(cancellationToken)),
            (
                "audit entries of the last hour",
                _ => client.GetAuditAsync(new(null, hour, null), cancellationToken).CountAsync(cancellationToken)),
            ("audit entries of a service in the last day",
                service => client.GetAuditAsync(new(service, day, null), cancellationToken).CountAsync(cancellationToken)),
        ];
    }
}
