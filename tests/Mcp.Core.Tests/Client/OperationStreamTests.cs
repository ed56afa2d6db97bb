using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client;

public sealed class OperationStreamTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    private static readonly OperationPlanned Plan =
        new("op1", At, OperationKind.Restart, "hello", [new(1, "web", "stop", "stop web", "", "")], []);

    private static readonly StepProgressed Step = new("op1", At, 1, StepState.Done, "", TimeSpan.FromSeconds(1));

    private static readonly OperationEnded End = new("op1", At, OperationOutcome.Succeeded, "", "", "", [], TimeSpan.FromSeconds(2));

    [Fact]
    public async Task Read_UnbrokenStream_GivesAllUpdates()
    {
        await using var agent = await TestAgent.StartAsync(script: new() { Updates = [Plan, Step, End] });
        Assert.Equal([Plan, Step, End], await RestartAsync(agent));
        Assert.Equal(["Restart hello/web"], agent.Script.Calls);
    }

    [Theory]
    [InlineData(StreamBreak.Connection)]
    [InlineData(StreamBreak.Reset)]
    [InlineData(StreamBreak.Cancelled)]
    [InlineData(StreamBreak.Stopping)]
    public async Task Read_BrokenStream_TakesUpWatchingWithoutRepeatingAnything(StreamBreak how)
    {
        await using var agent = await TestAgent.StartAsync(script: new() { Updates = [Plan, Step, null, null, End], Break = how });
        Assert.Equal([Plan, Step, End], await RestartAsync(agent));
        Assert.Equal(["Restart hello/web", "Watch op1", "Watch op1"], agent.Script.Calls);
    }

    [Fact]
    public async Task Read_BrokenBeforeTheOperationIsKnown_DoesNotStartItAgain()
    {
        await using var agent = await TestAgent.StartAsync(script: new() { Updates = [null, Plan, End] });
        Assert.Equal(ErrorKind.Unreachable, (await Assert.ThrowsAsync<McpException>(() => RestartAsync(agent))).Kind);
        Assert.Equal(["Restart hello/web"], agent.Script.Calls);
    }

    [Fact]
    public async Task Read_AgentStaysAway_SaysHowToSeeTheOperation()
    {
        var agent = await TestAgent.StartAsync(script: new() { Updates = [Plan, Step] });
        using var client = new AgentClient(agent.Node(), TestNodes.Options with { ResumeFor = TimeSpan.Zero });
        await using var updates = client.RunAsync(OperationKind.Restart, "hello", null, OperationOptions.Default, default)
            .GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.True(await updates.MoveNextAsync());
        await agent.DisposeAsync();

        var error = await Assert.ThrowsAsync<McpException>(async () => await updates.MoveNextAsync());
        Assert.Equal((ErrorKind.Unreachable, "connection-lost"), (error.Kind, error.Id));
        Assert.Contains("mcp watch op1 --node one", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StreamBreak.Connection)]
    [InlineData(StreamBreak.Reset)]
    [InlineData(StreamBreak.Cancelled)]
    [InlineData(StreamBreak.Stopping)]
    public async Task Read_BrokenForGood_IsOneKindOfFailureWithAHint(StreamBreak how)
    {
        await using var agent = await TestAgent.StartAsync(script: new() { Updates = [Plan, Step, null], Break = how });
        using var client = new AgentClient(agent.Node(), TestNodes.Options with { ResumeFor = TimeSpan.Zero });
        var error = await Assert.ThrowsAsync<McpException>(() => ReadAsync(agent, client));

        Assert.Equal((ErrorKind.Unreachable, "connection-lost"), (error.Kind, error.Id));
        Assert.DoesNotContain("Exception", error.Message, StringComparison.Ordinal);
        Assert.Contains("mcp watch op1 --node one", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_CallerLeaves_AgentIsTold()
    {
        await using var agent = await TestAgent.StartAsync(script: new() { Updates = [Plan] });
        using var client = new AgentClient(agent.Node(), TestNodes.Options);
        await foreach (var update in client.RunAsync(OperationKind.Restart, "hello", null, OperationOptions.Default, default))
            break;
        await agent.Script.Left.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<List<OperationUpdate>> RestartAsync(TestAgent agent)
    {
        using var client = new AgentClient(agent.Node(), TestNodes.Options);
        return await ReadAsync(agent, client);
    }

    private static async Task<List<OperationUpdate>> ReadAsync(TestAgent agent, AgentClient client)
    {
        if (agent.Script.Updates[0] is null)
            agent.Script.MayBreak.SetResult();
        var updates = new List<OperationUpdate>();
        await foreach (var update in client.RunAsync(OperationKind.Restart, "hello", "web", OperationOptions.Default, default))
        {
            updates.Add(update);
            if (update is StepProgressed)
                agent.Script.MayBreak.SetResult();
        }
        return updates;
    }
}
