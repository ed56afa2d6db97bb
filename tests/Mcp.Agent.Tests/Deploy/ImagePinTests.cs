using Mcp.Agent.Deploy;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>Which image a deploy ends up with, whatever its tag means meanwhile.</summary>
public sealed class ImagePinTests : IDisposable
{
    private const string Web = "registry.test/web:v1";

    private static readonly ServiceDefinition Shop = new() { Name = "shop", Components = [new() { Name = "web", Image = Web }] };

    private readonly DeployFixture _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Deploy_OfWhatWasChecked_RunsItByIdAndRecordsItsDigest()
    {
        var digest = await RegistryHasAsync("one");

        var ended = await _node.DeployAsync(Shop, pins: Checked(digest));

        Assert.Equal((OperationOutcome.Succeeded, ""), (ended.Outcome, ended.Message));
        Assert.Equal(digest, ended.Components[0].Digest);
        Assert.Equal(Web, ended.Components[0].Image);
        Assert.Equal(_node.Engine.Containers[0].ImageId, _node.Engine.SpecOf("shop-web")!.ImageId);
        Assert.Equal(new DeployedImage(Web, _node.Engine.Containers[0].ImageId, digest), _node.Services.Find("shop")!.Components[0].Image);
    }

    [Fact]
    public async Task Deploy_OfATagThatMovesAfterTheCheck_RunsWhatWasCheckedAndSaysSo()
    {
        var tested = await RegistryHasAsync("one");
        var moved = await RegistryHasAsync("two");
        _node.Engine.AddToRegistry("registry.test/web:old", FakeImage.Runs with { Content = "one" });

        var ended = await _node.DeployAsync(Shop, pins: Checked(tested));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal($"{Web} moved: {tested} -> {moved} since it was checked; what was checked is deployed", ended.Message);
        Assert.Equal((await _node.Engine.InspectImageAsync("registry.test/web@" + tested, default))!.Id,
            _node.Engine.Containers[0].ImageId);
        Assert.Equal(tested, ended.Components[0].Digest);
    }

    [Fact]
    public async Task Deploy_OfATagThatMovedAndLeftNothing_FailsBeforeAnythingIsTouched()
    {
        await _node.DeployAsync(Shop with { Components = [new() { Name = "web", Image = await OtherAsync() }] });
        var tested = await RegistryHasAsync("one");
        await RegistryHasAsync("two");

        var ended = await _node.DeployAsync(Shop, pins: Checked(tested));

        Assert.Equal((OperationOutcome.RolledBack, "image-not-found"), (ended.Outcome, ended.ErrorId));
        Assert.Contains("since it was checked, and the image that was checked is no longer available", ended.Message,
            StringComparison.Ordinal);
        Assert.Equal(ContainerState.Running, Assert.Single(_node.Engine.Containers).State);
    }

    [Fact]
    public async Task Deploy_WhenTheTagMovesBetweenPullAndCreate_RunsWhatWasPulled()
    {
        var digest = await RegistryHasAsync("one");
        _node.Engine.On(EngineVerb.Create, _ =>
        {
            _node.Engine.AddImage(Web, FakeImage.Runs with { Content = "two" });
            return Task.CompletedTask;
        });

        var ended = await _node.DeployAsync(Shop);

        Assert.Equal(digest, ended.Components[0].Digest);
        Assert.Equal(_node.Services.Find("shop")!.Components[0].Image!.Id, _node.Engine.Containers[0].ImageId);
    }

    [Fact]
    public async Task Deploy_AfterTheTagMoved_WarnsInThePlanAndReplaces()
    {
        var old = await RegistryHasAsync("one");
        await _node.DeployAsync(Shop, pins: Checked(old));
        var now = await RegistryHasAsync("two");

        var updates = await DeployFixture.UpdatesAsync(
            await _node.Deployer.DeployAsync(Shop, null, new() { Images = Checked(now) }, DeployFixture.Alice, null, default));

        Assert.Equal([$"{Web} moved: {old} -> {now} since the last deploy"], updates.OfType<OperationPlanned>().Single().Warnings);
        Assert.Equal(now, ((OperationEnded)updates[^1]).Components[0].Digest);
        Assert.Equal("", Assert.Single(await PlanAsync(Checked(now))));
    }

