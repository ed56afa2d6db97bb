using System.Diagnostics;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

public abstract partial class RealEngineContract
{
    private static readonly string[] Runs = ["sleep 3600", "sleep 3600", "sleep 0.3; exit 3", "exit 0"];
    private static readonly string[] Policies = ["no", "unless-stopped", "on-failure:3"];

    /// <summary>Somebody works at the engine by hand, in any order; crashing containers are restarted meanwhile.</summary>
    [EngineFact]
    public async Task List_AfterRandomChangesByHand_IsWhatInspectionsShow()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        using var stop = new CancellationTokenSource();
        var listening = ListenAsync(stop.Token);
        var names = new List<string>();
        var done = new List<string>();
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(20);)
        {
            var command = Change(random, names);
            done.Add(command);
            // Many a command is refused: what does not run can't be paused.
            await ChildProcess.RunAsync(
                "sh", ["-c", $"e() {{ {fixture.Engine.CommandLine} \"$@\"; }}; {{ {command}; }} >/dev/null 2>&1; :"],
                fixture.Engine.Environment);
            await CompareAsync($"seed {seed}: {string.Join("; ", done)}");
            // Some changes come at once, others to what has been quiet for so long that it is kept.
            if (random.Next(4) == 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(2.2));
                await CompareAsync($"seed {seed}: {string.Join("; ", done)}, and nothing more");
            }
        }
        await stop.CancelAsync();
        await listening;
    }

    private string Change(Random random, List<string> names)
    {
        if (names.Count == 0 || (names.Count < 6 && random.Next(3) == 0))
        {
            names.Add(Name($"hand{names.Count}"));
            var labels = string.Join(' ', Labels().Select(l => $"--label {l.Key}={l.Value}"));
            var policy = Policies[random.Next(Policies.Length)];
            return $"e {(random.Next(4) == 0 ? "create" : "run -d")} --name {names[^1]} {labels} --restart {policy} --network none "
                + $"{TestEngine.Image} sh -c '{Runs[random.Next(Runs.Length)]}'";
        }
        var name = names[random.Next(names.Count)];
        switch (random.Next(10))
        {
            case 0:
                return $"e start {name}";
            case 1:
                return $"e stop -t 0 {name}";
            case 2:
                return $"e restart -t 0 {name}";
            case 3:
                return $"e kill {name}";
            case 4:
                return $"e pause {name}";
            case 5:
                return $"e unpause {name}";
            case 6:
                names[names.IndexOf(name)] = name + "x";
                return $"e rename {name} {name}x";
            case 7:
                names.Remove(name);
                return $"e rm -f {name}";
            case 8:
                return $"e stop -t 0 {name}; e start {name}";
            default:
                return $"p=$(e inspect --format '{{{{.State.Pid}}}}' {name}); [ \"$p\" -gt 1 ] && kill -9 \"$p\"";
        }
    }

    private async Task CompareAsync(string context)
    {
        var labels = Of("test", Labels()["test"]);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var before = await InspectAllAsync();
            var listed = (await Runtime.ListAsync(labels, default)).OrderBy(c => c.Id, StringComparer.Ordinal).ToValueList();
            // What restarts meanwhile is compared when it has come to rest.
            if (!before.Equals(await InspectAllAsync()))
                continue;
            Assert.True(listed.Equals(before), $"{string.Join('\n', listed)}\nis not\n{string.Join('\n', before)}\n{context}");
            return;
        }

        // Nobody listens to events through this one, so that it inspects each.
        async Task<ValueList<ContainerInfo>> InspectAllAsync()
        {
            using var fresh = new DockerEngineRuntime(fixture.Engine.SocketPath);
            return (await fresh.ListAsync(labels, default)).OrderBy(c => c.Id, StringComparer.Ordinal).ToValueList();
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in Runtime.EventsAsync(cancellationToken))
                _ = happened;
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
