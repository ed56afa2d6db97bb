namespace Mcp.Agent.Auth;

/// <summary>Who makes a call.</summary>
/// <param name="Name">The token's name; what "who did what" records.</param>
/// <param name="Peer">Address the call came from, "ipv4:10.0.0.1:51234".</param>
internal sealed record Caller(string Name, Role Role, string Peer);
