using Mcp.Bench.Measuring;

namespace Mcp.Bench.Rows;

/// <summary>Deploys, against the bare calls and against other tools.</summary>
internal static class DeployRows
{
    private const int Components = 10;

    public static readonly Row Deploy = new("deploy", "Deploy of 10 components",
        "`mcp deploy` of a new service of ten components, the whole command, images there, stay_up 0; against ten times create and "
        + "start with the same image, command and restart policy straight at podman's socket over kept connections, of which the "
        + "fastest of one, four and ten at once counts in each round. In turns, 7 rounds; everything is removed in between.",
        async (session, cancellationToken) =>
        {
            var rounds = new Rounds();
            using var straight = new StraightDeploy((await EmptyAsync(session, session.Now, cancellationToken)).Engine.SocketPath);
            var now = rounds.Add(await MeasureAsync(session, session.Now, cancellationToken))!;
            var before = rounds.Add(session.Before is { } earlier ? await MeasureAsync(session, earlier, cancellationToken) : null);
            var node = await EmptyAsync(session, session.Now, cancellationToken);
            var peer = rounds.Add(async token =>
            {
                var best = double.MaxValue;
                foreach (var atOnce in (int[])[1, 4, 10])
                {
                    best = Math.Min(best, await straight.RunAsync(Components, atOnce, token));
                    await node.RemoveContainersAsync(token);
                }
                return best;
            });
            await rounds.RunAsync(7, cancellationToken);
            return
            [
                new("mcp deploy, 10 components", "ms", Goal.AtMostTimes(1.15), now)
                {
                    Before = before,
                    PeerName = "create+start at the socket",
                    Peer = peer,
                },
            ];
        });

    public static readonly Row Compose = new("compose", "Deploy of 10 components, other tools",
        "The same deploy, against `docker-compose up -d` (over podman's socket) and `podman-compose up -d` of ten services with "
        + "the same image, command, restart policy and network (network_mode: bridge, so that they create none). In turns, 5 rounds.",
        async (session, cancellationToken) =>
        {
            var node = await EmptyAsync(session, session.Now, cancellationToken);
            var compose = new ComposeProject(node, session.Scratch.File("compose", "docker-compose.yml"), Components);
            var rounds = new Rounds();
            var now = rounds.Add(await MeasureAsync(session, session.Now, cancellationToken))!;
            var before = rounds.Add(session.Before is { } earlier ? await MeasureAsync(session, earlier, cancellationToken) : null);
            var docker = rounds.Add(session.Peers.DockerCompose is { } dockerCompose ? compose.Docker(dockerCompose) : null);
            var podman = rounds.Add(session.Peers.PodmanCompose is { } podmanCompose ? compose.Podman(podmanCompose) : null);
            if (docker is null && podman is null)
                throw new InvalidOperationException("neither docker-compose nor podman-compose is installed");
            await rounds.RunAsync(5, cancellationToken);
            var figures = new List<Figure>();
            if (docker is not null)
                figures.Add(Against("docker-compose up", 2.3, docker));
            if (podman is not null)
                figures.Add(Against("podman-compose up", 11, podman));
            return figures;

            Figure Against(string peer, double times, Samples measured) =>
                new($"mcp deploy, 10 components, and {peer.Split(' ')[0]}", "ms", Goal.TimesFaster(times), now)
                {
                    Before = before,
                    PeerName = peer,
                    Peer = measured,
                };
        });

    public static readonly Row Unchanged = new("unchanged", "Deploy of 10 components that are up to date",
        "`mcp deploy` of a service of ten components that runs as its definition says, and `podman ps --format json` of the same "
        + "store, in turns, 15 rounds.",
        async (session, cancellationToken) =>
        {
            var rounds = new Rounds();
            var nodes = new Dictionary<Build, Node>();
            foreach (var build in session.Builds)
                nodes[build] = await Deployed.HaveAsync(session, "small", build, Components, cancellationToken);
            Command Again(Build build) => nodes[build].Mcp("deploy", "s000");
            var now = rounds.Add(Again(session.Now).TimeAsync)!;
            var peer = rounds.Add(nodes[session.Now].Podman("ps", "--format", "json").TimeAsync);
            var before = rounds.Add(session.Before is { } earlier ? Again(earlier).TimeAsync : null);
            await rounds.RunAsync(15, cancellationToken, warmUps: 2);
            return
            [
                new("mcp deploy, 10 components, unchanged", "ms", Goal.AtMostTimes(2), now)
                {
                    Before = before,
                    PeerName = "podman ps --format json",
                    Peer = peer,
                },
            ];
        });

    /// <summary>A node on which nothing runs between measurements.</summary>
    private static Task<Node> EmptyAsync(Session session, Build build, CancellationToken cancellationToken) =>
        session.NodeAsync("empty", build, cancellationToken);

    private static async Task<Func<CancellationToken, Task<double>>> MeasureAsync(
        Session session, Build build, CancellationToken cancellationToken)
    {
        var node = await EmptyAsync(session, build, cancellationToken);
        node.Define("ten", Components);
        return async token =>
        {
            var time = await node.Mcp("deploy", "ten").TimeAsync(token);
            await node.Mcp("undeploy", "ten", "--yes").RunAsync(token);
            return time;
        };
    }
}
