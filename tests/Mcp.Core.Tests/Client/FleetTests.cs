using Mcp.Core.Client;
using Mcp.Core.Status;
using Mcp.Testing.Agents;

namespace Mcp.Core.Tests.Client;

public sealed class FleetTests
{
    private static readonly EventEntry Event = new(1, DateTimeOffset.UnixEpoch, "hello", "web", "state", "running", "exited", "", "");

    [Fact]
    public async Task Ask_OneDeadNode_IsOneErrorAndTheOthersAnswer()
    {
        await using var one = await TestAgent.StartAsync();
        await using var two = await TestAgent.StartAsync();
        using var fleet = new Fleet([one.Node("one"), TestNodes.Dead("dead"), two.Node("two")], TestNodes.Options);

        var answers = await fleet.AskAsync((client, token) => client.GetNodeStatusAsync(token), default).ToListAsync();

        Assert.Equal(["dead", "one", "two"], answers.Select(a => a.Node.Name).Order());
        Assert.Equal("connection-refused", Assert.Single(answers, a => !a.Succeeded).Error!.Id);
        Assert.All(answers.Where(a => a.Succeeded), a => Assert.Equal("host", a.Value!.Hostname));
    }

    [Fact]
    public async Task Ask_NodeWithoutReadableToken_IsOneErrorToo()
    {
        await using var one = await TestAgent.StartAsync();
        using var fleet =
            new Fleet([one.Node("one"), one.Node("two") with { Token = null, TokenPath = "/nowhere/token" }], TestNodes.Options);
        var answers = await fleet.AskAsync((client, token) => client.GetNodeStatusAsync(token), default).ToListAsync();
        Assert.Equal("no-token", Assert.Single(answers, a => !a.Succeeded).Error!.Id);
        Assert.Single(answers, a => a.Succeeded);
    }

    [Fact]
    public async Task Ask_SlowNode_DoesNotHoldUpTheQuickOne()
    {
        await using var quick = await TestAgent.StartAsync();
        await using var slow = await TestAgent.StartAsync();
        using var fleet = new Fleet([slow.Node("slow"), quick.Node("quick")], TestNodes.Options);
        var go = new TaskCompletionSource();

        await using var answers = fleet.AskAsync(
            async (client, token) =>
            {
                if (client.Node.Name == "slow")
                    await go.Task;
                return await client.GetNodeStatusAsync(token);
            },
            default).GetAsyncEnumerator();

        Assert.True(await answers.MoveNextAsync());
        Assert.Equal("quick", answers.Current.Node.Name);
        go.SetResult();
        Assert.True(await answers.MoveNextAsync());
        Assert.Equal("slow", answers.Current.Node.Name);
        Assert.False(await answers.MoveNextAsync());
    }

    [Fact]
    public async Task Stream_CallerHasSeenEnough_EndsTheNodesStreams()
    {
        await using var one = await TestAgent.StartAsync(script: new() { Events = [Event] });
        await using var two = await TestAgent.StartAsync(script: new() { Events = [Event] });
        using var fleet = new Fleet([one.Node("one"), two.Node("two")], TestNodes.Options);

        var seen = await fleet.StreamAsync((client, token) => client.GetEventsAsync(new(Follow: true), token), default).Take(2)
            .ToListAsync();

        Assert.Equal([Event, Event], seen.Select(s => s.Value));
        await one.Script.Left.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await two.Script.Left.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Stream_Cancelled_Ends()
    {
        await using var one = await TestAgent.StartAsync(script: new() { Events = [Event] });
        using var fleet = new Fleet([one.Node("one")], TestNodes.Options);
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in fleet.StreamAsync((client, token) => client.GetEventsAsync(new(Follow: true), token), cancel.Token))
                await cancel.CancelAsync();
        });
    }
}
