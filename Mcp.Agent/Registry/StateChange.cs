using Mcp.Core.Status;

namespace Mcp.Agent.Registry;

/// <summary>What an operation changes in the registry database once its steps are done.</summary>
internal abstract record StateChange;

/// <summary>The service is stored as a whole, replacing what was there, and its release has succeeded.</summary>
internal sealed record ServiceDeployed(StoredService Service, NewRelease Release) : StateChange;

/// <param name="Component">null: all of them. Tasks stay as they are.</param>
internal sealed record DesiredStateChanged(string Service, string? Component, DesiredState Desired) : StateChange;

/// <param name="Component">null: the whole service. Its last component takes the service along.</param>
internal sealed record ServiceRemoved(string Service, string? Component) : StateChange;
