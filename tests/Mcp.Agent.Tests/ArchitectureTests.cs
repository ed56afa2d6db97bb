using Mcp.Testing;

namespace Mcp.Agent.Tests;

/// <summary>Holds the directions that ARCHITECTURE.md draws.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Mcp.Agent/Registry", "Rpc Deploy Ports Events Monitor Auth Hosting Node")]
    [InlineData("Mcp.Agent/Ports", "Rpc Deploy Events Monitor Auth Hosting Node")]
    [InlineData("Mcp.Agent/Events", "Rpc Deploy Ports Monitor Auth Hosting Node")]
    [InlineData("Mcp.Agent/Monitor", "Rpc Deploy Ports Auth Hosting Node")]
    [InlineData("Mcp.Agent/Deploy", "Rpc Hosting Node")]
    [InlineData("Mcp.Agent/Images", "Rpc Deploy Ports Registry Monitor Hosting")]
    [InlineData("Mcp.Agent/Node", "Rpc Deploy Ports Registry Events Monitor Auth Hosting")]
    [InlineData("Mcp.Agent/Auth", "Deploy Ports Registry Events Monitor Node")]
    [InlineData("Mcp.Agent/Rpc", "Hosting Ports Monitor")]
    public void Folder_OfTheAgent_UsesNothingAboveIt(string folder, string forbidden)
    {
        var uses = SourceTree.UsesOf(folder).ToList();

        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, u => forbidden.Split(' ').Any(f => $"{u.Namespace}.".StartsWith($"Mcp.Agent.{f}.", StringComparison.Ordinal)));
    }
}
