using Mcp.Agent.Deploy;
using Mcp.Agent.Deploy.Journal;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Containers;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>How much a deploy asks of the engine and of the disk. On a machine with an engine that serialises, each call more is time
/// more.</summary>
public sealed class EngineCallsTests : IDisposable
{
    private const int Components = 30;

    private readonly DeployFixture _node = new();

    public EngineCallsTests() => _node.Engine.AddImage("registry/web:v1");

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task FirstDeploy_AsksAboutEachComponentAsLittleAsCanBe()
    {
        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(Service())).Outcome);

        var calls = _node.Engine.Calls.CountBy(c => c.Verb).ToDictionary();
        Assert.Equal(Components, calls[EngineVerb.Create]);
        Assert.Equal(Components, calls[EngineVerb.Start]);
        // Whether its name is free, and whether it runs.
        Assert.Equal(2 * Components, calls[EngineVerb.Inspect]);
        Assert.Equal(1, calls[EngineVerb.List]);
        // Before the record.
        Assert.Equal(1, calls[EngineVerb.ListRunning]);
        Assert.Equal(1, calls[EngineVerb.InspectImage]);
        Assert.Equal(1, calls[EngineVerb.TagImage]);
        Assert.DoesNotContain(EngineVerb.Events, calls.Keys);
        // The engine's name, once for an agent.
        Assert.Equal(1, calls[EngineVerb.Info]);
        Assert.Equal(4 * Components + 5, calls.Values.Sum());
    }

    [Fact]
    public async Task FirstDeploy_OfWhatMustStayUp_LooksOnceMoreAndListensOnce()
    {
        await _node.DeployAsync(Service() with
        {
            Components = [.. Service().Components.Select(c => c with { Health = new() { StayUp = TimeSpan.FromMilliseconds(20) } })],
        });

        var calls = _node.Engine.Calls.CountBy(c => c.Verb).ToDictionary();
        Assert.Equal(3 * Components, calls[EngineVerb.Inspect]);
        Assert.Equal(1, calls[EngineVerb.List]);
        Assert.DoesNotContain(EngineVerb.ListRunning, calls.Keys);
        Assert.True(calls[EngineVerb.Events] <= Components);
    }

    [Fact]
    public async Task UnchangedDeploy_IsOneListingAndOneLookAtTheImage()
    {
        await _node.DeployAsync(Service());
        var before = _node.Engine.Calls.Count;
        var written = _node.Database.Written;

        var ended = await _node.DeployAsync(Service());

        Assert.Equal(
            [EngineVerb.InspectImage, EngineVerb.List], _node.Engine.Calls.Skip(before).Select(c => c.Verb).Order());
        Assert.Equal(Components, ended.Components.Count(c => c.State == Core.Status.ObservedState.Running));
        Assert.Equal(1, _node.Database.Written - written);
    }

    [Fact]
    public async Task FirstDeploy_OfWhatEndsAfterItWasLookedAt_IsRolledBack()
    {
        _node.Engine.On(EngineVerb.ListRunning, _ =>
        {
            _node.Engine.Exit("shop-c3", 7);
            return Task.CompletedTask;
        });

        var ended = await _node.DeployAsync(Service());

        Assert.Equal((OperationOutcome.RolledBack, "container-failed"), (ended.Outcome, ended.ErrorId));
        Assert.Contains("container shop-c3 ended right after its start with exit code 7", ended.Message, StringComparison.Ordinal);
        Assert.Empty(_node.Engine.Containers);
        Assert.Null(_node.Services.Find("shop"));
    }

    /// <summary>Plan, record, outcome, event: as many as there are, whatever the number of components.</summary>
    [Fact]
    public async Task FirstDeploy_WritesNoMoreForMoreComponents()
    {
        var written = _node.Database.Written;

        await _node.DeployAsync(Service());

        Assert.Equal(4, _node.Database.Written - written);
    }

    /// <summary>What was there before is stopped: each of these steps is stored before it acts, many in one transaction.</summary>
    [Fact]
    public async Task Redeploy_StoresStepsThatInterruptBeforeTheyAct()
    {
        await _node.DeployAsync(StopFirst());
        var stopped = 0;
        var unmarked = new List<string>();
        _node.Hook = (step, moment) =>
        {
            if (step.Action != StepAction.Stop || moment != StepMoment.Before)
                return Task.CompletedTask;
            var open = _node.Journal.FindOpen("shop")[0];
            if (open.Steps[step.Index].State != JournalState.Begun)
                unmarked.Add(step.Description);
            Interlocked.Increment(ref stopped);
            return Task.CompletedTask;
        };
        var written = _node.Database.Written;

        var ended = await DeployFixture.EndAsync(await _node.Deployer.DeployAsync(
            StopFirst(), null, new() { Force = true }, DeployFixture.Alice, null, CancellationToken.None));

        Assert.Equal(OperationOutcome.Succeeded, ended.Outcome);

        Assert.Equal(Components, stopped);
        Assert.Empty(unmarked);
        Assert.InRange(_node.Database.Written - written, 5, 4 + Components);
    }

    [Theory]
    [InlineData(EngineVerb.Create, EngineSlots.Best)]
    [InlineData(EngineVerb.Start, EngineSlots.Best)]
    [InlineData(EngineVerb.Stop, EngineSlots.Stops)]
    public async Task ManyComponents_GoSideBySideUpToWhatTheEngineCanDo(EngineVerb verb, int limit)
    {
        var (now, most) = (0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _node.Engine.On(verb, async cancellationToken =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            // Those that are let in wait for each other, so that fewer than the limit would wait for ever.
            if (running == limit)
                full.TrySetResult();
            await full.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            await Task.Yield();
            Interlocked.Decrement(ref now);
        }, times: 2 * EngineSlots.Stops);

        Assert.Equal(OperationOutcome.Succeeded, (await _node.DeployAsync(Service(2 * EngineSlots.Stops))).Outcome);
        if (verb == EngineVerb.Stop)
            await DeployFixture.EndAsync(await _node.Deployer.RunAsync(
                OperationKind.Stop, "shop", null, DeployFixture.Alice, null, CancellationToken.None));

        Assert.Equal(limit, most);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private static ServiceDefinition StopFirst() => Service() with
    {
        Components = [.. Service().Components.Select(c => c with { Strategy = DeployStrategy.StopFirst })],
    };

    private static ServiceDefinition Service(int components = Components) => new()
    {
        Name = "shop",
        Components = Enumerable.Range(0, components).Select(i => new ComponentDefinition
        {
            Name = $"c{i}", Image = "registry/web:v1", Restart = "no", Health = new() { StayUp = TimeSpan.Zero },
        }).ToValueList(),
    };
}
