using Mcp.Core.Collections;

namespace Mcp.Core.Status;

/// <summary>What a node says of its services.</summary>
/// <param name="EngineError">Why the engine could not be asked, with a remedy: the observed states are not known then. Otherwise
/// empty.</param>
/// <param name="Warnings">About containers of the agent that belong to no service.</param>
public sealed record NodeServices(ValueList<ServiceStatus> Services, string EngineError, ValueList<string> Warnings)
{
    public static readonly NodeServices None = new([], "", []);
}
