using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mcp.Bench.Measuring;
using Mcp.Core.Status;
using Mcp.Testing;
using Mcp.Testing.Agents;

namespace Mcp.Bench.Rows;

/// <summary>Fifty nodes asked at once, of which two do not answer.</summary>
internal static class FleetRow
{
    private const int Living = 48;
    private static readonly TimeSpan Slowest = TimeSpan.FromMilliseconds(500);

    public static readonly Row Fleet = new("fleet", "50 nodes at once",
        $"`mcp ps` over 50 nodes: {Living} agents (the test suite's, in one process: real TLS and gRPC) that answer after 0 to "
        + $"{Slowest.TotalMilliseconds} ms, evenly spread; at one nothing listens; one accepts connections and never says a word. From "
        + "the start of the process until the last living node's row is there, against `mcp ps --node` of the slowest living one; and "
        + "until the end, against `mcp ps --node` of the hung one, which is one timeout. In turns, 3 rounds.",
        async (session, cancellationToken) =>
        {
            await using var fleet = await FleetOfAgents.StartAsync(session.Scratch, Living, Slowest);
            var rounds = new Rounds();
            var ends = new Dictionary<Build, Samples>();
            var rows = new Dictionary<Build, Samples>();
            foreach (var build in session.Builds)
            {
                var end = ends[build] = new();
                rows[build] = rounds.Add(async token =>
                {
                    var (last, whole) = await AllAsync(build, fleet, token);
                    end.Add(whole);
                    return last;
                })!;
            }
            var slowest = rounds.Add(Ask(session.Now, fleet, fleet.SlowestNode).TimeAsync)!;
            var hung = rounds.Add((Ask(session.Now, fleet, FleetOfAgents.HungNode) with { MayFail = true }).TimeAsync)!;
            await rounds.RunAsync(3, cancellationToken, warmUps: 0);
            var earlier = session.Before;
            return
            [
                new("mcp ps, 50 nodes, until all living ones are shown", "ms", Goal.AtMostTimes(1.5), rows[session.Now])
                {
                    Before = earlier is null ? null : rows[earlier], PeerName = "the slowest living one", Peer = slowest,
                },
                new("mcp ps, 50 nodes, until the end", "ms", Goal.AtMostTimes(1.2), ends[session.Now])
                {
                    Before = earlier is null ? null : ends[earlier], PeerName = "the hung one alone", Peer = hung,
                },
            ];
        });

    private static Command Ask(Build build, FleetOfAgents fleet, string node) =>
        new(build.Mcp, "ps", "--node", node) { Environment = fleet.Environment };

    /// <returns>Milliseconds until the last row, and until the end.</returns>
    private static async Task<(double Rows, double End)> AllAsync(Build build, FleetOfAgents fleet, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(build.Mcp) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add("ps");
        foreach (var (name, value) in fleet.Environment)
            info.Environment[name] = value;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var (rows, last) = (0, TimeSpan.Zero);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            if (line.Contains("node-", StringComparison.Ordinal))
                (rows, last) = (rows + 1, clock.Elapsed);
        await process.WaitForExitAsync(cancellationToken);
        var end = clock.Elapsed;
        var said = await errors;
        if (rows != Living || !((string[])["node dead", "node hung"]).All(said.Contains))
            throw new InvalidOperationException($"{rows} rows came, and: {said}");
        return (last.TotalMilliseconds, end.TotalMilliseconds);
    }
}

/// <summary>Agents in this process, and a workstation that knows them; the dead and the hung node come first in its config.</summary>
internal sealed class FleetOfAgents : IAsyncDisposable
{
    public const string HungNode = "hung";

    private readonly List<TestAgent> _agents = [];
    private readonly TcpListener _hung = new(IPAddress.Loopback, 0);
    private readonly string _config;

    private FleetOfAgents(string config) => _config = config;

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["MCP_CONFIG"] = _config,
        ["NO_COLOR"] = "1",
    };

    public string SlowestNode => Name(_agents.Count - 1);

    public static async Task<FleetOfAgents> StartAsync(TempFolder scratch, int living, TimeSpan slowest)
    {
        var fleet = new FleetOfAgents(scratch.File("fleet", "mcp.toml"));
        // The system accepts for it; nobody ever reads.
        fleet._hung.Start(512);
        var config = new StringBuilder();
        for (var i = 0; i < living; i++)
        {
            var delay = slowest * i / (living - 1);
            var agent = await TestAgent.StartAsync(script: new ScriptedAgent
            {
                Services = [ServiceOf(i)],
                Answering = token => Task.Delay(delay, token),
            });
            fleet._agents.Add(agent);
            Add(config, Name(i), agent.Address, agent.Fingerprint);
        }
        var fingerprint = fleet._agents[0].Fingerprint;
        var first = new StringBuilder();
        Add(first, "dead", $"https://127.0.0.1:{FreePort.Closed}", fingerprint);
        Add(first, HungNode, $"https://127.0.0.1:{((IPEndPoint)fleet._hung.LocalEndpoint).Port}", fingerprint);
        await File.WriteAllTextAsync(fleet._config, first.Append(config).ToString());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(fleet._config, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return fleet;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await agent.DisposeAsync();
        _hung.Dispose();
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number:00}");

    private static ServiceStatus ServiceOf(int number) => new()
    {
        Name = $"service-{number}",
        DeployedAt = DateTimeOffset.UnixEpoch,
        DeployedBy = "bench",
        Components =
        [
            new()
            {
                Service = $"service-{number}",
                Component = "web",
                Container = $"service-{number}-web",
                Image = "localhost/web:v1",
                Version = "v1",
                Desired = DesiredState.Running,
                State = ObservedState.Running,
            },
        ],
    };

    private static void Add(StringBuilder config, string name, string address, string fingerprint) => config.Append(
        CultureInfo.InvariantCulture,
        $"[[nodes]]\nname = \"{name}\"\naddress = \"{address}\"\nfingerprint = \"{fingerprint}\"\ntoken = \"{TestAgent.Token}\"\n");
}
