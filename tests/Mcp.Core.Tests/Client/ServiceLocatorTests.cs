using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Status;
using Mcp.Core.Tests.Client.Workstation;
using Mcp.Testing;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client;

public sealed class ServiceLocatorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Find_OnlyOneNode_AsksNobody() => Assert.Equal("only", (await FindAsync("hello", null, TestNodes.Dead("only"))).Name);

    [Fact]
    public async Task Find_FileNamesTheNode_AsksNobody()
    {
        _folder.Write(
            "services/hello.toml", "name = \"hello\"\nnode = \"two\"\n[[components]]\nname = \"web\"\nimage = \"localhost/hello:v1\"\n");
        Assert.Equal("two", (await FindAsync("hello", null, TestNodes.Dead("one"), TestNodes.Dead("two"))).Name);
    }

    [Fact]
    public async Task Find_NoFile_AsksTheNodes()
    {
        await using var one = await TestAgent.StartAsync(script: new() { Services = [new() { Name = "other" }] });
        await using var two = await TestAgent.StartAsync(script: new() { Services = [new() { Name = "hello" }] });
        Assert.Equal("two", (await FindAsync("hello", null, one.Node("one"), two.Node("two"), TestNodes.Dead("dead"))).Name);
    }

    [Fact]
    public async Task Find_OnSeveralNodes_AsksWhichOne()
    {
        await using var one = await TestAgent.StartAsync(script: new() { Services = [new() { Name = "hello" }] });
        var error = await Assert.ThrowsAsync<McpException>(() => FindAsync("hello", null, one.Node("one"), one.Node("two")));
        Assert.Equal("node-not-chosen", error.Id);
        Assert.Equal("two", (await FindAsync("hello", "two", one.Node("one"), one.Node("two"))).Name);
    }

    [Fact]
    public async Task Find_Nowhere_SuggestsWhatRuns()
    {
        await using var one = await TestAgent.StartAsync(script: new() { Services = [new() { Name = "hello" }] });
        var error = await Assert.ThrowsAsync<McpException>(() => FindAsync("helo", null, one.Node("one"), one.Node("two")));
        Assert.Equal((ErrorKind.NotFound, "unknown-service", "did you mean 'hello'?"), (error.Kind, error.Id, error.Remedy));
    }

    [Fact]
    public async Task Find_NowhereButADeadNode_SaysThatItCouldNotBeAsked()
    {
        await using var one = await TestAgent.StartAsync();
        var error = await Assert.ThrowsAsync<McpException>(() => FindAsync("hello", null, one.Node("one"), TestNodes.Dead("dead")));
        Assert.Equal((ErrorKind.Unreachable, "dead"), (error.Kind, error.Node));
    }

    private async Task<NodeConfig> FindAsync(string service, string? node, params NodeConfig[] nodes)
    {
        var environment = TestEnvironment.At(_folder.Path, ("MCP_SERVICES_DIR", "services"));
        var config = WorkstationConfig.Load(environment) with { Nodes = [.. nodes] };
        using var fleet = new Fleet(nodes, TestNodes.Options);
        return await new ServiceLocator(config, new ServiceDirectory(config.ServicesDirectory.Value, environment), fleet)
            .FindAsync(service, node, default);
    }
}
