using System.Reflection;
using Mcp.Core.Definitions;
using Mcp.Testing;

namespace Mcp.Core.Tests;

/// <summary>Holds the directions that ARCHITECTURE.md draws.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(ServiceDefinition).Assembly;

    [Theory]
    [InlineData("Collections", "")]
    [InlineData("Toml", "Collections")]
    [InlineData("Definitions", "Collections Toml")]
    [InlineData("Processes", "")]
    [InlineData("Containers", "Collections Processes")]
    [InlineData("Status", "Collections Definitions Containers")]
    [InlineData("Operations", "Collections Definitions Status")]
    [InlineData("Planning", "Collections Toml Definitions Containers Operations Status")]
    public void Namespace_OfCore_UsesOnlyWhatIsBelowIt(string name, string allowed)
    {
        var forbidden = Architecture.NamespacesBelow(Core, "Mcp.Core").Except([name, .. allowed.Split(' ')]).Select(n => "Mcp.Core." + n);

        Assert.Empty(Architecture.Offenders(Core, "Mcp.Core." + name, [.. forbidden, "Mcp.V1"]));
    }

    [Fact]
    public void Offenders_OfTypesThatUseOthers_AreFound()
    {
        Assert.Contains("Mcp.Core.Definitions.DefinitionReader", Architecture.Offenders(Core, "Mcp.Core.Definitions", ["Mcp.Core.Toml"]));
        Assert.NotEmpty(Architecture.Offenders(SourceTree.Program("Mcp.PowerShell", "Mcp.PowerShell.dll"), ["Mcp.Core.Client"]));
    }

    [Theory]
    [InlineData("Mcp.Core", "Mcp.Core.dll", "Mcp.Agent Mcp.PowerShell Mcp.Cli System.Management Microsoft.AspNetCore")]
    [InlineData("Mcp.Agent", "mcp-agent.dll", "Mcp.PowerShell Mcp.Cli Mcp.Core.Client System.Management")]
    [InlineData("Mcp.Cli", "mcp.dll", "Mcp.Agent Mcp.PowerShell Grpc Mcp.V1 Microsoft.AspNetCore")]
    [InlineData("Mcp.PowerShell", "Mcp.PowerShell.dll", "Mcp.Agent Mcp.Cli Grpc Mcp.V1 Microsoft.AspNetCore")]
    public void Assembly_UsesNothingAboveOrBesideIt(string project, string file, string forbidden) =>
        Assert.Empty(Architecture.Offenders(SourceTree.Program(project, file), forbidden.Split(' ')));
}
