using Google.Protobuf.WellKnownTypes;
using Mcp.Core.Protocol;
using Mcp.Testing;
using Mcp.V1;

namespace Mcp.Core.Tests.Protocol;

public sealed class RequestLimitsTests
{
    public static TheoryData<string> Types => [.. AgentReflection.Descriptor.MessageTypes.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Find_MessageWithEveryField_IsNull(string type)
    {
        var descriptor = AgentReflection.Descriptor.MessageTypes.Single(t => t.Name == type);
        for (var round = 0; round < 3; round++)
            Assert.Null(RequestLimits.Find(new FilledMessage(round).Of(descriptor)));
    }

    [Fact]
    public void Find_AsManyAndAsLongAsPermitted_IsNull()
    {
        var component = new ComponentDefinition
        {
            Name = new string('x', RequestLimits.Text),
            Env = { Enumerable.Repeat("", RequestLimits.Entries - 1), new string('x', RequestLimits.Argument) },
        };
        var request = Request();
        request.Definition.Components.Add(component);
        request.Definition.Components.Add(Enumerable.Repeat(new ComponentDefinition(), RequestLimits.Components - 1));

        Assert.Null(RequestLimits.Find(request));
    }

    [Fact]
    public void Find_BeyondALimit_NamesTheField()
    {
        var many = Request();
        many.Definition.Components.Add(Enumerable.Repeat(new ComponentDefinition(), RequestLimits.Components + 1));
        AssertFound("components of ServiceDefinition has more than 500 entries", many);

        var map = Request();
        for (var i = 0; i <= RequestLimits.Entries; i++)
            map.Definition.BuildArguments[$"A{i}"] = "";
        AssertFound("build_arguments of ServiceDefinition has more than 1000 entries", map);

        AssertFound("name of ComponentDefinition has a text of more than 4096 bytes", With(new() { Name = new string('ä', 2049) }));
        AssertFound("env of ComponentDefinition has a text of more than 131071 bytes", With(new() { Env = { new string('x', 131_072) } }));
        AssertFound(
            "depends_on of ComponentDefinition has more than 64 entries", With(new() { DependsOn = { Enumerable.Repeat("x", 65) } }));
        AssertFound(
            "seconds of Duration is -1, which is not from 0 to 315576000000", With(new() { Drain = new Duration { Seconds = -1 } }));
        AssertFound(
            "nanos of Duration is -1, which is not from 0 to 999999999",
            With(new() { Health = new() { Timeout = new Duration { Nanos = -1 } } }));
        AssertFound("tail of GetLogsRequest is -7, which is not from 0 to 1000000", new GetLogsRequest { Tail = -7 });
        AssertFound(
            "tail of GetEventsRequest is 2147483647, which is not from 0 to 1000000", new GetEventsRequest { Tail = int.MaxValue });
        AssertFound(
            "images of FindImagesRequest has more than 1000 entries", new FindImagesRequest { Images = { Enumerable.Repeat("x", 1001) } });
    }

    private static void AssertFound(string expected, Google.Protobuf.IMessage request) =>
        Assert.Equal(expected, RequestLimits.Find(request));

    private static DeployRequest Request() => new() { Definition = new() };

    private static DeployRequest With(ComponentDefinition component)
    {
        var request = Request();
        request.Definition.Components.Add(component);
        return request;
    }
}
