using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Faults;

/// <summary>Containers that their engine restarts again and again, or that take their time to end: nothing of theirs may be left to whoever
/// gets their host port.</summary>
[Trait("Group", "e2e")]
[Collection(FaultCollection.Name)]
public sealed class CrashLoopTests(FaultNode node)
{
    [EngineFact]
    public async Task NewOne_CrashLoopsWhenTheAgentIsKilled_IsGoneBeforeTheOldOneComesBack()
    {
        var table = new FaultTable("6-crash-loop-killed");
        string[] services = ["cla", "clb", "clc", "cld"];
        await Task.WhenAll(services.Select(s => node.DeployWellAsync(FaultServices.Single(s, 1))));

        // Each time at another moment of its way down and up again.
        for (var round = 1; round <= 3; round++)
        {
            var held = await Task.WhenAll(
                services.Select(s => node.HoldAsync(With(FaultServices.Single(s, 2), FaultServices.CrashLoop), "verify")));
            await node.KillAgentAsync();
            await node.StartAgentAsync();
            foreach (var (service, operation) in services.Zip(held.Select(h => h.Operation)))
            {
                var ended = await operation.EndAsync();
                table.Add(
                    $"agent killed while the new {service} crash-loops, {round}", "RolledBack, v1 serves",
                    $"{ended.Outcome}, {await node.SettledAsync(FaultServices.Single(service, 1), "v1 serves")}");
            }
        }
        table.Write();
        Assert.Empty(table.Wrong);
    }

    [EngineFact]
    public async Task OldOne_CrashLoops_IsReplacedByAGoodOneOrStopsForGood()
    {
        var table = new FaultTable("6-crash-loop-old");
        string[] services = ["cra", "crb", "crc", "crd"];
        await Task.WhenAll(services.Select(BreakAsync));

        foreach (var service in services)
        {
            var ended = await (await node.DeployAsync(FaultServices.Single(service, 2))).EndAsync();
            table.Add(
                $"good version of {service} over one that crash-loops", "Succeeded, v2 serves",
                $"{ended.Outcome}, {await node.SettledAsync(FaultServices.Single(service, 2), "v2 serves")}");
        }

        await Task.WhenAll(services.Select(BreakAsync));
        foreach (var service in services)
        {
            var ended = await (
                await WatchedOperation.FollowAsync(
                    node.Client.RunAsync(OperationKind.Stop, service, null, OperationOptions.Default, CancellationToken.None))).EndAsync();
            table.Add(
                $"stop of {service}, which crash-loops", "Succeeded, v1 is stopped",
                $"{ended.Outcome}, {await Standing.OfAsync(node, FaultServices.Single(service, 1))}");
        }
        table.Write();
        Assert.Empty(table.Wrong);
    }

    /// <summary>Who was asked to end before the agent was killed ends when nobody is there to start it again.</summary>
    [EngineFact]
    public async Task OldOne_TakesItsTimeToEndWhenTheAgentIsKilled_ComesBack()
    {
        var table = new FaultTable("6-slow-end");
        var slow = With(
            FaultServices.Single("slow", 1),
            FaultServices.Serve.Replace("'exit 0'", "'echo ending; sleep 2; exit 0'", StringComparison.Ordinal));
        await node.DeployWellAsync(slow);
        var old = (await node.Engine.Runtime.InspectAsync("slow-slowweb", default))!;

        var operation = await node.DeployAsync(FaultServices.Single("slow", 2));
        await foreach (var line in node.Engine.Runtime.LogsAsync(old.Id, new LogQuery(Follow: true), default))
            if (line.Text == "ending")
                break;
        await node.KillAgentAsync();
        await node.StartAgentAsync();

        var ended = await operation.EndAsync();
        table.Add(
            "agent killed while the old container is ending", "RolledBack, v1 serves",
            $"{ended.Outcome}, {await node.SettledAsync(slow, "v1 serves")}");
        table.Write();
        Assert.Empty(table.Wrong);
    }

    /// <summary>Deploys a first version, and makes it crash each time it is started.</summary>
    private async Task BreakAsync(string service)
    {
        const string Breakable = "[ -e /tmp/broken ] && exit 3; trap 'touch /tmp/broken; exit 3' USR1; " + FaultServices.Serve;
        await node.DeployWellAsync(With(FaultServices.Single(service, 1), Breakable));
        var container = ContainerName.For(service, service + "web");
        await ChildProcess.RunAsync(
            "podman", [.. node.Engine.GlobalArguments, "kill", "--signal", "USR1", container], node.Engine.Environment);
        await Eventually.TrueAsync(
            async () => (await node.Engine.Runtime.InspectAsync(container, default))!.RestartCount > 1, TimeSpan.FromSeconds(30),
            () => $"{service} does not crash again and again");
    }

    private static ServiceDefinition With(ServiceDefinition definition, string script) => definition with
    {
        Components = [.. definition.Components.Select(c => c with { Command = ["sh", "-c", script] })],
    };
}
