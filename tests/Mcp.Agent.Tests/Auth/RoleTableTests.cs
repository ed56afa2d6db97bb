using Mcp.Agent.Auth;
using Mcp.V1;

namespace Mcp.Agent.Tests.Auth;

public sealed class RoleTableTests
{
    private static IEnumerable<string> Methods => NodeAgent.Descriptor.Methods.Select(method => $"/{NodeAgent.Descriptor.FullName}/{method.Name}");

    [Fact]
    public void RoleFor_EveryMethodOfTheService_IsThereAndNoOther() => Assert.Equal(Methods.Order(), RoleTable.Methods.Order());

    [Fact]
    public void RoleFor_MethodsThatChangeSomething_NeedAnOperator()
    {
        // Whatever does not only read by its name changes something; a new method has to be thought about here.
        var changing = Methods.Where(method => !method.Contains("/Get", StringComparison.Ordinal) && !method.Contains("/Find", StringComparison.Ordinal)
            && !method.Contains("/List", StringComparison.Ordinal) && !method.Contains("/Watch", StringComparison.Ordinal)
            && !method.EndsWith("/Plan", StringComparison.Ordinal));
        Assert.All(changing, method => Assert.True(RoleTable.RoleFor(method) >= Role.Operator, method));
    }

    [Theory]
    [InlineData("/mcp.v1.NodeAgent/Nothing")]
    [InlineData("/mcp.v1.nodeagent/getstatus")]
    [InlineData("")]
    public void RoleFor_OtherMethod_IsNobody(string method) => Assert.Null(RoleTable.RoleFor(method));
}
