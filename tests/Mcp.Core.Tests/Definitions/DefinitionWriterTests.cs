using FsCheck.Xunit;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;

namespace Mcp.Core.Tests.Definitions;

public sealed class DefinitionWriterTests
{
    [Fact]
    public void Write_EveryKey_GivesTheGoldenText()
    {
        var definition = DefinitionReader.ReadFile(DefinitionCases.Path("full.toml")).Definition!;

        Assert.Equal(DefinitionCases.Text("full.golden.toml"), DefinitionWriter.Write(definition));
    }

    [Fact]
    public void Write_Minimum_LeavesDefaultsOut()
    {
        var definition = DefinitionReader.ReadFile(DefinitionCases.Path("minimal.toml")).Definition!;

        Assert.Equal(DefinitionCases.Text("minimal.toml"), DefinitionWriter.Write(definition));
    }

    [Property(Arbitrary = [typeof(DefinitionArbitrary)], MaxTest = 300)]
    public void Write_AnyGoodDefinition_ReadsBackEqual(ServiceDefinition definition)
    {
        var text = DefinitionWriter.Write(definition);

        var result = DefinitionReader.Read(text, null);

        Assert.Empty(result.Problems);
        Assert.Equal(definition, result.Definition);
        Assert.Equal(text, DefinitionWriter.Write(result.Definition!));
    }

    [Fact]
    public void Write_TextThatNeedsEscapes_ReadsBackEqual()
    {
        var definition = new ServiceDefinition
        {
            Name = "a",
            BuildImages = new ValueMap([new("a", "it's \"here\"\\Dockerfile")]),
            Components = [
                new() { Name = "a", Image = "a", Command = ["\u0001\t\n\r\\\"'", "'''", "\"\"\"", "\U0001F600", ""],
                    Environment = ["A=\n", "B==\"'\\"] }],
        };

        Assert.Equal(definition, DefinitionReader.Read(DefinitionWriter.Write(definition), null).Definition);
    }
}
