using System.Diagnostics;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Collections;
using Mcp.Core.Definitions;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Core.Status;
using Mcp.Testing.Engines;

namespace Mcp.EndToEnd.Hardening;

/// <summary>Requests that would make the agent work for ever, or its engine fail.</summary>
[Trait("Group", "e2e")]
public sealed class BoundedWorkTests(NodeFixture node) : IClassFixture<NodeFixture>
{
    private const string Item = "1 bounded work";

    [EngineFact]
    public async Task Plan_OfFiftyThousandComponentsInAChain_IsRefusedBeforeAnythingWalksThem()
    {
        using var client = Client();
        await AttackAsync(
            "plan of 50,000 components in a chain", "components of ServiceDefinition has more than 500 entries",
            () => client.PlanAsync(Chain("chained", 50_000, 0), null, OperationOptions.Default, CancellationToken.None));
    }

    [EngineFact]
    public async Task Plan_OfAsManyComponentsAndRoutesAsPermitted_IsMadeWhileOthersAreAnswered()
    {
        using var client = Client();
        var (before, clock) = (HardeningTable.Resident(node.Agent.Pid), Stopwatch.StartNew());
        var planning = client.PlanAsync(Chain("chained", 500, 2), null, OperationOptions.Default, CancellationToken.None);
        var answered = 0;
        while (!planning.IsCompleted)
        {
            await client.GetStatusAsync(null, CancellationToken.None);
            answered++;
        }
        var plan = await planning;
        var took = clock.Elapsed;

        Assert.Equal(500, plan.Components.Count);
        HardeningTable.Add(
            Item, "plan of 500 components in a chain with 1,000 routes", before, HardeningTable.Resident(node.Agent.Pid), took,
            $"planned; {answered} other calls were answered meanwhile");
    }

    [EngineFact]
    public async Task Plan_OfMoreRoutesThanPermitted_IsRefused()
    {
        using var client = Client();
        await AttackAsync(
            "plan of 6,000 routes", "the service has more than 1000 routes",
            () => client.PlanAsync(Chain("routed", 100, 60), null, OperationOptions.Default, CancellationToken.None));
    }

    [EngineFact]
    public async Task Numbers_OutOfRange_AreRefusedAtTheEdge()
    {
        using var client = Client();
        foreach (var tail in (int[])[int.MaxValue, -7])
            await AttackAsync(
                $"logs with tail {tail}", $"tail of GetLogsRequest is {tail}",
                () => DrainAsync(client.GetLogsAsync(new("nothing", Tail: tail), CancellationToken.None)));
        var negative = Chain("negative", 1, 0);
        negative = negative with { Components = [negative.Components[0] with { Drain = TimeSpan.FromSeconds(-5) }] };
        await AttackAsync(
            "deploy with a negative duration", "seconds of Duration is -5",
            () => DrainAsync(client.DeployAsync(negative, null, OperationOptions.Default, CancellationToken.None)));
        Assert.Equal("podman", (await client.GetNodeStatusAsync(CancellationToken.None)).EngineName);
        Assert.Empty((await client.GetStatusAsync(null, CancellationToken.None)).Services);
    }

    [EngineFact]
    public async Task Images_WithPathsOfOtherThings_AreNotAskedFor()
    {
        using var client = Client();
        foreach (var image in (string[])["../containers/json", "a/../../containers/json", "x?all=1", "localhost/x/../../info"])
            await AttackAsync(
                $"FindImages of {image}", "is neither an image id nor an image reference",
                () => client.FindImagesAsync([image], CancellationToken.None), "11 references");
        var pinned = OperationOptions.Default with
        {
            Images = new() { Digests = new(new Dictionary<string, string> { [NodeFixture.Image] = "../containers/json" }) },
        };
        await AttackAsync(
            "a pin of ../containers/json", "which is no digest",
            () => client.PlanAsync(Chain("pinned", 1, 0), null, pinned, CancellationToken.None), "11 references");
    }

    /// <summary>The attack is refused with this, and the agent answers afterwards.</summary>
    private async Task AttackAsync(string attack, string refusal, Func<Task> call, string item = Item)
    {
        using var client = Client();
        var (before, clock) = (HardeningTable.Resident(node.Agent.Pid), Stopwatch.StartNew());
        var error = await Assert.ThrowsAsync<McpException>(call);
        var took = clock.Elapsed;

        Assert.Contains(refusal, error.Message, StringComparison.Ordinal);
        await client.GetStatusAsync(null, CancellationToken.None);
        Assert.True(took < TimeSpan.FromSeconds(20), $"{attack} took {took}");
        HardeningTable.Add(
            item, attack, before, HardeningTable.Resident(node.Agent.Pid), took, $"refused as {error.Id}; the agent answers");
    }

    private AgentClient Client() =>
        new(WorkstationConfig.Load(WorkstationEnvironment.Current, node.ConfigFile).SelectNode(null), new());

    private static async Task DrainAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (var _ in items)
        {
        }
    }

    private static ServiceDefinition Chain(string service, int components, int routes) => new()
    {
        Name = service,
        Active = true,
        Components = Enumerable.Range(0, components).Select(i => new ComponentDefinition
        {
            Name = $"c{i}",
            Image = NodeFixture.Image,
            DependsOn = i + 1 < components ? [$"c{i + 1}"] : [],
            Routes = Enumerable.Range(0, routes)
                .Select(r => new RouteDefinition { Name = $"r{r}", Port = 1 + (i * routes) + r, Hostname = $"h{i}.example.com" })
                .ToValueList(),
        }).ToValueList(),
    };
}
