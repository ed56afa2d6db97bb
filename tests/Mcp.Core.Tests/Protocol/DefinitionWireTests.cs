using Mcp.Core.Protocol;
using Mcp.Core.Tests.Definitions;

namespace Mcp.Core.Tests.Protocol;

public sealed class DefinitionWireTests
{
    [Fact]
    public void ToWire_AnyGoodDefinition_ComesBackEqual()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var definition = new RandomDefinition(seed).Service();

            Assert.Equal(definition, Mcp.V1.ServiceDefinition.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(definition.ToWire())).ToDefinition());
        }
    }

    [Fact]
    public void ToDefinition_DurationThatIsNone_IsRefused()
    {
        var wire = new Mcp.V1.ServiceDefinition { Components = { new Mcp.V1.ComponentDefinition { Health = new() { Timeout = new() { Seconds = long.MaxValue } } } } };

        Assert.Throws<ArgumentException>(() => wire.ToDefinition());
    }
}
