using Google.Protobuf.Reflection;
using Grpc.Health.V1;
using Mcp.Agent.Auth;
using Mcp.Agent.Rpc;
using Mcp.V1;

namespace Mcp.Agent.Tests.Rpc;

public sealed class RpcPolicyTests
{
    private static IEnumerable<MethodDescriptor> Methods => NodeAgent.Descriptor.Methods.Concat(Health.Descriptor.Methods);

    [Fact]
    public void Table_EveryMethodOfTheServices_IsThereAndNoOther() =>
        Assert.Equal(Methods.Select(Name).Order(), RpcPolicy.All.Select(policy => policy.Method).Order());

    [Fact]
    public void Table_MethodsThatChangeSomething_NeedAnOperatorAndAreAudited()
    {
        // Whatever does not only read by its name changes something; a new method has to be thought about here.
        string[] reading = ["Get", "Find", "List", "Watch", "Plan", "Check", "Verify"];
        var changing = Methods.Where(method => !reading.Any(verb => method.Name.StartsWith(verb, StringComparison.Ordinal)))
            .Select(PolicyOf).ToList();

        Assert.NotEmpty(changing);
        Assert.All(changing, policy => Assert.True(policy.Role >= Role.Operator, policy.Method));
        // A stopping agent waits for its operations: who does not want to, may cancel them.
        Assert.All(
            changing.Where(policy => policy.Action != "cancel"), policy => Assert.NotEqual(AtStop.Finish, policy.AtStop));
        Assert.Equal(changing.ToHashSet(), RpcPolicy.All.Where(policy => policy.Action is not null).ToHashSet());
    }

    [Fact]
    public void Table_StreamsOfOperations_AreNotEndedByAStop() =>
        Assert.All(
            Methods.Where(method => method.OutputType == OperationEvent.Descriptor).Select(PolicyOf),
            policy => Assert.NotEqual(AtStop.End, policy.AtStop));

    [Fact]
    public void Table_WithoutAToken_ChecksHealthAndNothingElse() =>
        Assert.Equal("/grpc.health.v1.Health/Check", Assert.Single(RpcPolicy.All, policy => policy.Role is null).Method);

    [Theory]
    [InlineData("/mcp.v1.NodeAgent/Nothing")]
    [InlineData("/mcp.v1.nodeagent/getstatus")]
    [InlineData("")]
    public void Find_OtherMethod_IsNull(string method) => Assert.Null(RpcPolicy.Find(method));

    private static RpcPolicy PolicyOf(MethodDescriptor method) => RpcPolicy.Find(Name(method))!;

    private static string Name(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
