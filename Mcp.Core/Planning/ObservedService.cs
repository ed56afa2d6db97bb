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

    /// <summary>Every container of this service that the agent may change, whatever its name.</summary>
    public ValueList<ContainerInfo> Containers { get; init; } = [];

    /// <summary>Those of <see cref="Containers"/> that others made: the id to whose it is, as "belongs to another agent ...".</summary>
    public ValueMap TakenOver { get; init; } = ValueMap.Empty;

    /// <summary>About containers of this service that others made and that are not touched: a sentence for each.</summary>
    public ValueList<string> LeftAlone { get; init; } = [];

    /// <summary>Image reference to the id of the image that it stands for, for those that the engine has.</summary>
    public ValueMap Images { get; init; } = ValueMap.Empty;

    /// <summary>The digests by which image registries know the images of <see cref="Images"/>.</summary>
    public ValueList<ImageDigest> RepoDigests { get; init; } = [];

    /// <summary>What the components were last deployed with.</summary>
    public ValueList<DeployedImage> DeployedImages { get; init; } = [];

    /// <summary>Whether the engine has exactly this for the reference.</summary>
    /// <param name="digest">An image id or a registry's digest.</param>
    public bool IsImage(string reference, string digest) =>
        Images.GetValueOrDefault(reference) == digest
            || RepoDigests.Any(d => d.Reference == reference && d.RepoDigest.EndsWith("@" + digest, StringComparison.Ordinal));

    public IEnumerable<ContainerInfo> ContainersOf(string component) =>
        Containers.Where(c => c.Labels.GetValueOrDefault(ContainerLabels.Component) == component);
}

/// <summary>The host port that a route got.</summary>
/// <param name="Fresh">Another one, for a container that is to run beside the one that holds <paramref name="HostPort"/>; null: there is
/// none.</param>
public sealed record AssignedPort(string Component, string Route, int HostPort, int? Fresh = null)
{
    /// <summary>The ports of a container that runs beside the one before it.</summary>
    internal AssignedPort Next => Fresh is { } fresh ? new(Component, Route, fresh) : this;

    /// <summary>The ports of the container before it, or of its successor once it has gone.</summary>
    internal AssignedPort Kept => new(Component, Route, HostPort);
}

/// <param name="RepoDigest">"registry/img@sha256:...".</param>
public sealed record ImageDigest(string Reference, string RepoDigest);
