using System.Diagnostics;
using Mcp.EndToEnd.Faults;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Chaos;

/// <summary>A real agent is killed at random moments, on real podman, while deploys (good ones and bad ones), rollbacks, stops, starts and
/// undeploys go on.</summary>
[Trait("Group", "chaos")]
public sealed class ChaosTests(ChaosNode chaos) : IClassFixture<ChaosNode>
{
    private readonly FaultNode _node = chaos.Node;

    [EngineFact]
    public async Task Agent_KilledAtRandom_NeverLeavesHalfAService()
    {
        var random = new Random(chaos.Seed);
        ChaosService[] services =
            [new(_node, "ca", FaultServices.Mixed), new(_node, "cb", FaultServices.Beside), new(_node, "cc", FaultServices.Single)];
        var wrong = new List<string>();
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        Say($"seed {chaos.Seed}, {chaos.Kills} kills");
        for (var kills = 0; kills < chaos.Kills;)
        {
            foreach (var service in services)
                service.Begin(random);
            // From the first plan on: an agent that has just been started takes a while to that.
            var delay = random.Next(4000);
            await Task.WhenAny(services.Select(s => s.Begun));
            kills += await KillAsync(delay);
            // Now and then also while it is putting things in order.
            var (again, when) = (random.Next(5) == 0, random.Next(1000));
            if (again && kills < chaos.Kills)
                kills += await KillAsync(when);
            wrong.AddRange(await SettleAsync(services, outcomes, $"kill {kills}"));
            if (random.Next(5) == 0)
            {
                // Undisturbed: whatever was done to a service, the next thing works.
                foreach (var service in services)
                    service.Begin(random);
                wrong.AddRange(await SettleAsync(services, outcomes, $"undisturbed, after kill {kills}"));
            }
            Say($"{clock.Elapsed.TotalSeconds,5:0} s, {kills} kills, {wrong.Count} wrong: " +
                $"{string.Join("; ", services.Select(s => s.Doing))}");
        }
        foreach (var (what, count) in outcomes)
            Say($"{count,4} {what}");
        Assert.Empty(wrong);
    }

    private async Task<int> KillAsync(int milliseconds)
    {
        // Chance is what is wanted here, not an event.
        await Task.Delay(milliseconds);
        await _node.KillAgentAsync();
        await _node.StartAgentAsync();
        return 1;
    }

    private static async Task<IReadOnlyList<string>> SettleAsync(
        ChaosService[] services, SortedDictionary<string, int> outcomes, string when)
    {
        var wrong = new List<string>();
        foreach (var service in services)
        {
            var (told, problem) = await service.SettleAsync();
            var what = $"{service.Doing.Split(' ')[0]}: {told}";
            outcomes[what] = outcomes.GetValueOrDefault(what) + 1;
            if (problem is null)
                continue;
            wrong.Add($"{when}, {problem}");
            Say($"wrong: {wrong[^1]}");
        }
        return wrong;
    }

    private static void Say(string line) => FaultTable.Say("chaos", line);
}
