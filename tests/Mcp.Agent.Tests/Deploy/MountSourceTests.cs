using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Deploy;

public sealed class MountSourceTests : IDisposable
{
    private readonly DeployFixture _node = new();
    private readonly TempFolder _folder = new();

    public MountSourceTests() => _node.Engine.AddToRegistry("registry/web:v1");

    public void Dispose()
    {
        _node.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Deploy_WithAHostPathThatIsNotThere_IsRefusedAndNothingIsMade()
    {
        var (there, missing, other) = (_folder.Path, _folder.File("missing"), _folder.File("other"));
        var definition = Shop(there + ":/a", missing + ":/b", "cache:/c", other + ":/d:ro");

        var refused = await Assert.ThrowsAsync<AgentException>(() => _node.DeployAsync(definition));

        Assert.Equal(("mount-missing",
            $"shop/web: volumes: {missing} does not exist on this node\nshop/web: volumes: {other} does not exist on this node"),
            (refused.Id, refused.Message));
        Assert.Contains("create it on the node", refused.Remedy, StringComparison.Ordinal);
        Assert.Empty(_node.Engine.Containers);
        Assert.Empty(_node.Journal.FindOpen());
        Assert.Equal(refused.Message, (
            await Assert.ThrowsAsync<AgentException>(
            () => _node.Deployer.PlanAsync(definition, null, OperationOptions.Default, DeployFixture.Alice, default))).Message);
    }

    [Fact]
    public async Task Deploy_WithAFileAFolderAndAnEngineVolume_Succeeds()
    {
        var file = _folder.File("settings.json");
        await File.WriteAllTextAsync(file, "{}");

        Assert.Equal(OperationOutcome.Succeeded,
            (await _node.DeployAsync(Shop(_folder.Path + ":/a", file + ":/b:ro", "cache:/c"))).Outcome);
    }

    [Fact]
    public async Task Start_OfAContainerThatIsGoneWithItsHostPath_IsRefused()
    {
        var data = Directory.CreateDirectory(_folder.File("data"));
        await _node.DeployAsync(Shop(data.FullName + ":/a"));
        await _node.Engine.RemoveAsync("shop-web", default);
        data.Delete();

        var refused = await Assert.ThrowsAsync<AgentException>(
            () => _node.Deployer.RunAsync(OperationKind.Start, "shop", null, DeployFixture.Alice, null, default));

        Assert.Equal(AgentError.MountMissing, refused.Error);
    }

    private static ServiceDefinition Shop(params string[] volumes) => new()
    {
        Name = "shop",
        Components = [new() { Name = "web", Image = "registry/web:v1", Volumes = [.. volumes.Select(v => VolumeMount.TryParse(v)!)] }],
    };
}
