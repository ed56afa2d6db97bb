namespace Mcp.Agent.Ownership;

/// <summary>Who this agent is to the containers and images of an engine.</summary>
/// <param name="Id">12 hex digits that no other agent has.</param>
/// <param name="Node">The name of its node, for people.</param>
internal sealed record Owner(string Id, string Node);
