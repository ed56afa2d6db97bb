using System.Globalization;
using System.Security.Cryptography;
using Mcp.Bench.Measuring;
using Mcp.Testing.Engines;

namespace Mcp.Bench.Rows;

/// <summary>A large image of which the node lacks one small layer.</summary>
internal static class ImageSendRow
{
    private const int BaseLayers = 5;
    private const int LayerSize = 100_000_000;
    private const int SmallSize = 1_000_000;
    private const string BaseImage = "localhost/bench-base:v1";

    public static readonly Row ImageSend = new("image-send", "Sending an image",
        $"An image of {BaseLayers} layers of {LayerSize / 1_000_000} MB, which the node has, and one of {SmallSize / 1_000_000} MB, "
        + "which it has not, all of random bytes. `mcp image send` from a workstation's podman to the node's podman, whole command, "
        + "against `podman push` to and `podman pull` from a docker-registry on loopback (plain HTTP, which has and whose puller has "
        + "the other layers). In turns, 5 rounds, each with another small layer. Bytes: what goes from workstation to agent, counted "
        + "by a proxy between them.",
        async (session, cancellationToken) =>
        {
            await using var registry = await TestRegistry.StartAsync();
            await using var workstation = await PodmanEngine.StartAsync(registry.Address);
            await using var puller = await PodmanEngine.StartAsync(registry.Address);
            session.Log.WriteLine("  building an image of 500 MB");
            var images = new BenchImages(session.Scratch, workstation);
            await images.BuildBaseAsync(BaseImage, BaseLayers, LayerSize, cancellationToken);
            var archive = session.Scratch.File("base.tar");
            await images.Podman(workstation, "save", "-o", archive, BaseImage).RunAsync(cancellationToken);
            await images.Podman(puller, "load", "-i", archive).RunAsync(cancellationToken);
            // What the registry has before.
            await images.Podman(workstation, "push", "-q", BaseImage, registry.Address + "/bench:base").RunAsync(cancellationToken);

            var rounds = new Rounds();
            var bytes = session.Builds.ToDictionary(build => build, _ => new Samples());
            var times = new Dictionary<Build, Samples>();
            var proxies = new List<CountingProxy>();
            foreach (var build in session.Builds)
            {
                var node = await session.NodeAsync("images", build, cancellationToken);
                await node.Podman("load", "-i", archive).RunAsync(cancellationToken);
                var proxy = new CountingProxy(node.LoadNode().Address.Port);
                proxies.Add(proxy);
                var send = images.Send(node, workstation, proxy.Port);
                times[build] = rounds.Add(async token =>
                {
                    var image = await images.BuildSmallAsync(BaseImage, SmallSize, token);
                    var sent = proxy.Sent;
                    var time = await send(image).TimeAsync(token);
                    bytes[build].Add((proxy.Sent - sent) / 1e6);
                    await node.Podman("image", "exists", image).RunAsync(token);
                    return time;
                })!;
            }
            var peer = rounds.Add(async token =>
            {
                var image = await images.BuildSmallAsync(BaseImage, SmallSize, token);
                var remote = $"{registry.Address}/bench:{image.Split(':')[1]}";
                return await images.Podman(workstation, "push", "-q", image, remote).TimeAsync(token)
                    + await images.Podman(puller, "pull", "-q", remote).TimeAsync(token);
            });
            await rounds.RunAsync(5, cancellationToken);
            foreach (var proxy in proxies)
                await proxy.DisposeAsync();
            await session.EndNodesAsync("images");
            File.Delete(archive);
            return
            [
                new("mcp image send, 500 MB, one layer of 1 MB missing", "ms", Goal.AtMostTimes(1.2), times[session.Now])
                {
                    Before = session.Before is { } earlier ? times[earlier] : null, PeerName = "podman push and pull", Peer = peer,
                },
                new("bytes sent, one layer of 1 MB missing", "MB", Goal.AtMostTimes(1.1), bytes[session.Now])
                {
                    Before = session.Before is { } old ? bytes[old] : null, PeerName = "the layer", Peer = Samples.Of(SmallSize / 1e6),
                },
            ];
        });
}
