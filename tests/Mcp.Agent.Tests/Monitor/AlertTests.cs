using System.Text.Json;
using Mcp.Agent.Monitor;
using Mcp.Core.Status;
using Mcp.Testing;

namespace Mcp.Agent.Tests.Monitor;

public sealed class AlertTests : IDisposable
{
    private static readonly EventEntry Drift =
        new(7, DateTimeOffset.UnixEpoch, "shop", "web", "drift", "", "", "desired \"running\", ü", "");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task Run_Command_IsToldByEnvironmentAndInput()
    {
        var options = Options("""printf '%s\n' "$0" "$MCP_NODE" "$MCP_EVENT_KIND" "$MCP_SERVICE" "$MCP_COMPONENT" "$MCP_MESSAGE" "$MCP_EVENT_ID" > $1/env; cat > $1/json""", "a b;$(c)");

        Assert.Null(await new AlertCommand(options, TimeProvider.System).RunAsync(Drift, CancellationToken.None));

        Assert.Equal(
            ["a b;$(c)", "rift", "drift", "shop", "web", "desired \"running\", ü", "7"], await File.ReadAllLinesAsync(_folder.File("env")));
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("json")));
        Assert.Equal(
            ["rift", "7", "1970-01-01T00:00:00+00:00", "drift", "shop", "web", "desired \"running\", ü"],
            ((string[])["node", "id", "at", "kind", "service", "component", "message"])
                .Select(name => json.RootElement.GetProperty(name).ToString()));
    }

    [UnixFact]
    public async Task Run_CommandThatFails_TellsItsCodeAndWords()
    {
        var failure = await new AlertCommand(Options("echo no route to pager >&2; exit 3"), TimeProvider.System)
            .RunAsync(Drift, CancellationToken.None);

        Assert.Equal("alert command sh failed with exit code 3: no route to pager", failure);
    }

    [Fact]
    public async Task Run_CommandThatIsNotThere_SaysSo()
    {
        var options = new MonitorOptions { Alert = new() { Command = [Path.Combine(_folder.Path, "absent")] } };

        Assert.Contains(
            "can't be started", await new AlertCommand(options, TimeProvider.System).RunAsync(Drift, CancellationToken.None),
            StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Run_CommandThatDoesNotRead_IsNoFailure() =>
        Assert.Null(await new AlertCommand(Options("exec true"), TimeProvider.System).RunAsync(Drift, CancellationToken.None));

    [UnixFact]
    public async Task Run_CommandThatHangs_IsKilledAfterTheTimeout()
    {
        var time = new WatchedTimeProvider();
        var started = _folder.File("started");
        var run = new AlertCommand(Options($"echo $$ > {started}; sleep 600"), time).RunAsync(Drift, CancellationToken.None);
        await time.WaitForTimerAsync();

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("alert command sh was killed: it had not ended after 30 s", await run.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [UnixFact]
    public async Task Run_CommandThatLeavesAChildBehind_IsNotWaitedForEver()
    {
        var run = new AlertCommand(Options("sleep 30 & echo $! > $1/child; exit 1"), TimeProvider.System)
            .RunAsync(Drift, CancellationToken.None);

        Assert.StartsWith(
            "alert command sh failed with exit code 1", await run.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        using var child = System.Diagnostics.Process.GetProcessById(
            int.Parse(await File.ReadAllTextAsync(_folder.File("child")), System.Globalization.CultureInfo.InvariantCulture));
        child.Kill();
    }

    [UnixFact]
    public async Task Offer_SameKindOfOneComponentWithinTheCooldown_RunsOnce()
    {
        using var node = new NodeWatchFixture(Options("echo $MCP_SERVICE $MCP_EVENT_KIND >> $1/log"));
        using var stop = new CancellationTokenSource();
        var queue = node.Alerts.RunAsync(stop.Token);

        Offer("a", "drift");
        Offer("a", "drift");
        Offer("a", "flapping");
        Offer("b", "drift");
        Offer("a", "state");
        // The same clock tells how long a command may take.
        await Alerts(node, 3);
        node.Time.Advance(node.Options.Alert.Cooldown);
        Offer("a", "drift");
        await Alerts(node, 4);

        Assert.Equal(["a drift", "a flapping", "b drift", "a drift"], await File.ReadAllLinesAsync(_folder.File("log")));
        Assert.Equal("ran sh for drift of a/web", node.Events.Query(new()).First().Message);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue);

        void Offer(string service, string kind) => node.Alerts.Offer(Drift with { Service = service, Kind = kind });
    }

    [Fact]
    public async Task Offer_CommandThatFails_IsAnEventAndTheQueueGoesOn()
    {
        using var node = new NodeWatchFixture(new() { Alert = new() { Command = [Path.Combine(_folder.Path, "absent")] } });
        using var stop = new CancellationTokenSource();
        var queue = node.Alerts.RunAsync(stop.Token);

        node.Alerts.Offer(Drift);
        node.Alerts.Offer(Drift with { Kind = "flapping" });
        await Alerts(node, 2);

        Assert.All(node.Events.Query(new()), e => Assert.Equal(("alert-failed", "shop", "web"), (e.Kind, e.Service, e.Component)));
        Assert.False(queue.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue);
    }

    private static async Task Alerts(NodeWatchFixture node, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var _ in node.Events.FollowAsync(new(), limit.Token))
            if (--count == 0)
                return;
    }

    /// <summary>A shell script with the test's folder as $1.</summary>
    private MonitorOptions Options(string script, string name = "alert") => new()
    {
        Node = "rift",
        Alert = new() { Command = ["/bin/sh", "-c", script, name, _folder.Path] },
    };
}
