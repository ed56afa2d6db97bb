namespace Mcp.Agent.Tests;

public sealed class AgentErrorTests
{
    [Theory]
    [InlineData("InvalidDefinition", "invalid-definition")]
    [InlineData("ServiceLocked", "service-locked")]
    [InlineData("PortsExhausted", "ports-exhausted")]
    [InlineData("RegistryDiskFull", "registry-disk-full")]
    public void Id_OfAnError_IsKebabCase(string error, string id) => Assert.Equal(id, ErrorIds.Of(Enum.Parse<AgentError>(error)));
}
