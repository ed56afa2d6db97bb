using Mcp.Core.Containers;

namespace Mcp.Agent.Node;

/// <summary>Looks for the engine once. Throws <see cref="EngineException"/> when there is none.</summary>
internal delegate Task<OpenEngine> EngineSearch(CancellationToken cancellationToken);

/// <summary>An engine that answered, and what ends with it.</summary>
/// <param name="Description">For the log.</param>
internal sealed record OpenEngine(IContainerRuntime Runtime, string Description, IAsyncDisposable Owner);
