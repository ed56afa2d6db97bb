using System.Diagnostics;
using Mcp.Testing.Engines;
using Xunit.Abstractions;

namespace Mcp.EndToEnd.Faults;

/// <summary>The agent gets a SIGKILL before and after every step of a plan, on real podman: after its next start the old or the new release
/// serves as a whole, nothing is left over, who watched is told the end, and the next deploy works.</summary>
[Trait("Group", "e2e")]
[Collection(FaultCollection.Name)]
public sealed class CrashTests(FaultNode node, ITestOutputHelper output)
{
    // In parts, so that no test lasts long enough to be taken for one that hangs.
    private const int Parts = 3;

    [EngineFact]
    public Task Deploy_KilledAtEachStepFirstPart_LeavesTheOldOrTheNewAsAWhole() => KillDeploysAsync(0);

    [EngineFact]
    public Task Deploy_KilledAtEachStepSecondPart_LeavesTheOldOrTheNewAsAWhole() => KillDeploysAsync(1);

    [EngineFact]
    public Task Deploy_KilledAtEachStepThirdPart_LeavesTheOldOrTheNewAsAWhole() => KillDeploysAsync(2);

    [EngineFact]
    public Task StartFirstWithARoute_KilledAtEachStep_LeavesTheOldOrTheNewAsAWhole() => KillAsync(
        "1-killed-start-first",
        [.. Enumerable.Range(0, 3).Select(i => (new DeployLane(node, $"beside{(char)('a' + i)}", FaultServices.Beside), i, 3))]);

    [EngineFact]
    public Task RestartAndUndeploy_KilledAtEachStep_AreGoneOnWith() => KillAsync(
        "1-killed-restart-undeploy",
        [(new RestartLane(node, "again", FaultServices.Single), 0, 1), (new UndeployLane(node, "gone", FaultServices.Single), 0, 1)]);

    private Task KillDeploysAsync(int part)
    {
        const int Lanes = 3;
        return KillAsync(
            $"1-killed-deploy-{part + 1}",
            [.. Enumerable.Range(part * Lanes, Lanes)
                .Select(i => (new DeployLane(node, $"mix{(char)('a' + i)}", FaultServices.Mixed), i, Lanes * Parts))]);
    }

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
