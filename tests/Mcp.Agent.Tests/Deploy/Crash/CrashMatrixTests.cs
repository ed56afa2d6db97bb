using Mcp.Agent.Deploy;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Deploy.Crash;

/// <summary>The agent is killed at every moment of every kind of deploy, on the fake engine. On real podman, with a real SIGKILL:
/// Mcp.EndToEnd, Faults.</summary>
public sealed class CrashMatrixTests
{
    public static TheoryData<string> Cases => [.. CrashCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Deploy_KilledBeforeAndAfterEachStep_StandsAsAWholeAndCanBeRepeated(string name)
    {
        var crash = CrashCase.Of(name);
        var wrong = new List<string>();
        var points = 0;
        for (var index = 0; await TryAsync(crash, index, wrong); index++)
            points++;

        Assert.True(points > 0);
        Assert.Empty(wrong);
    }

    /// <summary>Each change that the deploy makes at the engine, and each that taking it back makes.</summary>
    [Theory]
    [InlineData("stop-first beside start-first")]
    [InlineData("start-first with a route")]
    [InlineData("chain of task, stop-first and start-first")]
    [InlineData("fixed port")]
    public async Task FailingDeploy_KilledAtEachChangeOfTheEngine_LeavesTheOldAsAWhole(string name)
    {
        var crash = CrashCase.Of(name);
        // What comes last is what fails, so that as much as possible has to be rolled back.
        var failing = crash.After with { Components = [.. crash.After.Components.SkipLast(1), Bad(crash.After.Components[^1])] };
        var wrong = new List<string>();
        var points = 0;
        for (var reached = true; reached; points++)
            foreach (var after in (bool[])[false, true])
            {
                var node = await ReadyAsync(crash);
                node.Runtime.KillAt(points, after);
                var operation = await node.Deployer.DeployAsync(
                    failing, null, OperationOptions.Default, DeployFixture.Alice, null, CancellationToken.None);
                reached = await Task.WhenAny(node.Runtime.Killed, operation.Ended) == node.Runtime.Killed;
                node = reached ? await CrashedService.RecoverAsync(node) : node;
                wrong.AddRange(CrashedService.Problems(node, crash.Before)
                    .Select(p => $"{(after ? "after" : "before")} change {points}: {p}"));
                node.Dispose();
            }

        Assert.True(points > 3);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(OperationKind.Restart)]
    [InlineData(OperationKind.Stop)]
    [InlineData(OperationKind.Start)]
    [InlineData(OperationKind.Undeploy)]
    public async Task Lifecycle_KilledAtEachStep_IsResumed(OperationKind kind)
    {
        var crash = CrashCase.Of("chain of task, stop-first and start-first");
        var wrong = new List<string>();
        for (var index = 0; ; index++)
            foreach (var moment in Enum.GetValues<StepMoment>())
            {
                using var ready = await ReadyAsync(crash);
                if (kind == OperationKind.Start)
                    await DeployFixture.EndAsync(await ready.Deployer.RunAsync(
                        OperationKind.Stop, "shop", null, DeployFixture.Alice, null, CancellationToken.None));
                _ = KillAt(ready, index, moment);
                var operation = await ready.Deployer.RunAsync(kind, "shop", null, DeployFixture.Alice, null, CancellationToken.None);
                if (await Task.WhenAny(ready.Runtime.Killed, operation.Ended) != ready.Runtime.Killed)
                {
                    Assert.True(index > 2);
                    Assert.Empty(wrong);
                    return;
                }
                var node = await CrashedService.RecoverAsync(ready);
                var wanted = kind == OperationKind.Undeploy ? null : crash.Before;
                wrong.AddRange(CrashedService.Problems(node, wanted)
                    .Where(p => kind != OperationKind.Stop || !p.EndsWith("is Exited", StringComparison.Ordinal))
                    .Select(p => $"{moment} {index}: {p}"));
                if (kind == OperationKind.Stop && node.Engine.Containers.Any(c => c.IsUp))
                    wrong.Add($"{moment} {index}: something still runs");
                node.Operations.Dispose();
                node.Database.Dispose();
            }
    }

    /// <summary>Containers that the registry database knows nothing of are all that such an undeploy could find again.</summary>
    [Fact]
    public async Task UndeployOfAForgottenService_KilledAfterItsLastContainerIsGone_HasSucceeded()
    {
        using var ready = await ReadyAsync(CrashCase.Of("start-first with a route"));
        ready.Services.Remove("shop");
        _ = KillAt(ready, 1, StepMoment.After);
        var operation = await ready.Deployer.RunAsync(
            OperationKind.Undeploy, "shop", null, DeployFixture.Alice, null, CancellationToken.None);
        await ready.Runtime.Killed;
        Assert.Empty(ready.Engine.Containers);

        var node = await CrashedService.RecoverAsync(ready);

        Assert.Equal(OperationOutcome.Succeeded, node.Journal.FindEnd(operation.Id)?.Outcome);
        Assert.Empty(CrashedService.Problems(node, null));
        node.Operations.Dispose();
        node.Database.Dispose();
    }

    /// <summary>False when the plan has no such step.</summary>
    private static async Task<bool> TryAsync(CrashCase crash, int index, List<string> wrong)
    {
        foreach (var moment in Enum.GetValues<StepMoment>())
        {
            var node = await ReadyAsync(crash);
            var step = KillAt(node, index, moment);
            var operation = await node.Deployer.DeployAsync(
                crash.After, crash.Component, crash.Terms, DeployFixture.Alice, null, CancellationToken.None);
            if (await Task.WhenAny(node.Runtime.Killed, operation.Ended) != node.Runtime.Killed)
            {
                var planned = (OperationPlanned)(await DeployFixture.UpdatesAsync(operation))[0];
                node.Dispose();
                if (index >= planned.Steps.Count)
                    return false;
                // A step that is passed over, since the pulled image is no other.
                return true;
            }
            var killed = await step;
            var recorded = killed.Steps.Any(s => s.Index < index && s.Action == "record")
                || (killed.Steps[index].Action == "record" && moment == StepMoment.After);
            node = await CrashedService.RecoverAsync(node);
            var where = $"{moment} {index} {killed.Steps[index].Description}: ";
            wrong.AddRange(CrashedService.Problems(node, recorded ? crash.After : crash.Before).Select(p => where + p));

            var again = await node.DeployAsync(crash.After, crash.Component);
            if (again.Outcome != OperationOutcome.Succeeded)
                wrong.Add($"{where}the next deploy: {again.Message}");
            wrong.AddRange(CrashedService.Problems(node, crash.After).Select(p => $"{where}after the next deploy {p}"));
            var plan = await node.Deployer.PlanAsync(
                crash.After, crash.Component, OperationOptions.Default, DeployFixture.Alice, CancellationToken.None);
            if (plan.Steps.Count > 0)
                wrong.Add($"{where}planned once more: {string.Join("; ", plan.Steps.Select(s => s.Description))}");
            node.Dispose();
        }
        return true;
    }

    private static async Task<DeployFixture> ReadyAsync(CrashCase crash)
    {
        var node = new DeployFixture();
        CrashCase.AddImages(node.Engine);
        if (crash.Before is not null)
            Assert.Equal(OperationOutcome.Succeeded, (await node.DeployAsync(crash.Before)).Outcome);
        return node;
    }

    /// <summary>The plan of what is killed, once it is.</summary>
    private static async Task<OperationPlanned> KillAt(DeployFixture node, int index, StepMoment moment)
    {
        node.Hook = (step, when) =>
        {
            if (step.Index == index && when == moment)
                node.Runtime.Kill();
            // Nor does anything else go on.
            return node.Runtime.Killed.IsCompleted ? new TaskCompletionSource().Task : Task.CompletedTask;
        };
        await node.Runtime.Killed;
        return await PlannedAsync(node);
    }

    private static async Task<OperationPlanned> PlannedAsync(DeployFixture node)
    {
        var open = node.Journal.FindOpen()[0];
        await foreach (var update in node.Operations.Find(open.Id)!.WatchAsync(CancellationToken.None))
            if (update is OperationPlanned planned)
                return planned;
        throw new InvalidOperationException("no plan");
    }

    private static ComponentDefinition Bad(ComponentDefinition component) =>
        component with { Image = component.Image.Replace(":v2", ":bad", StringComparison.Ordinal) };
}
