using FsCheck.Xunit;
using Mcp.Core.Definitions;
using Mcp.Core.Protocol;
using Mcp.Core.Tests.Definitions;

namespace Mcp.Core.Tests.Protocol;

public sealed class DefinitionWireTests
{
    [Property(Arbitrary = [typeof(DefinitionArbitrary)], MaxTest = 200)]
    public void ToWire_AnyGoodDefinition_ComesBackEqual(ServiceDefinition definition)
    {
        var sent = Google.Protobuf.MessageExtensions.ToByteArray(definition.ToWire());

        Assert.Equal(definition, Mcp.V1.ServiceDefinition.Parser.ParseFrom(sent).ToDefinition());
    }

    [Fact]
    public void ToDefinition_DurationThatIsNone_IsRefused()
    {
        var component = new Mcp.V1.ComponentDefinition { Health = new() { Timeout = new() { Seconds = long.MaxValue } } };
        var wire = new Mcp.V1.ServiceDefinition { Components = { component } };

        var error = Assert.Throws<WireException>(() => wire.ToDefinition());

        Assert.StartsWith("timeout is not a duration", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80", "ports of component 'web' has '80', which cannot be read: it has no ':' between host and container port")]
    [InlineData("80:0", "ports of component 'web' has '80:0', which cannot be read: container port '0' is not a number from 1 to 65535")]
    public void ToDefinition_PortThatIsNone_NamesTheFieldAndTheReason(string port, string message)
    {
        var wire = new Mcp.V1.ServiceDefinition { Components = { new Mcp.V1.ComponentDefinition { Name = "web", Ports = { port } } } };

        Assert.Equal(message, Assert.Throws<WireException>(() => wire.ToDefinition()).Message);
    }

    [Fact]
    public void ToDefinition_VolumeThatIsNone_NamesTheFieldAndTheReason()
    {
        var wire = new Mcp.V1.ServiceDefinition { Components = { new Mcp.V1.ComponentDefinition { Name = "web", Volumes = { "/data" } } } };

        Assert.Equal(
            "volumes of component 'web' has '/data', which cannot be read: it has no ':' between source and target",
            Assert.Throws<WireException>(() => wire.ToDefinition()).Message);
    }

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(0, int.MaxValue)]
    public void ToRequest_TimeOutOfRange_NamesTheField(long seconds, int nanos)
    {
        var wire = new Mcp.V1.GetAuditRequest { Since = new() { Seconds = seconds, Nanos = nanos } };

        var error = Assert.Throws<WireException>(() => wire.ToRequest());

        Assert.StartsWith("since is not a point in time", error.Message, StringComparison.Ordinal);
    }
}
