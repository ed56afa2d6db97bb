using Mcp.Agent.Auth;
using Mcp.Agent.Deploy;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>Operations that a person cancels, at each of their steps.</summary>
public sealed class CancelTests : IDisposable
{
    private static readonly Caller Bob = new("bob", Role.Operator, "test");

    private readonly DeployFixture _node = new();

    public CancelTests()
    {
        foreach (var image in (string[])["registry/web:v1", "registry/web:v2", "registry/worker:v1"])
            _node.Engine.AddImage(image);
    }

    public static TheoryData<OperationKind, bool> Kinds => new()
    {
        { OperationKind.Deploy, false }, { OperationKind.Deploy, true }, { OperationKind.Stop, true }, { OperationKind.Restart, true },
        { OperationKind.Start, true },
    };

    public void Dispose() => _node.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Cancel_BeforeTheRecord_TakesEverythingBack(OperationKind kind, bool deployed)
    {
        for (var at = 0; ; at++)
        {
            using var node = new CancelTests();
            if (!await node.CancelledAtAsync(kind, deployed, at))
            {
                Assert.InRange(at, 2, 100);
                return;
            }
        }
    }

    [Fact]
    public async Task Cancel_AfterTheRecord_IsRefusedAndTheDeployIsFinished()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        AgentException? refused = null;
        _node.Hook = (step, moment) =>
        {
            if (step.Action == StepAction.Remove && moment == StepMoment.Before)
                refused = Assert.Throws<AgentException>(() => _node.Operations.Cancel("shop", Bob));
            return Task.CompletedTask;
        };

        var ended = await _node.DeployAsync(DeployFixture.Shop("registry/web:v2"));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);
        Assert.Equal(AgentError.CannotCancel, refused!.Error);
        Assert.Contains("mcp rollback shop", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_OfAnUndeployThatHasRemovedSomething_SaysSo()
    {
        await _node.DeployAsync(DeployFixture.Shop());
        _node.Hook = (step, moment) =>
        {
            if (step.Action == StepAction.Record && moment == StepMoment.Before)
                _node.Operations.Cancel("shop", Bob);
            return Task.CompletedTask;
        };

        var ended = await DeployFixture.EndAsync(
            await _node.Deployer.RunAsync(OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, default));

        Assert.Equal(OperationOutcome.Failed, ended.Outcome);
        Assert.Contains("cancelled by bob", ended.Message, StringComparison.Ordinal);
        Assert.Contains("what was removed before is not there again", ended.Message, StringComparison.Ordinal);
        Assert.Equal(["shop"], _node.Services.KnownServices);
    }

    [Fact]
    public void Cancel_NothingRuns_SaysSo() =>
        Assert.Equal(AgentError.NotFound, Assert.Throws<AgentException>(() => _node.Operations.Cancel("shop", Bob)).Error);

    /// <returns>False when the operation has fewer steps before its record.</returns>
    private async Task<bool> CancelledAtAsync(OperationKind kind, bool deployed, int at)
    {
        if (deployed)
            await _node.DeployAsync(DeployFixture.Shop());
        if (kind == OperationKind.Start)
            await _node.Engine.StopAsync("shop-web", TimeSpan.Zero, default);
        var before = State();
        var reached = false;
        _node.Hook = (step, moment) =>
        {
            if (step.Index != at || moment != StepMoment.After || step.Action == StepAction.Record || reached)
                return Task.CompletedTask;
            reached = true;
            _node.Operations.Cancel("shop", Bob);
            return Task.CompletedTask;
        };
        var operation = kind == OperationKind.Deploy
            ? await _node.Deployer.DeployAsync(DeployFixture.Shop("registry/web:v2"), null, new(), DeployFixture.Alice, null, default)
            : await _node.Deployer.RunAsync(kind, "shop", null, DeployFixture.Alice, null, default);
        var ended = await DeployFixture.EndAsync(operation);
        if (!reached)
            return false;

        Assert.Equal((OperationOutcome.RolledBack, "cancelled by bob", "cancelled"), (ended.Outcome, ended.Message, ended.ErrorId));
        Assert.Equal(before, State());
        Assert.Empty(_node.Journal.FindOpen());
        Assert.Equal("rolled-back", _node.Audit.Query(new()).Last().Outcome);
        return true;
    }

    private string State() => string.Join('\n', _node.Engine.Containers.OrderBy(c => c.Name, StringComparer.Ordinal)
        .Select(c => $"{c.Name} {c.Id} {c.State}"));
}
