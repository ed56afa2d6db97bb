using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Registry;

/// <summary>A service as it was last deployed here.</summary>
internal sealed record StoredService
{
    /// <summary>Where <see cref="Problem"/> says that the stored one can't be read: no more than the names of service and
    /// components.</summary>
    public required ServiceDefinition Definition { get; init; }

    /// <summary>Why the stored definition can't be read; empty when it can.</summary>
    public string Problem { get; init; } = "";

    public required DateTimeOffset DeployedAt { get; init; }

    /// <summary>The name of the token that deployed it.</summary>
    public required string DeployedBy { get; init; }

    /// <summary>One for each of the definition's components, in its order.</summary>
    public ValueList<StoredComponent> Components { get; init; } = [];

    public StoredComponent? Component(string name) => Components.FirstOrDefault(c => c.Definition.Name == name);

    /// <exception cref="AgentException">What is to be done needs the definition, and it can't be read.</exception>
    public StoredService Readable() => Problem.Length == 0
        ? this
        : throw new AgentException(AgentError.RegistryCorrupt, $"{Definition.Name}: {Problem}",
            $"deploy {Definition.Name} from its file; that replaces the stored definition");
}

internal sealed record StoredComponent
{
    public required ComponentDefinition Definition { get; init; }

    public DesiredState Desired { get; init; }

    /// <summary>As last seen; the engine knows better.</summary>
    public ObservedState Observed { get; init; }

    public string? ContainerId { get; init; }

    /// <summary>What it was deployed with; null when that was before images were recorded.</summary>
    public DeployedImage? Image { get; init; }

    /// <summary>When <see cref="Observed"/> was first seen.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>The host ports that its routes were given; a route without one is not listed.</summary>
    public ValueList<RoutePort> HostPorts { get; init; } = [];

    public int? HostPort(string route) => HostPorts.FirstOrDefault(p => p.RouteName == route)?.HostPort;
}

internal sealed record RoutePort(string RouteName, int HostPort);

/// <summary>A host port that a stored service has, by allocation to a route or by a fixed mapping.</summary>
/// <param name="Route">null for a fixed mapping.</param>
/// <param name="HostIp">null: every address. Routes listen on 127.0.0.1.</param>
internal sealed record PortClaim(string Service, string Component, string? Route, string? HostIp, int HostPort, string Protocol)
{
    public override string ToString() => Route switch
    {
        null => $"component {Service}/{Component} (a fixed port)",
        "" => $"component {Service}/{Component} (its route)",
        _ => $"component {Service}/{Component} (route {Route})",
    };
}
