using Google.Protobuf.Reflection;
using Mcp.Core.Definitions;
using Mcp.Core.Protocol;
using Mcp.Testing;
using AgentReflection = Mcp.V1.AgentReflection;
using DeployRequest = Mcp.V1.DeployRequest;

namespace Mcp.Core.Tests.Protocol;

/// <summary>Numbers and types of what is on the wire, against a stored list: agents and clients of other versions count on them.</summary>
public sealed class WireNumbersTests
{
    [Fact]
    public void Numbers_OfFieldsAndEnumValues_AreTheStoredOnes()
    {
        var stored = File.ReadAllLines(Path.Combine(SourceTree.Root, "tests/Mcp.Core.Tests/Protocol/wire-numbers.txt"));
        var fields = AgentReflection.Descriptor.MessageTypes.SelectMany(m => m.Fields.InDeclarationOrder())
            .Select(f => $"{f.ContainingType.Name}.{f.Name} = {f.FieldNumber} {TypeOf(f)}");
        var values = AgentReflection.Descriptor.EnumTypes.SelectMany(e => e.Values)
            .Select(v => $"{v.EnumDescriptor.Name}.{v.Name} = {v.Number}");

        // What is new is added to the list. What is there already never changes; a field that is not needed any more becomes `reserved`.
        Assert.Equal(stored, fields.Concat(values).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void DeployRequest_BytesOfAnEarlierClient_AreRead()
    {
        var request = DeployRequest.Parser.ParseFrom(Convert.FromHexString(
            "0a640a0473686f70180132560a037765621206696d673a76313207383038303a38304a03413d3152190a047369746510bb031802220c73"
            + "686f702e6578616d706c655a110a082f6865616c74687a10c8014a020802600168027202080582010264623a0276311203776562180222"
            + "120a06696d673a763112087368613235363a3128013001"));

        Assert.Equal(
            new ServiceDefinition
            {
                Name = "shop",
                Version = "v1",
                Components =
                [
                    new()
                    {
                        Name = "web",
                        Image = "img:v1",
                        Ports = [new(null, 8080, 80)],
                        Environment = ["A=1"],
                        Routes = [new() { Name = "site", Port = 443, Mode = RouteMode.L7, Hostname = "shop.example" }],
                        Health = new() { Http = "/healthz", Status = 200, Interval = TimeSpan.FromSeconds(2) },
                        Strategy = DeployStrategy.StartFirst,
                        Drain = TimeSpan.FromSeconds(5),
                        DependsOn = ["db"],
                    },
                ],
            },
            request.Definition.ToDefinition());
        Assert.Equal("web", request.Component);
        Assert.Equal(
            (V1.PullPolicy.Always, "sha256:1", true, true), (request.Pull, request.Digests["img:v1"], request.Force, request.Wait));
    }

    private static string TypeOf(FieldDescriptor field)
    {
        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.Name,
            FieldType.Enum => field.EnumType.Name,
            var scalar => scalar.ToString().ToLowerInvariant(),
        };
        var optional = field is { HasPresence: true, RealContainingOneof: null } && field.FieldType != FieldType.Message;
        return field.IsMap ? "map<string, string>" : field.IsRepeated ? "repeated " + type : optional ? "optional " + type : type;
    }
}
