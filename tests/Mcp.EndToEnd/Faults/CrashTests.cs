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
    public async Task Agent_KilledBeforeAndAfterEachStep_LeavesTheOldOrTheNewAsAWhole()
    {
        var table = new FaultTable("1-agent-killed");
        var clock = Stopwatch.StartNew();
        // Side by side, so that one kill tests several.
        CrashLane[] mixed = [.. Enumerable.Range(0, 3).Select(i => new DeployLane(node, $"mix{(char)('a' + i)}", FaultServices.Mixed))];
        CrashLane[] others = [
            new DeployLane(node, "beside", FaultServices.Beside),
            new RestartLane(node, "again", FaultServices.Single),
            new UndeployLane(node, "gone", FaultServices.Single),
        ];
        await Task.WhenAll([.. mixed.Select((lane, i) => lane.PrepareAsync(i, mixed.Length)), .. others.Select(l => l.PrepareAsync())]);

        for (var lanes = Due(); lanes.Count > 0; lanes = Due())
        {
            await Task.WhenAll(lanes.Select(l => l.BeginAsync()));
            await node.KillAgentAsync();
            await node.StartAgentAsync();
            await Task.WhenAll(lanes.Select(l => l.SettleAsync(table)));
            output.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s: {lanes.Count} points");
            // Of a run that is cut off, so much is known.
            table.Write();
        }

        Assert.Empty(table.Wrong);

        List<CrashLane> Due() => [.. mixed.Concat(others).Where(l => l.HasNext)];
    }
}