    [Fact]
    public async Task Deploy_PullAlwaysOfTheSameImage_PullsAndLeavesTheContainerAlone()
    {
        await RegistryHasAsync("one");
        await _node.DeployAsync(Shop);
        var before = _node.Engine.Containers[0].Id;

        var updates = await DeployFixture.UpdatesAsync(
            await _node.Deployer.DeployAsync(
            Shop, null, new() { Images = new() { Pull = PullPolicy.Always } }, DeployFixture.Alice, null, default));

        Assert.Equal(OperationOutcome.Succeeded, ((OperationEnded)updates[^1]).Outcome);
        Assert.Equal(before, Assert.Single(_node.Engine.Containers).Id);
        Assert.Equal(2, _node.Engine.Calls.Count(c => c.Verb == EngineVerb.Pull));
        Assert.Equal(6, updates.OfType<StepProgressed>().Count(s => s.State == StepState.Skipped));
    }

    [Fact]
    public async Task Deploy_PullAlwaysOfAMovedTag_ReplacesTheContainer()
    {
        await RegistryHasAsync("one");
        await _node.DeployAsync(Shop);
        var now = await RegistryHasAsync("two");

        var ended = await _node.DeployAsync(Shop, pins: new() { Pull = PullPolicy.Always });

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(now, ended.Components[0].Digest);
        Assert.Equal((await _node.Engine.InspectImageAsync(Web, default))!.Id, Assert.Single(_node.Engine.Containers).ImageId);
    }

    [Fact]
    public async Task Deploy_PullNeverOfAMissingImage_IsRefusedBeforeAnythingHappens()
    {
        await RegistryHasAsync("one");

        var refused = await Assert.ThrowsAsync<EngineException>(() => _node.DeployAsync(Shop, pins: new() { Pull = PullPolicy.Never }));

        Assert.Equal(EngineError.ImageNotFound, refused.Error);
        Assert.Contains(Web, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_node.Engine.Calls, c => c.Verb is EngineVerb.Pull or EngineVerb.Create);
        Assert.Null(_node.Services.Find("shop"));
    }

    [Fact]
    public async Task Deploy_OfAnImageThatWasSent_NeedsNoRegistry()
    {
        await _node.Engine.LoadImageAsync(new MemoryStream(TestImage.Of("base", "sent").Archive(Web)), default);
        var id = (await _node.Engine.InspectImageAsync(Web, default))!.Id;

        var ended = await _node.DeployAsync(Shop, pins: Checked(id));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.DoesNotContain(_node.Engine.Calls, c => c.Verb == EngineVerb.Pull);
        Assert.Equal(id, _node.Engine.Containers[0].ImageId);
    }

    [Fact]
    public async Task Start_OfAContainerThatIsGone_MakesItFromTheImageThatWasDeployed()
    {
        await RegistryHasAsync("one");
        await _node.DeployAsync(Shop);
        var id = _node.Engine.Containers[0].ImageId;
        await _node.Engine.RemoveAsync("shop-web", default);
        _node.Engine.AddImage(Web, FakeImage.Runs with { Content = "two" });

        await DeployFixture.EndAsync(await _node.Deployer.RunAsync(OperationKind.Start, "shop", null, DeployFixture.Alice, null, default));

        Assert.Equal(id, Assert.Single(_node.Engine.Containers).ImageId);
    }

    private static ImagePins Checked(string digest) => new() { Digests = new ValueMap([new(Web, digest)]) };

    /// <summary>The registry's tag means this from now on; returns its digest.</summary>
    private async Task<string> RegistryHasAsync(string content)
    {
        var image = FakeImage.Runs with { Content = content };
        _node.Engine.AddToRegistry(Web, image);
        using var other = new DeployFixture();
        other.Engine.AddImage(Web, image);
        return (await other.Engine.InspectImageAsync(Web, default))!.RepoDigests[0].Split('@')[1];
    }

    private Task<string> OtherAsync()
    {
        _node.Engine.AddToRegistry("registry.test/other:v1");
        return Task.FromResult("registry.test/other:v1");
    }

    /// <summary>The steps and warnings of a deploy; one empty text when there are none.</summary>
    private async Task<string[]> PlanAsync(ImagePins pins)
    {
        var planned = (await DeployFixture.UpdatesAsync(
            await _node.Deployer.DeployAsync(Shop, null, new() { Images = pins }, DeployFixture.Alice, null, default)))
            .OfType<OperationPlanned>().Single();
        return [string.Join("; ", planned.Steps.Select(s => s.Description).Concat(planned.Warnings))];
    }
}
