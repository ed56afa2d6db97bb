using Mcp.Agent.Engine;
using Mcp.Core.Containers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mcp.Agent.Tests.Engine;

internal static class Watches
{
    /// <summary>Of an engine that is not the agent's to restart.</summary>
    public static EngineWatch Of(IContainerRuntime engine, TimeProvider? time = null) =>
        new(engine, _ => Task.FromResult(false), null!, time ?? TimeProvider.System, NullLogger<EngineWatch>.Instance);
}
