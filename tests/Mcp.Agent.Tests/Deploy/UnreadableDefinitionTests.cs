using Mcp.Agent.Registry;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>A stored definition that can't be read is shown as such, and is in the way of nothing that does not need it.</summary>
public sealed class UnreadableDefinitionTests : IDisposable
{
    private const string Reason = "the stored definition can't be read: line 1: ";
    private readonly DeployFixture _node = new();

    public UnreadableDefinitionTests()
    {
        foreach (var image in (string[])["registry/web:v1", "registry/worker:v1", "registry/web:v2"])
            _node.Engine.AddToRegistry(image);
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Release_WithUnreadableText_IsListedWithTheReasonAndRefusedAsTarget()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        await _node.DeployAsync(DeployFixture.Shop(webImage: "registry/web:v2"));
        Spoil("UPDATE releases SET definition = '%' WHERE number = 1");

        var releases = _node.Releases.List("shop");
        var refused = await Assert.ThrowsAsync<AgentException>(() =>
            _node.Deployer.RollbackAsync("shop", 1, false, DeployFixture.Alice, null, default));

        Assert.Equal("", releases[0].Problem);
        Assert.StartsWith(Reason, releases[1].Release.Message, StringComparison.Ordinal);
        Assert.StartsWith("can't roll back to release 1 of shop: " + Reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_node.Journal.FindOpen());
    }

    [Fact]
    public async Task Service_WithUnreadableText_IsShownWithItsContainersAndTheReason()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        await _node.DeployAsync(DeployFixture.Shop() with { Name = "other" });
        Spoil("UPDATE services SET definition = '%' WHERE name = 'shop'");

        var services = (await _node.Status.ReadAsync(null, default)).Services;

        Assert.Equal(["other", "shop"], services.Select(s => s.Name));
        Assert.Equal([("web", ObservedState.Running), ("worker", ObservedState.Running)],
            services[1].Components.Select(c => (c.Component, c.State)));
        Assert.All(services[1].Components, c => Assert.StartsWith(Reason, c.Message, StringComparison.Ordinal));
        Assert.All(services[0].Components, c => Assert.Equal("", c.Message));
        Assert.Equal(2, _node.Services.PortClaims().Count);
    }

    [Theory]
    [InlineData(OperationKind.Start, null)]
    [InlineData(OperationKind.Restart, null)]
    [InlineData(OperationKind.Undeploy, "web")]
    public async Task Operation_ThatNeedsTheUnreadableText_IsRefusedWithTheReason(OperationKind kind, string? component)
    {
        await _node.DeployAsync(DeployFixture.Shop());
        Spoil("UPDATE services SET definition = '%'");

        var refused = await Assert.ThrowsAsync<AgentException>(() =>
            _node.Deployer.RunAsync(kind, "shop", component, DeployFixture.Alice, null, default));

        Assert.StartsWith("shop: " + Reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, _node.Services.Find("shop")!.Components.Count);
    }

    [Theory]
    [InlineData(OperationKind.Stop)]
    [InlineData(OperationKind.Undeploy)]
    public async Task Operation_ThatDoesNotNeedTheText_Succeeds(OperationKind kind)
    {
        await _node.DeployAsync(DeployFixture.Shop());
        Spoil("UPDATE services SET definition = '%'");

        var ended = await DeployFixture.EndAsync(await _node.Deployer.RunAsync(kind, "shop", null, DeployFixture.Alice, null, default));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
    }

    [Fact]
    public async Task Deploy_OfTheWholeService_ReplacesTheUnreadableText()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        var port = _node.Services.Find("shop")!.Component("web")!.HostPort("site");
        Spoil("UPDATE services SET definition = '%'");

        await Assert.ThrowsAsync<AgentException>(() => _node.DeployAsync(DeployFixture.Shop(), "web"));
        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(DeployFixture.Shop())).Outcome);

        var stored = _node.Services.Find("shop")!;
        Assert.Equal(("", DeployFixture.Shop()), (stored.Problem, stored.Definition));
        Assert.Equal(port, stored.Component("web")!.HostPort("site"));
    }

    [Fact]
    public async Task Text_OfALaterVersion_IsReadWithoutRulesAndUnknownKeys()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        Spoil("UPDATE services SET definition = 'later = 1' || char(10) || replace(definition, 'registry/web:v1', 'No Image At All')");

        var stored = _node.Services.Find("shop")!;

        Assert.Equal("", stored.Problem);
        Assert.Equal("No Image At All", stored.Definition.Components[0].Image);
    }

    private void Spoil(string sql) => _node.Database.Write(connection => connection.Execute(sql));
}
