using FsCheck.Xunit;
using Mcp.Core.Definitions;
using Mcp.Core.Protocol;
using Mcp.Core.Tests.Definitions;

namespace Mcp.Core.Tests.Protocol;

public sealed class DefinitionWireTests
{
    [Property(Arbitrary = [typeof(DefinitionArbitrary)], MaxTest = 200)]
    public void ToWire_AnyGoodDefinition_ComesBackEqual(ServiceDefinition definition) =>
        Assert.Equal(definition, Mcp.V1.ServiceDefinition.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(definition.ToWire())).ToDefinition());

    [Fact]
    public void ToDefinition_DurationThatIsNone_IsRefused()
    {
        var wire = new Mcp.V1.ServiceDefinition { Components = { new Mcp.V1.ComponentDefinition { Health = new() { Timeout = new() { Seconds = long.MaxValue } } } } };

        Assert.Throws<ArgumentException>(() => wire.ToDefinition());
    }
}
