using Mcp.Agent.Registry;
using Mcp.Testing;

namespace Mcp.Agent.Tests;

/// <summary>Holds the directions that ARCHITECTURE.md draws.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Registry", "Rpc Deploy Ports Events Monitor Auth Hosting Node")]
    [InlineData("Engine", "Rpc Deploy Ports Ownership Monitor Auth Hosting Node")]
    [InlineData("Ownership", "Rpc Deploy Ports Events Monitor Auth Hosting Node")]
    [InlineData("Ports", "Rpc Deploy Events Monitor Auth Hosting Node")]
    [InlineData("Events", "Rpc Deploy Ports Monitor Auth Hosting Node")]
    [InlineData("Monitor", "Rpc Deploy Ports Auth Hosting Node")]
    [InlineData("Deploy", "Rpc Hosting Node")]
    [InlineData("Images", "Rpc Deploy Ports Registry Monitor Hosting")]
    [InlineData("Node", "Rpc Deploy Ports Registry Events Monitor Auth Hosting")]
    [InlineData("Auth", "Deploy Ports Registry Events Monitor Node")]
    [InlineData("Audit", "Rpc Deploy Ports Events Monitor Hosting Node")]
    [InlineData("Ingress", "Rpc Deploy Ports Monitor Auth Hosting Node")]
    [InlineData("Rpc", "Hosting Ports Monitor")]
    public void Namespace_OfTheAgent_UsesNothingAboveIt(string name, string forbidden) =>
        Assert.Empty(Architecture.Offenders(
            typeof(RegistryDatabase).Assembly, "Mcp.Agent." + name, forbidden.Split(' ').Select(f => "Mcp.Agent." + f)));
}
