using Mcp.Agent.Registry;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>One operation at a time has a service, and whoever asks meanwhile is told which.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public LeaseTests()
    {
        _node.Engine.AddToRegistry("registry/web:v1");
        _node.Engine.AddToRegistry("registry/worker:v1");
    }

    [Fact]
    public async Task Deploy_WhileAnotherHasTheService_SaysWhoAndSinceWhen()
    {
        var (first, block) = await HoldAsync();

        var refused = await Assert.ThrowsAsync<AgentException>(
            () => _node.Deployer.DeployAsync(DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, default));

        Assert.Equal(AgentError.ServiceLocked, refused.Error);
        Assert.Equal($"shop is locked: deploy by alice since {first.StartedAt:HH:mm:ss} UTC (operation {first.Id})", refused.Message);
        var open = Assert.Single(_node.Journal.FindOpen("shop"));
        Assert.Equal((first.Id, "alice"), (open.Id, open.Actor));
        block.Release();
        await first.Ended;
        Assert.Empty(_node.Journal.FindOpen());
    }

    [Fact]
    public async Task Deploy_ThatWaits_IsToldForWhom_AndRunsThen()
    {
        var (first, block) = await HoldAsync();
        var waits = new TaskCompletionSource<OperationWaiting>(TaskCreationOptions.RunContinuationsAsynchronously);

        var second = _node.Deployer.RunAsync(OperationKind.Restart, "shop", null, DeployFixture.Alice, waiting =>
        {
            waits.TrySetResult(waiting);
            return Task.CompletedTask;
        }, default);
        var waiting = await waits.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(("alice", OperationKind.Deploy, first.Id, first.StartedAt),
            (waiting.Actor, waiting.Kind, waiting.Holder, waiting.Since));
        Assert.False(second.IsCompleted);
        block.Release();

        Assert.Equal(OperationOutcome.Succeeded, (await DeployFixture.EndAsync(await second)).Outcome);
    }

    [Fact]
    public async Task Deploy_WhoseCallerStopsWaiting_LeavesNothingBehind()
    {
        var (first, block) = await HoldAsync();
        using var patience = new CancellationTokenSource();

        var second = _node.Deployer.RunAsync(
            OperationKind.Restart, "shop", null, DeployFixture.Alice, _ => patience.CancelAsync(), patience.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        block.Release();
        await first.Ended;
        Assert.Equal(OperationOutcome.Succeeded,
            (await DeployFixture.EndAsync(await _node.Deployer.RunAsync(
            OperationKind.Restart, "shop", null, DeployFixture.Alice, null, default))).Outcome);
    }

    [Fact]
    public async Task Deploy_ThatCannotBePlanned_GivesTheServiceBack()
    {
        await Assert.ThrowsAsync<AgentException>(
            () => _node.Deployer.RunAsync(OperationKind.Start, "shop", null, DeployFixture.Alice, null, default));

        Assert.Empty(_node.Journal.FindOpen());
    }

    [Fact]
    public async Task Operation_ThatHasEnded_IsKnownToTheJournal()
    {
        var operation = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, default);
        await DeployFixture.EndAsync(operation);

        Assert.Equal(OperationOutcome.Succeeded, _node.Journal.FindEnd(operation.Id)!.Outcome);
        Assert.Null(_node.Journal.FindEnd("unknown"));
    }

    [Fact]
    public async Task Operation_WhoseEventIsNotStored_HasEndedAllTheSame()
    {
        _node.Journal.Open(new("before", OperationKind.Deploy, "shop", null, DeployFixture.Alice, DateTimeOffset.UtcNow), [], null);
        _node.Database.Write(connection => connection.Execute("DROP TABLE events"));

        var ended = await _node.DeployAsync(DeployFixture.Shop());

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(OperationOutcome.RolledBack, _node.Journal.FindEnd("before")!.Outcome);
        Assert.Empty(_node.Journal.FindOpen());
    }

    public void Dispose() => _node.Dispose();

    private async Task<(Mcp.Agent.Deploy.Operation Operation, EngineBlock Block)> HoldAsync()
    {
        var block = _node.Engine.Block(EngineVerb.Create);
        var operation = await _node.Deployer.DeployAsync(
            DeployFixture.Shop(), null, OperationOptions.Default, DeployFixture.Alice, null, default);
        await block.Reached;
        return (operation, block);
    }
}
