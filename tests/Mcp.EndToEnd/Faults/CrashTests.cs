using System.Diagnostics;
using Mcp.Testing.Engines;
using Xunit.Abstractions;

namespace Mcp.EndToEnd.Faults;

/// <summary>The agent gets a SIGKILL before and after every step of a plan, on real podman: after its next start the old or the new release serves as a
/// whole, nothing is left over, who watched is told the end, and the next deploy works.</summary>
[Trait("Group", "e2e")]
[Collection(FaultCollection.Name)]
public sealed class CrashTests(FaultNode node, ITestOutputHelper output)
{
    [EngineFact]
    public Task Deploy_KilledBeforeAndAfterEachStep_LeavesTheOldOrTheNewAsAWhole() => KillAsync(
        "1-agent-killed", [.. Enumerable.Range(0, 3).Select(i => (new DeployLane(node, $"mix{(char)('a' + i)}", FaultServices.Mixed), i, 3))]);

    [EngineFact]
    public Task StartFirstWithARouteRestartAndUndeploy_KilledBeforeAndAfterEachStep_LeaveAWhole() => KillAsync(
        "1-agent-killed-too",
        [
            (new DeployLane(node, "besidea", FaultServices.Beside), 0, 2),
            (new DeployLane(node, "besideb", FaultServices.Beside), 1, 2),
            (new RestartLane(node, "again", FaultServices.Single), 0, 1),
            (new UndeployLane(node, "gone", FaultServices.Single), 0, 1),
        ]);

    /// <param name="all">Side by side, so that one kill tests several: each with its share of the points.</param>
    private async Task KillAsync(string name, IReadOnlyList<(CrashLane Lane, int Share, int Shares)> all)
    {
        var table = new FaultTable(name);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(all.Select(l => l.Lane.PrepareAsync(l.Share, l.Shares)));
        for (var due = Due(); due.Count > 0; due = Due())
        {
            await Task.WhenAll(due.Select(l => l.BeginAsync()));
            await node.KillAgentAsync();
            await node.StartAgentAsync();
            await Task.WhenAll(due.Select(l => l.SettleAsync(table)));
            output.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s: {due.Count} points");
            // Of a run that is cut off, so much is known.
            table.Write();
        }
        Assert.Empty(table.Wrong);

        List<CrashLane> Due() => [.. all.Select(l => l.Lane).Where(l => l.HasNext)];
    }
}
