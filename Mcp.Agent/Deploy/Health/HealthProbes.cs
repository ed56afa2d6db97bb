using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy.Health;

/// <summary>From what a definition asks for to probes.</summary>
internal sealed class HealthProbes(IContainerRuntime runtime, TimeProvider time)
{
    public IReadOnlyList<IHealthProbe> For(HealthCheck check, ContainerInfo container)
    {
        var health = check.Definition;
        if (health.Http is { } path)
            return [.. check.Addresses.Select(a => new HttpProbe(a, path, health.Host, health.Status ?? HealthDefinition.DefaultStatus))];
        if (health.Exec.Count > 0)
            return [new ExecProbe(runtime, container.Id, health.Exec)];
        if (health.Image == true && container.HealthCheck is null)
        {
            throw new AgentException(
                AgentError.Unhealthy, $"image {container.Image} has no HEALTHCHECK, and the definition requires one (image = true)",
                "add HEALTHCHECK to its Dockerfile (podman keeps it with `podman build --format docker`), or ask by http, tcp or exec");
        }
        var probes = new List<IHealthProbe>(check.Addresses.Select(a => new TcpProbe(a, time)));
        if (!health.Tcp && health.Image != false && container.HealthCheck is { } own)
            probes.Add(new ImageProbe(runtime, container.Id, own));
        return probes;
    }
}
