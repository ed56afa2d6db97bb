using Mcp.Bench.Measuring;

namespace Mcp.Bench.Rows;

/// <summary>Commands that only look.</summary>
internal static class CommandRows
{
    private const int VersionRuns = 10;

    public static readonly Row Version = new("version", "`mcp --version`",
        $"`mcp --version` and `podman --version` in turns, 15 rounds, in each of which a shell runs it {VersionRuns} times one "
        + "after the other; time of one, with what the shell takes to start a process.",
        async (session, cancellationToken) =>
        {
            var rounds = new Rounds();
            var now = rounds.Add(VersionOf(session.Now.Mcp))!;
            var peer = rounds.Add(VersionOf(Peers.Need(session.Peers.Podman, "podman")));
            var before = rounds.Add(session.Before is { } earlier ? VersionOf(earlier.Mcp) : null);
            await rounds.RunAsync(15, cancellationToken);
            return
            [
                new("mcp --version", "ms", Goal.AtMostTimes(0.5), now) { Before = before, PeerName = "podman --version", Peer = peer },
            ];
        });

    public static readonly Row Ps = new("ps", "`mcp ps`",
        "`mcp ps` and `podman ps --format json` of the same containers, in turns, in a store that has no others; 20 rounds with 10 "
        + "components, 10 with 300. An earlier build has a store and as many containers of its own.",
        async (session, cancellationToken) =>
        {
            var few = await PsAsync(session, "small", 10, 20, Goal.AtMostTimes(1), cancellationToken);
            var many = await PsAsync(session, "large", 300, 10, Goal.AtMostTimes(0.5), cancellationToken);
            // No row after this one needs them.
            await session.EndNodesAsync("large");
            return [few, many];
        });

    private static Func<CancellationToken, Task<double>> VersionOf(string program)
    {
        var command = new Command("/bin/sh", "-c", $"for i in $(seq {VersionRuns}); do \"$0\" --version >/dev/null; done", program);
        return async token => await command.TimeAsync(token) / VersionRuns;
    }

    private static async Task<Figure> PsAsync(
        Session session, string place, int components, int rounds, Goal goal, CancellationToken cancellationToken)
    {
        var nodes = new Dictionary<Build, Node>();
        foreach (var build in session.Builds)
            nodes[build] = await Deployed.HaveAsync(session, place, build, components, cancellationToken);
        return await InTurnsAsync($"mcp ps, {components} components", goal, session, build => nodes[build].Mcp("ps"),
            ("podman ps --format json", nodes[session.Now].Podman("ps", "--format", "json")), rounds, cancellationToken);
    }

    private static async Task<Figure> InTurnsAsync(
        string what, Goal goal, Session session, Func<Build, Command> ours, (string Name, Command Command) peer, int count,
        CancellationToken cancellationToken)
    {
        var rounds = new Rounds();
        var now = rounds.Add(ours(session.Now).TimeAsync)!;
        var theirs = rounds.Add(peer.Command.TimeAsync);
        var before = rounds.Add(session.Before is { } earlier ? ours(earlier).TimeAsync : null);
        await rounds.RunAsync(count, cancellationToken, warmUps: 2);
        return new(what, "ms", goal, now) { Before = before, PeerName = peer.Name, Peer = theirs };
    }
}
