using Mcp.Core.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
using Mcp.Testing;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client;

internal static class TestNodes
{
    public static readonly AgentClientOptions Options =
        new() { ConnectTimeout = TimeSpan.FromSeconds(20), ResumeFor = TimeSpan.FromSeconds(20) };

    public static NodeConfig Node(this TestAgent agent, string name = "one") => new()
    {
        Name = name,
        Address = new(agent.Address),
        Fingerprint = CertificateFingerprint.TryParse(agent.Fingerprint),
        Token = new(TestAgent.Token),
    };

    /// <summary>A node that nothing listens on.</summary>
    public static NodeConfig Dead(string name) =>
        new() { Name = name, Address = new($"https://127.0.0.1:{FreePort.Closed}"), Token = new("t") };
}
