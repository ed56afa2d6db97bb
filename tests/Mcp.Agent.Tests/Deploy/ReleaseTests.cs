using Mcp.Agent.Deploy;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

public sealed class ReleaseTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public ReleaseTests()
    {
        foreach (var version in Enumerable.Range(1, 6))
            _node.Engine.AddToRegistry($"registry/web:v{version}");
        _node.Engine.AddToRegistry("registry/web:bad", FakeImage.Exits(3));
    }

    [Fact]
    public async Task Deploy_ThatChangesSomething_MakesANumberedRelease()
    {
        await _node.DeployAsync(Web("v1"));
        await _node.DeployAsync(Web("v1"));
        await _node.DeployAsync(Web("v2"));

        var releases = _node.Releases.List("shop");
        Assert.Equal([(2, true), (1, false)], releases.Select(r => (r.Release.Number, r.Release.Current)));
        var second = releases[0].Release;
        Assert.Equal((ReleaseOutcome.Succeeded, "alice", OperationKind.Deploy), (second.Outcome, second.Actor, second.Kind));
        Assert.Equal(Web("v2"), second.Definition);
        Assert.Equal("registry/web:v2", Assert.Single(second.Images).Image);
        Assert.StartsWith("sha256:", second.Images[0].Digest, StringComparison.Ordinal);
        Assert.Equal("2", (await _node.Engine.InspectAsync("shop-web", default))!.Labels[Mcp.Core.Planning.ContainerLabels.Release]);
    }

    [Fact]
    public async Task Deploy_ThatFails_IsInTheHistoryWithItsReason()
    {
        await _node.DeployAsync(Web("v1"));
        await _node.DeployAsync(Web("bad"));

        var releases = _node.Releases.List("shop");
        Assert.Equal([(2, ReleaseOutcome.RolledBack, false), (1, ReleaseOutcome.Succeeded, true)],
            releases.Select(r => (r.Release.Number, r.Release.Outcome, r.Release.Current)));
        Assert.Contains("exit code 3", releases[0].Release.Message, StringComparison.Ordinal);
        Assert.NotNull(releases[0].Release.EndedAt);
    }

    [Fact]
    public async Task Rollback_WithoutANumber_GoesToTheLastSuccessfulRelease_AndFurtherBackTheNextTime()
    {
        await _node.DeployAsync(Web("v1"));
        await _node.DeployAsync(Web("v2"));
        await _node.DeployAsync(Web("bad"));
        await _node.DeployAsync(Web("v3"));

        Assert.Equal(OperationOutcome.Succeeded, (await RollbackAsync(null)).Outcome);
        Assert.Equal("registry/web:v2", _node.Engine.SpecOf("shop-web")!.Image);
        Assert.Equal(OperationOutcome.Succeeded, (await RollbackAsync(null)).Outcome);
        Assert.Equal("registry/web:v1", _node.Engine.SpecOf("shop-web")!.Image);

        Assert.Equal([(6, 1), (5, 2)], _node.Releases.List("shop").Take(2).Select(r => (r.Release.Number, r.Release.RollbackOf ?? 0)));
        Assert.Equal(Web("v1"), _node.Services.Find("shop")!.Definition);
        var refused = await Assert.ThrowsAsync<AgentException>(() => RollbackAsync(null));
        Assert.Equal("shop has no successful release before 1", refused.Message);
    }

    [Fact]
    public async Task Rollback_ToANumber_KeepsPortAndTakesTheImageThatItWas()
    {
        await _node.DeployAsync(Web("v1"));
        var port = _node.Services.Find("shop")!.Component("web")!.HostPort("site");
        var image = (await _node.Engine.InspectAsync("shop-web", default))!.ImageId;
        await _node.DeployAsync(Web("v2"));
        // The tag means something else by now, in the registry and on the node.
        _node.Engine.AddToRegistry("registry/web:v1", FakeImage.Runs with { Content = "moved" });
        await _node.Engine.PullAsync("registry/web:v1", null, default);

        Assert.Equal(OperationOutcome.Succeeded, (await RollbackAsync(1)).Outcome);

        var web = (await _node.Engine.InspectAsync("shop-web", default))!;
        Assert.Equal(image, web.ImageId);
        Assert.Equal(port, _node.Services.Find("shop")!.Component("web")!.HostPort("site"));
    }

    [Fact]
    public async Task Rollback_OfAServiceWithTasks_RunsNone()
    {
        _node.Engine.AddToRegistry("registry/migrate:v1", FakeImage.Exits(0));
        _node.Engine.AddToRegistry("registry/migrate:v2", FakeImage.Exits(0));
        ServiceDefinition WithTask(string version) => Web(version) with
        {
            Components = [Web(version).Components[0],
                new() { Name = "migrate", Image = "registry/migrate:" + version, Kind = ComponentKind.Task }],
        };
        await _node.DeployAsync(WithTask("v1"));
        await _node.DeployAsync(WithTask("v2"));
        var task = (await _node.Engine.InspectAsync("shop-migrate", default))!;

        Assert.Equal(OperationOutcome.Succeeded, (await RollbackAsync(null)).Outcome);

        Assert.Equal("registry/web:v1", _node.Engine.SpecOf("shop-web")!.Image);
        // What was not touched stays as it is stored: the newer migration is the one that ran last.
        Assert.Equal(["registry/web:v1", "registry/migrate:v2"], _node.Services.Find("shop")!.Components.Select(c => c.Image!.Reference));
        Assert.Empty((await _node.Deployer.PlanAsync(
            _node.Services.Find("shop")!.Definition, null, Mcp.Core.Planning.OperationOptions.Default, DeployFixture.Alice, default))
            .Steps);
        Assert.Equal(task, await _node.Engine.InspectAsync("shop-migrate", default));
    }

    [Theory]
    [InlineData(2, "release 2 of shop did not succeed (rolled-back)", "successful releases: 1")]
    [InlineData(7, "there is no release 7 of shop (any more)", "successful releases: 1")]
    public async Task Rollback_ToWhatIsNotGood_IsRefusedWithWhatIs(int to, string message, string remedy)
    {
        await _node.DeployAsync(Web("v1"));
        await _node.DeployAsync(Web("bad"));

        var refused = await Assert.ThrowsAsync<AgentException>(() => RollbackAsync(to));

        Assert.Equal(message, refused.Message);
        Assert.StartsWith(remedy, refused.Remedy, StringComparison.Ordinal);
        Assert.Empty(_node.Journal.FindOpen());
    }

    [Fact]
    public async Task Rollback_AfterAnUndeploy_BringsBackWhatWasThere()
    {
        await _node.DeployAsync(Web("v1"));
        await _node.DeployAsync(Web("v2"));
        await DeployFixture.EndAsync(await _node.Deployer.RunAsync(
            OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, default));
        Assert.DoesNotContain(_node.Releases.List("shop"), r => r.Release.Current);

        await RollbackAsync(null);

        Assert.Equal("registry/web:v2", _node.Engine.SpecOf("shop-web")!.Image);
        Assert.Equal(3, _node.Releases.List("shop").Single(r => r.Release.Current).Release.Number);
    }

    [Fact]
    public async Task Deploy_BeyondWhatIsKept_ForgetsTheOldestReleasesWithTheirImages()
    {
        await _node.DeployAsync(Web("v1"));
        var first = _node.Releases.List("shop")[0].ImageIds["web"];
        foreach (var version in Enumerable.Range(2, 5))
            Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(Web($"v{version}"))).Outcome);

        Assert.Equal([6, 5, 4, 3], _node.Releases.List("shop").Select(r => r.Release.Number));
        Assert.Null(await _node.Engine.InspectImageAsync("registry/web:v1", default));
        Assert.Null(await _node.Engine.InspectImageAsync("registry/web:v2", default));
        Assert.NotNull(await _node.Engine.InspectImageAsync("registry/web:v3", default));
        var kept = _node.Releases.List("shop").Select(r => r.ImageIds["web"]).ToList();
        foreach (var id in kept)
            Assert.NotNull(await _node.Engine.InspectImageAsync(_node.Retention.NameOf(id), default));
        Assert.Null(await _node.Engine.InspectImageAsync(_node.Retention.NameOf(first), default));
    }

    [Fact]
    public async Task Forgetting_AnImageThatAnotherServiceStillHas_LeavesIt()
    {
        await _node.DeployAsync(Web("v1") with { Name = "other" });
        foreach (var version in Enumerable.Range(1, 6))
            await _node.DeployAsync(Web($"v{version}"));

        Assert.NotNull(await _node.Engine.InspectImageAsync("registry/web:v1", default));
    }

    [Fact]
    public async Task Release_AsItLeavesTheNode_HasNoValues()
    {
        var secret = Web("v1") with { BuildArguments = new ValueMap([new("TOKEN", "s3cret")]) };
        secret = secret with { Components = [secret.Components[0] with { Environment = ["PASSWORD=s3cret", "EMPTY="] }] };
        await _node.DeployAsync(secret);

        var told = _node.Releases.List("shop")[0].Release.WithoutSecrets();

        Assert.Equal(["PASSWORD=***", "EMPTY=***"], told.Definition.Components[0].Environment);
        Assert.DoesNotContain("s3cret", told.ToString(), StringComparison.Ordinal);
        Assert.Equal("s3cret", _node.Releases.List("shop")[0].Release.Definition.BuildArguments["TOKEN"]);
    }

    public void Dispose() => _node.Dispose();

    private async Task<OperationEnded> RollbackAsync(int? to) =>
        await DeployFixture.EndAsync(await _node.Deployer.RollbackAsync("shop", to, force: false, DeployFixture.Alice, null, default));

    private static ServiceDefinition Web(string version) => new()
    {
        Name = "shop",
        Components = [new() { Name = "web", Image = "registry/web:" + version, Routes = [new() { Name = "site", Port = 443 }] }],
    };
}
