using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Protocol;
using Mcp.Testing;
using Mcp.V1;

namespace Mcp.Core.Tests.Protocol;

public sealed class UnknownContentTests
{
    // Field 999, a varint.
    private static readonly byte[] Field999 = [0xb8, 0x3e, 0x01];

    public static TheoryData<string> Types => [.. AgentReflection.Descriptor.MessageTypes.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_MessageWithEveryKnownField_IsNull(string type)
    {
        for (var round = 0; round < 3; round++)
            Assert.Null(UnknownContent.Find(new FilledMessage(round).Of(Type(type))));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_FieldOfANewerVersion_IsNamed(string type)
    {
        byte[] sent = [.. new FilledMessage(0).Of(Type(type)).ToByteArray(), .. Field999];

        Assert.Equal($"field 999 of {type}", UnknownContent.Find(Type(type).Parser.ParseFrom(sent)));
    }

    [Fact]
    public void Find_FieldDeepInside_NamesTheMessageThatHasIt()
    {
        var health = HealthDefinition.Parser.ParseFrom(Field999);
        var components = new[] { new ComponentDefinition(), new ComponentDefinition { Health = health } };
        var request = new DeployRequest { Definition = new() { Components = { components } } };

        Assert.Equal("field 999 of HealthDefinition", UnknownContent.Find(DeployRequest.Parser.ParseFrom(request.ToByteArray())));
    }

    [Fact]
    public void Find_KnownFieldInAnotherEncoding_IsNamed()
    {
        // Field 1 of RollbackRequest, a string, as a varint.
        Assert.Equal("field 1 of RollbackRequest", UnknownContent.Find(RollbackRequest.Parser.ParseFrom([0x08, 0x01])));
    }

    [Fact]
    public void Find_FieldInATimestamp_IsNamed() =>
        Assert.Equal("field 999 of Timestamp", UnknownContent.Find(new GetAuditRequest { Since = Timestamp.Parser.ParseFrom(Field999) }));

    [Fact]
    public void Find_EnumValueOfANewerVersion_IsNamed()
    {
        var component = new ComponentDefinition { Routes = { new RouteDefinition { Mode = (RouteMode)7 } } };
        var request = new DeployRequest { Definition = new() { Components = { component } } };

        Assert.Equal("value 7 in mode of RouteDefinition", UnknownContent.Find(request));
    }

    private static MessageDescriptor Type(string name) => AgentReflection.Descriptor.MessageTypes.Single(t => t.Name == name);
}
