using Mcp.Agent.Registry;

namespace Mcp.Agent.Ports;

/// <summary>Claims that are not stored yet, found by host port.</summary>
internal sealed class PortClaims
{
    private readonly Dictionary<int, List<PortClaim>> _byPort = [];

    public PortClaims(IEnumerable<PortClaim> claims)
    {
        foreach (var claim in claims)
            Add(claim);
    }

    public void Add(PortClaim claim)
    {
        if (!_byPort.TryGetValue(claim.HostPort, out var claims))
            _byPort[claim.HostPort] = claims = [];
        claims.Add(claim);
    }

    public IReadOnlyList<PortClaim> Of(int hostPort) => _byPort.TryGetValue(hostPort, out var claims) ? claims : [];
}
