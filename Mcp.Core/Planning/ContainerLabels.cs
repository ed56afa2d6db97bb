using Mcp.Core.Collections;

namespace Mcp.Core.Planning;

/// <summary>The labels on every container that an agent makes, so that the registry database can be rebuilt from the engine and orphans are
/// recognisable.</summary>
public static class ContainerLabels
{
    /// <summary>Always "true": a container without it is foreign and is never touched.</summary>
    public const string Managed = "mcp.managed";

    /// <summary>The id of the agent that made it and alone may touch it. Containers of agents that had no id lack it.</summary>
    public const string Agent = "mcp.agent";

    /// <summary>The name of that agent's node, for people.</summary>
    public const string Node = "mcp.node";

    public const string Service = "mcp.service";

    public const string Component = "mcp.component";

    /// <summary>The image as the definition has it: a container made from an image id does not show that.</summary>
    public const string Image = "mcp.image";

    /// <summary>The number of the release that made it.</summary>
    public const string Release = "mcp.release";

    /// <summary>The id of the operation that made it.</summary>
    public const string Operation = "mcp.operation";

    /// <summary>What the container was created from, see <see cref="SpecFingerprint"/>; one that does not match is replaced.</summary>
    public const string Spec = "mcp.spec";

    /// <summary>What the engine is asked for to list containers that an agent made.</summary>
    /// <param name="service">null: of all services.</param>
    public static ValueMap Filter(string? service) => new(service is null ? [new(Managed, "true")]
        : [new(Managed, "true"), new(Service, service)]);
}
