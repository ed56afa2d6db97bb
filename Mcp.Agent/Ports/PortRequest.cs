namespace Mcp.Agent.Ports;

/// <summary>A route that needs a host port.</summary>
/// <param name="Preferred">The one it had; it keeps it unless it is taken now.</param>
/// <param name="PreferredIsOurs">Its own running container listens there, so that finding it in use says nothing.</param>
internal sealed record PortRequest(string Service, string Component, string Route, int? Preferred = null, bool PreferredIsOurs = false);

/// <summary>A host port that the definition itself names: it is available, or that is an error.</summary>
/// <param name="HostIp">null: every address.</param>
/// <param name="IsOurs">The service's own running container listens there.</param>
internal sealed record FixedPortRequest(
    string Service, string Component, string? HostIp, int HostPort, string Protocol = "tcp", bool IsOurs = false);
