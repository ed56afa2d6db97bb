using Mcp.Core.Containers;

namespace Mcp.Agent.Engine;

/// <summary>Looks for the engine once. Throws <see cref="EngineException"/> when there is none.</summary>
internal delegate Task<OpenEngine> EngineSearch(CancellationToken cancellationToken);

/// <summary>An engine that answered, and what ends with it.</summary>
/// <param name="Description">For the log.</param>
internal sealed record OpenEngine(IContainerRuntime Runtime, string Description, IAsyncDisposable Owner)
{
    /// <summary>Ends an engine service of the agent's own, which is started again; null: the engine is not the agent's.</summary>
    public Func<Task>? Restart { get; init; }
}
