using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Deploy.Crash;

/// <summary>What must hold of a service once an interrupted operation has been settled.</summary>
internal static class CrashedService
{
    /// <summary>Starts another agent where this one was killed, and waits until it has put things in order.</summary>
    public static async Task<DeployFixture> RecoverAsync(DeployFixture killed)
    {
        var next = killed.StartAnew();
        var open = next.Journal.FindOpen().Select(o => o.Id).ToList();
        await next.Recovery.StartAsync(CancellationToken.None);
        foreach (var id in open)
            await next.Operations.Find(id)!.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        return next;
    }

    /// <summary>What is wrong with it; empty when nothing is.</summary>
    /// <param name="wanted">What ought to run, as a whole; null: nothing.</param>
    public static IReadOnlyList<string> Problems(DeployFixture node, ServiceDefinition? wanted)
    {
        var problems = new List<string>();
        problems.AddRange(node.Journal.FindOpen().Select(o => $"operation {o.Kind} is open"));
        problems.AddRange(node.Releases.List("shop").Where(r => r.Release.Outcome == ReleaseOutcome.Running)
            .Select(r => $"release {r.Release.Number} has no outcome"));
        var stored = node.Services.Find("shop");
        if (!Equals(stored?.Definition, wanted))
            problems.Add($"the registry database has {Images(stored?.Definition)} instead of {Images(wanted)}");
        var (routes, applied) = (Routes(stored), node.Routes.Of("shop")?.ToList() ?? []);
        if (!routes.SequenceEqual(applied))
            problems.Add($"the registrar has {string.Join(", ", applied)} instead of {string.Join(", ", routes)}");
        var components = wanted?.Components.ToList() ?? [];
        problems.AddRange(node.Engine.Containers.Where(c => components.All(w => ContainerName.For("shop", w.Name) != c.Name))
            .Select(c => $"orphan {c.Name} ({c.State})"));
        foreach (var component in components)
        {
            var container = node.Engine.Containers.SingleOrDefault(c => c.Name == ContainerName.For("shop", component.Name));
            if (container is null)
            {
                problems.Add($"no container for {component.Name}");
                continue;
            }
            if (container.Labels[ContainerLabels.Image] != component.Image)
                problems.Add($"{container.Name} is {container.Labels[ContainerLabels.Image]} instead of {component.Image}");
            var good = component.Kind == ComponentKind.Task ? container is { State: ContainerState.Exited, ExitCode: 0 }
                : wanted!.Active ? container.State == ContainerState.Running : !container.IsUp;
            if (!good)
                problems.Add($"{container.Name} is {container.State}");
            var rows = stored?.Component(component.Name)?.HostPorts.Select(p => p.HostPort).Order().ToList() ?? [];
            var held = container.Ports.Select(p => p.HostPort).Except(component.Ports.Select(p => p.HostPort)).Order().ToList();
            if (!rows.SequenceEqual(held))
                problems.Add($"{container.Name} has ports {string.Join(",", held)}, the registry database {string.Join(",", rows)}");
        }
        return problems;
    }

    private static List<ServiceRoute> Routes(StoredService? stored) =>
        [.. stored?.Components.SelectMany(c => ServiceRoute.Of(c.Definition, c.HostPort)) ?? []];

    private static string Images(ServiceDefinition? definition) =>
        definition is null ? "nothing"
            : string.Join(", ", definition.Components.Select(c => c.Image)) + (definition.Active ? "" : " (inactive)");
}
