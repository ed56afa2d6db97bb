using System.Globalization;
using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>How one component's container is really replaced, and why so.</summary>
/// <param name="Strategy">Never auto.</param>
public sealed record StrategyChoice(DeployStrategy Strategy, string Reason)
{
    /// <summary>What one container alone may hold decides over what was asked for.</summary>
    public static StrategyChoice For(ComponentDefinition component)
    {
        if (Obstacle(component) is { } obstacle)
            return new(DeployStrategy.StopFirst, component.Strategy == DeployStrategy.StartFirst ? $"start-first was asked for, but {obstacle}" : obstacle);
        if (component.Strategy != DeployStrategy.Auto)
            return new(component.Strategy, "asked for");
        if (component.Routes.Count > 0)
            return new(DeployStrategy.StopFirst, "its routes keep their host ports, as no ingress holds the address");
        return component.Network == "host"
            ? new(DeployStrategy.StopFirst, "it is on the host's network, where it may listen on any port")
            : new(DeployStrategy.StartFirst, "it holds no host port");
    }

    private static string? Obstacle(ComponentDefinition component)
    {
        if (component.Ports.Count > 0)
            return string.Create(CultureInfo.InvariantCulture, $"fixed host port {component.Ports[0].HostPort} can be held by one container only");
        return component.Volumes.FirstOrDefault(v => !v.ReadOnly) is { } volume ? $"two containers must not write to {volume.Source} at once" : null;
    }
}
