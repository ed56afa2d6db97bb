using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;

namespace Mcp.Core.Planning;

/// <summary>All that the planner may know of how things stand: what was deployed, and what the engine has.</summary>
public sealed record ObservedService
{
    public required string Name { get; init; }

    /// <summary>As last deployed; null when never.</summary>
    public ServiceDefinition? Deployed { get; init; }

    /// <summary>Every container that carries this service's label, whatever its name.</summary>
    public ValueList<ContainerInfo> Containers { get; init; } = [];

    /// <summary>Image reference to image id, for those that the engine has.</summary>
    public ValueMap Images { get; init; } = ValueMap.Empty;

    public IEnumerable<ContainerInfo> ContainersOf(string component) =>
        Containers.Where(c => c.Labels.GetValueOrDefault(ContainerLabels.Component) == component);
}

/// <summary>The host port that a route got.</summary>
public sealed record AssignedPort(string Component, string Route, int HostPort);
