using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

/// <summary>Files in the form of the Go tool's, whose users bring them along.</summary>
public sealed class GoDefinitionTests
{
    [Theory]
    [InlineData("mcr", "api=reg.example:5000/mcr:v1.0.0 web=reg.example:5000/mcr-web:v1.0.0", "7:1: 'uses_mcdsl' in [build] has no effect")]
    [InlineData("mc-proxy", "mc-proxy=registry.example.com:8443/mc-proxy:v1.2.1", "7:1: 'uses_mcdsl' in [build] has no effect")]
    [InlineData(
        "metacrypt", "metacrypt=reg.example:5000/metacrypt:v1.4.0 web=reg.example:5000/metacrypt-web:v1.4.0",
        "21:2: 'snapshot' in the file has no effect")]
    public void ReadFile_GoDefinition_LoadsWithWarnings(string name, string images, string warning)
    {
        var result = DefinitionReader.ReadFile(DefinitionCases.Path($"go/{name}.toml"), new ImageDefaults("reg.example:5000"));

        Assert.Empty(result.Problems);
        Assert.Equal(images, string.Join(' ', result.Definition!.Components.Select(c => $"{c.Name}={c.Image}")));
        Assert.Contains(warning, Assert.Single(result.Warnings).ToString(), StringComparison.Ordinal);
        Assert.Equal(result.Definition, DefinitionReader.Read(DefinitionWriter.Write(result.Definition), null).Definition);
    }

    [Fact]
    public void ReadFile_TierAndPublic_AreKept()
    {
        var definition = DefinitionReader.ReadFile(DefinitionCases.Path("go/mcr.toml"), new ImageDefaults("reg.example:5000")).Definition!;

        Assert.Equal("core", definition.Tier);
        Assert.Equal([false, false, true], definition.Components.SelectMany(c => c.Routes).Select(r => r.Public));
    }

    [Fact]
    public void ReadFile_NoRegistryAddress_SaysWhereToWriteIt()
    {
        var problems = DefinitionReader.ReadFile(DefinitionCases.Path("go/mcr.toml"), new ImageDefaults(null)).Problems;

        Assert.Equal([13, 28], problems.Select(p => p.Line));
        Assert.All(problems, p => Assert.Contains("or [registry] address", p.Remedy, StringComparison.Ordinal));
    }
}
