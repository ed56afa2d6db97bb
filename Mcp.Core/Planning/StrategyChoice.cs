using System.Globalization;
using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>How one component's container is really replaced, and why so.</summary>
/// <param name="Strategy">Never auto.</param>
public sealed record StrategyChoice(DeployStrategy Strategy, string Reason)
{
    /// <summary>What only one container can hold decides over `strategy`.</summary>
    public static StrategyChoice For(ComponentDefinition component)
    {
        if (Obstacle(component) is { } obstacle)
            return new(DeployStrategy.StopFirst, component.Strategy == DeployStrategy.StartFirst
                ? $"`strategy` says start-first, but {obstacle}" : obstacle);
        if (component.Strategy != DeployStrategy.Auto)
            return new(component.Strategy, "`strategy` says so");
        if (component.Routes.Count > 0)
            return new(DeployStrategy.StopFirst, "its routes keep their host ports, as no ingress holds the address");
        return component.Network == "host"
            ? new(DeployStrategy.StopFirst, "it is on the host's network, where it may listen on any port")
            : new(DeployStrategy.StartFirst, "it holds no host port");
    }

    private static string? Obstacle(ComponentDefinition component)
    {
        if (component.Ports.Count > 0)
            return string.Create(CultureInfo.InvariantCulture,
                $"fixed host port {component.Ports[0].HostPort} can be held by one container only");
        if (component.Volumes.FirstOrDefault(v => !v.ReadOnly) is { } volume)
            return $"two containers must not write to {volume.Source} at once";
        // Engines take up a container's name for a network when it starts; podman does not follow when it is renamed.
        return IsNamedNetwork(component.Network)
            ? $"others on network {component.Network} find it by its name, which only one container can have" : null;
    }

    /// <summary>A network with name service: one that was created, none of the modes that engines know.</summary>
    private static bool IsNamedNetwork(string? network) =>
        network is not (null or "host" or "bridge" or "none" or "default" or "private" or "podman")
        && !Modes.Any(m => network == m || network.StartsWith(m + ":", StringComparison.Ordinal));

    private static readonly string[] Modes = ["container", "ns", "slirp4netns", "pasta"];
}
