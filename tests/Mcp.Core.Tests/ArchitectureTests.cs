using Mcp.Testing;

namespace Mcp.Core.Tests;

/// <summary>Holds the directions that ARCHITECTURE.md draws.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Mcp.Core/Collections", "")]
    [InlineData("Mcp.Core/Toml", "Collections Toml Text")]
    [InlineData("Mcp.Core/Definitions", "Collections Toml Definitions Text")]
    [InlineData("Mcp.Core/Processes", "")]
    [InlineData("Mcp.Core/Containers", "Collections Containers Processes")]
    [InlineData("Mcp.Core/Status", "Collections Definitions Containers Status")]
    [InlineData("Mcp.Core/Operations", "Collections Definitions Status Operations")]
    [InlineData("Mcp.Core/Planning", "Collections Toml Definitions Containers Operations Planning Status")]
    public void Folder_OfCore_UsesOnlyWhatIsBelowIt(string folder, string allowed)
    {
        var uses = SourceTree.UsesOf(folder).Where(u => u.Namespace.StartsWith("Mcp.", StringComparison.Ordinal)).ToList();

        Assert.DoesNotContain(uses, u => !allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(a => $"{u.Namespace}.".StartsWith($"Mcp.Core.{a}.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Mcp.Core", "Mcp.Agent Mcp.PowerShell Mcp.Cli System.Management Microsoft.AspNetCore")]
    [InlineData("Mcp.Agent", "Mcp.PowerShell Mcp.Cli Mcp.Core.Client System.Management")]
    [InlineData("Mcp.Cli", "Mcp.Agent Mcp.PowerShell Grpc Mcp.V1 Microsoft.AspNetCore")]
    [InlineData("Mcp.PowerShell", "Mcp.Agent Mcp.Cli Grpc Mcp.V1 Microsoft.AspNetCore")]
    public void Project_NeverUsesWhatIsAboveOrBesideIt(string folder, string forbidden)
    {
        var uses = SourceTree.UsesOf(folder).ToList();

        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, u => forbidden.Split(' ').Any(f => $"{u.Namespace}.".StartsWith(f + ".", StringComparison.Ordinal)));
    }
}
