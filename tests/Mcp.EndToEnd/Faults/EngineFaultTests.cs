using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Faults;

/// <summary>What else breaks under a deploy: the engine, the image registry, a host port.</summary>
[Trait("Group", "e2e")]
[Collection(FaultCollection.Name)]
public sealed partial class EngineFaultTests(FaultNode node)
{
    /// <summary>The engine's calls are under way when it goes: it is halted first, so that none is answered.</summary>
    [EngineFact]
    public async Task Engine_KilledInTheMiddleOfASteps_IsTakenBackOrFinishedOnceItIsBack()
    {
        var table = new FaultTable("2-engine-killed");
        (string Service, string Action, string Expected)[] points =
            [("eka", "create", "v1 serves"), ("ekb", "stop", "v1 serves"), ("ekc", "start", "v1 serves"), ("ekd", "verify", "v1 serves"),
                ("eke", "remove", "v2 serves")];
        await Task.WhenAll(points.Select(p => node.DeployWellAsync(FaultServices.Single(p.Service, 1))));
        var held = await Task.WhenAll(points.Select(p => node.HoldAsync(FaultServices.Single(p.Service, 2), p.Action)));

        await node.Engine.PauseServiceAsync();
        await Task.WhenAll(held.Select(h => node.Agent.ReleaseAsync(h.Point)));
        await node.Engine.KillServiceAsync();
        var ends = await Task.WhenAll(held.Select(h => h.Operation.EndAsync()));
        await node.Engine.StartServiceAsync();

        for (var i = 0; i < points.Length; i++)
        {
            var (service, action, expected) = points[i];
            var observed = await node.SettledAsync(FaultServices.Single(service, 1), expected);
            // Who is told of a failure is told of the engine.
            if (ends[i].Outcome != OperationOutcome.Succeeded && !ends[i].Message.Contains("engine", StringComparison.Ordinal))
                observed += $"; the client was told {ends[i].Message}";
            table.Add(
                $"engine killed during {action} of a deploy", expected, observed + await AgainAsync(FaultServices.Single(service, 3)));
        }
        table.Write();
        Assert.Empty(table.Wrong);
    }

    [EngineFact]
    public async Task Engine_PausedInTheMiddle_HoldsTheDeployUpAndNoMore()
    {
        var table = new FaultTable("3-engine-paused");
        string[] actions = ["create", "stop", "start", "verify"];
        await Task.WhenAll(actions.Select((_, i) => node.DeployWellAsync(FaultServices.Single($"ep{(char)('a' + i)}", 1))));
        var held =
            await Task.WhenAll(actions.Select((action, i) => node.HoldAsync(FaultServices.Single($"ep{(char)('a' + i)}", 2), action)));

        await node.Engine.PauseServiceAsync();
        await Task.WhenAll(held.Select(h => node.Agent.ReleaseAsync(h.Point)));
        // Long enough for every call to be waiting; that it is, nobody can tell.
        await Task.Delay(TimeSpan.FromSeconds(2));
        await node.Engine.ContinueServiceAsync();

        for (var i = 0; i < held.Length; i++)
        {
            var ended = await held[i].Operation.EndAsync();
            var observed = $"{ended.Outcome}, {await Standing.OfAsync(node, FaultServices.Single($"ep{(char)('a' + i)}", 2))}";
            table.Add($"engine halted for 2 s during {actions[i]} of a deploy", "Succeeded, v2 serves", observed);
        }
        table.Write();
        Assert.Empty(table.Wrong);
    }

    [EngineFact]
    public async Task Pull_CutOffHalfway_TouchesNothing()
    {
        var table = new FaultTable("4-pull");
        await node.DeployWellAsync(FaultServices.Single("half", 1));
        var before = (await node.Engine.Runtime.InspectAsync("half-halfweb", default))!;
        var wanted = FaultServices.Single("half", 2);
        wanted = wanted with { Components = [wanted.Components[0] with { Image = node.Registry.Image }] };

        var ended = await (await node.DeployAsync(wanted)).EndAsync();

        var standing = await Standing.OfAsync(node, wanted);
        var untouched = (await node.Engine.Runtime.InspectAsync("half-halfweb", default)) is { } now
            && (now.Id, now.StartedAt) == (before.Id, before.StartedAt);
        table.Add(
            "pull cut off halfway", "RolledBack, v1 serves, untouched",
            $"{ended.Outcome}, {standing}, {(untouched ? "untouched" : "replaced")}{await AgainAsync(FaultServices.Single("half", 3))}");
        table.Write();
        Assert.True(node.Registry.Cuts > 0);
        Assert.Contains(node.Registry.Image, ended.Message, StringComparison.Ordinal);
        Assert.Empty(table.Wrong);
    }

    [EngineFact]
    public async Task Port_TakenBetweenAllocationAndStart_IsSaidAndNothingIsLeft()
    {
        var table = new FaultTable("5-port");
        await Task.WhenAll(node.DeployWellAsync(FaultServices.Beside("pb", 1)), node.DeployWellAsync(FaultServices.Single("pc", 1)));

        // The first deploy: nobody had the port before.
        var first = await node.HoldAsync(FaultServices.Single("pa", 1), "start");
        table.Add(
            "port taken before start, first deploy", "Failed or rolled back, nothing serves",
            await StealAsync(first, "pa", FaultServices.Single, "nothing serves"));
        // Start-first: the fresh port is taken, the old container has another.
        var beside = await node.HoldAsync(FaultServices.Beside("pb", 2), "start");
        table.Add(
            "port taken before start, start-first", "Failed or rolled back, v1 serves",
            await StealAsync(beside, "pb", FaultServices.Beside, "v1 serves"));
        // Stop-first: the old one can't have it back either while the thief has it.
        var stopped = await node.HoldAsync(FaultServices.Single("pc", 2), "start");
        table.Add(
            "port taken before start, stop-first (port freed later)", "Failed or rolled back, v1 serves",
            await StealAsync(stopped, "pc", FaultServices.Single, "v1 serves"));

        table.Write();
        Assert.Empty(table.Wrong);
    }

    private async Task<string> StealAsync(HeldDeploy held, string service, Func<string, int, ServiceDefinition> shape, string expected)
    {
        var line = held.Operation.Plan.Steps.First(s => s.Action == "create").RunLine;
        var port = int.Parse(Published().Match(line).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        OperationEnded ended;
        using (var thief = new TcpListener(IPAddress.Loopback, port))
        {
            thief.Start();
            await node.Agent.ReleaseAsync(held.Point);
            ended = await held.Operation.EndAsync();
        }
        var observed = await node.SettledAsync(shape(service, 1), expected);
        var told = ended.Outcome == OperationOutcome.Succeeded || !ended.Message.Contains($"{port}", StringComparison.Ordinal)
            ? $"{ended.Outcome}: {ended.Message}"
            : "Failed or rolled back";
        return $"{told}, {observed}{await AgainAsync(shape(service, 3))}";
    }

    /// <summary>Empty when a new deploy works.</summary>
    private async Task<string> AgainAsync(ServiceDefinition definition)
    {
        var again = await (await node.DeployAsync(definition)).EndAsync();
        var standing = await Standing.OfAsync(node, definition);
        return again.Outcome == OperationOutcome.Succeeded && standing.ToString() == "v3 serves"
            ? ""
            : $"; the next deploy ended as {again.Outcome} ({again.Message}), {standing}";
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+):")]
    private static partial Regex Published();
}
