using Mcp.Agent.Deploy;
using Mcp.Agent.Tests.Deploy.Crash;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;

namespace Mcp.Agent.Tests.Deploy;

/// <summary>What status says of a component at each moment of its replacement.</summary>
public sealed class StatusDuringDeployTests : IDisposable
{
    private readonly DeployFixture _node = new();

    public StatusDuringDeployTests() => CrashCase.AddImages(_node.Engine);

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task StopFirst_AtEachStep_ShowsTheContainerThatServesWithItsVersion()
    {
        var seen = await SeenAsync(v => CrashCase.Web(v));

        Assert.Equal(
            ["Rename v1 Running", "Create v1 Running", "Stop v2 Created", "Start v2 Running", "Verify v2 Running", "Record v2 Running",
                "Remove v2 Running"],
            seen);
    }

    [Fact]
    public async Task StartFirst_AtEachStep_ShowsTheContainerThatServesWithItsVersion()
    {
        var seen = await SeenAsync(CrashCase.Beside);

        Assert.Equal(
            ["Create v1 Running", "Start v1 Running", "Verify v1 Running", "Switch v2 Running", "Record v2 Running", "Stop v2 Running",
                "Remove v2 Running", "Rename v2 Running"],
            seen);
    }

    [Fact]
    public async Task StartFirst_WithoutRoutes_ShowsTheNewOneOnceItIsRecorded()
    {
        var seen = await SeenAsync(v => CrashCase.Worker(v));

        Assert.Equal(
            ["Create v1 Running", "Start v1 Running", "Verify v1 Running", "Record v2 Running", "Stop v2 Running", "Remove v2 Running",
                "Rename v2 Running"],
            seen);
    }

    /// <summary>"Create v1 Running": after that step, version and state.</summary>
    private async Task<List<string>> SeenAsync(Func<string, ComponentDefinition> component)
    {
        await _node.DeployAsync(CrashCase.Shop(component("v1")));
        var seen = new List<string>();
        _node.Hook = async (step, moment) =>
        {
            if (moment == StepMoment.Before || step.Action == StepAction.Pull)
                return;
            var operation = _node.Operations.Running("shop")!;
            var status = (await _node.Status.ReadAsync("shop", default)).Services[0].Components[0];
            Assert.Equal($"being replaced by operation {operation.Id} (deploy by alice)", status.Message);
            Assert.Equal(_node.Engine.Containers.Single(c => c.Id == status.ContainerId).Image, status.Image);
            seen.Add($"{step.Action} {status.Version} {status.State}");
        };

        var ended = await _node.DeployAsync(CrashCase.Shop(component("v2")));

        Assert.Equal((OperationOutcome.Succeeded, "v2", ""), (ended.Outcome, ended.Components[0].Version, ended.Components[0].Message));
        _node.Hook = (_, _) => Task.CompletedTask;
        Assert.Equal("", (await _node.Status.ReadAsync("shop", default)).Services[0].Components[0].Message);
        return seen;
    }
}
