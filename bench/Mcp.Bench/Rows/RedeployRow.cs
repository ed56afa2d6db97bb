using System.Diagnostics;
using System.Globalization;
using Mcp.Bench.Measuring;
using Mcp.Core.Client;
using Mcp.Testing.Engines;

namespace Mcp.Bench.Rows;

/// <summary>Deploys under load: start-first, so that nobody notices.</summary>
internal static class RedeployRow
{
    private const int Redeploys = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1) / 200;

    public static readonly Row Redeploy = new("redeploy", "Start-first redeploys under load",
        $"{Redeploys} start-first deploys of a busybox web server, one after the other, while a client asks it 200 times a second, "
        + "each over a new connection, at the host port that the agent's route has at that moment (asked every 20 ms: nothing stands "
        + "in front of routes yet, and a proxy would do the same); drain = \"1s\". Failed is what is refused, cut off or takes more "
        + "than 5 s.",
        async (session, cancellationToken) =>
        {
            using var now = await MeasureAsync(session, session.Now, cancellationToken);
            using var before = session.Before is { } earlier ? await MeasureAsync(session, earlier, cancellationToken) : null;
            return
            [
                new("requests that failed", "", Goal.AtMost(0, ""), Samples.Of(now.Failed))
                {
                    Before = before is null ? null : Samples.Of(before.Failed),
                },
                new("the slowest answer", "ms", Goal.Below(250, "ms"), now.Times)
                {
                    Before = before?.Times, Middle = samples => samples.Max,
                },
            ];
        });

    private static async Task<Load> MeasureAsync(Session session, Build build, CancellationToken cancellationToken)
    {
        var node = await session.NodeAsync("redeploy", build, cancellationToken);
        Define(node, 0);
        await node.Mcp("deploy", "site").RunAsync(cancellationToken);
        using var client = node.Connect();
        var load = new Load(await PortAsync(client, cancellationToken));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = load.RunAsync(Interval, ending.Token);
        var following = FollowAsync(client, load, ending.Token);
        for (var version = 1; version <= Redeploys; version++)
        {
            Define(node, version);
            await node.Mcp("deploy", "site").RunAsync(cancellationToken);
        }
        await ending.CancelAsync();
        await following;
        await asking;
        await session.EndNodesAsync("redeploy");
        return load;
    }

    private static void Define(Node node, int version) => File.WriteAllText(Path.Combine(node.Services, "site.toml"),
        string.Create(CultureInfo.InvariantCulture, $$"""
            name = "site"

            [[components]]
            name = "web"
            image = "{{TestEngine.Image}}"
            cmd = ["sh", "-c", "mkdir -p /tmp/www; echo v{{version}} >/tmp/www/index.html; exec httpd -f -p $PORT -h /tmp/www"]
            strategy = "start-first"
            drain = "1s"
            stop_timeout = "1s"
            health = { http = "/index.html", interval = "100ms" }

              [[components.routes]]
              port = 443

            """));

    private static async Task<int> PortAsync(AgentClient client, CancellationToken cancellationToken) =>
        (await client.ListRoutesAsync("site", cancellationToken))[0].HostPort;

    private static async Task FollowAsync(AgentClient client, Load load, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                load.Port = await PortAsync(client, cancellationToken);
                await Task.Delay(20, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The deploys are over.
        }
    }

    /// <summary>Requests at a steady pace, whatever the answers take.</summary>
    private sealed class Load(int port) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

        private readonly HttpClient _client =
            new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Patience };
        private int _failed;

        public int Port { get; set; } = port;

        public int Failed => _failed;

        public Samples Times { get; } = new();

        public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
        {
            var underWay = new List<Task>();
            var clock = Stopwatch.StartNew();
            for (var count = 1; !cancellationToken.IsCancellationRequested; count++)
            {
                underWay.Add(AskAsync());
                if (count % 1000 == 0)
                    underWay.RemoveAll(task => task.IsCompleted);
                if (interval * count - clock.Elapsed is var pause && pause > TimeSpan.Zero)
                    await Task.Delay(pause, CancellationToken.None);
            }
            await Task.WhenAll(underWay);
        }

        public void Dispose() => _client.Dispose();

        private async Task AskAsync()
        {
            var clock = Stopwatch.StartNew();
            try
            {
                await _client.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/index.html"));
                lock (Times)
                    Times.Add(clock.Elapsed.TotalMilliseconds);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }
}
