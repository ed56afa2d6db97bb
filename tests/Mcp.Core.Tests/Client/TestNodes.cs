using Mcp.Core.Client;
using Mcp.Core.Client.Connections;
using Mcp.Core.Client.Workstation;
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

    /// <summary>A port that nothing listens on, because its only listener is gone.</summary>
    public static NodeConfig Dead(string name)
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return new() { Name = name, Address = new($"https://127.0.0.1:{port}"), Token = new("t") };
    }
}
