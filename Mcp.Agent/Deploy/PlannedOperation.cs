using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>All that an operation needs to be carried out; nothing has been touched yet.</summary>
/// <param name="Change">What the plan changes in the registry database, by what was done of it.</param>
internal sealed record PlannedOperation(Plan Plan, Func<Executed, StateChange> Change) : IDisposable
{
    /// <summary>null: no release is made.</summary>
    public NewRelease? Release { get; init; }

    /// <summary>The release that is deployed again, also when nothing is to be done for it; null: none.</summary>
    public int? RollbackOf { get; init; }

    /// <summary>The service's containers when it was planned; null: not known.</summary>
    public IReadOnlyList<ContainerInfo>? Observed { get; init; }

    /// <summary>The host ports that are held until the end; null: none.</summary>
    public IDisposable? Ports { get; init; }

    public void Dispose() => Ports?.Dispose();
}

/// <summary>What was done of a plan when it is recorded.</summary>
/// <param name="Pulled">The images that were pulled.</param>
/// <param name="Replaced">The components that got a new container.</param>
internal sealed record Executed(IReadOnlyCollection<DeployedImage> Pulled, IReadOnlySet<string> Replaced);
