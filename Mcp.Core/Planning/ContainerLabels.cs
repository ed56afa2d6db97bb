namespace Mcp.Core.Planning;

/// <summary>The labels on every container that an agent makes, so that the registry database can be rebuilt from the engine and orphans are
/// recognisable.</summary>
public static class ContainerLabels
{
    /// <summary>Always "true": a container without it is foreign and is never touched.</summary>
    public const string Managed = "mcp.managed";

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
}
