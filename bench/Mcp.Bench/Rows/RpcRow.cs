using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Mcp.Bench.Measuring;
using Mcp.Testing;
using Mcp.V1;

namespace Mcp.Bench.Rows;

/// <summary>Calls per second at the agent's edge.</summary>
internal static class RpcRow
{
    private const int Connections = 4;
    private const int Streams = 10;
    private const int Events = 50;

    public static readonly Row Rpc = new("rpc", "Calls at the agent's edge",
        $"h2load over TLS 1.3 with {Connections} connections of {Streams} calls at once, against the agent and against a server on "
        + "@grpc/grpc-js (bench/grpc-server.js) that answers with the same messages, in turns, 5 rounds. Unary: "
        + $"grpc.health.v1.Health/Check. Stream: mcp.v1.NodeAgent/GetEvents with {Events} events, for which the agent checks the "
        + "token and reads its database; the other server has them in memory. h2load's own work is on the same processors for both.",
        async (session, cancellationToken) =>
        {
            var h2load = new LoadGenerator(Peers.Need(session.Peers.H2Load, "h2load"), session.Scratch, Connections, Streams);
            var targets = new Dictionary<Build, Target>();
            foreach (var build in session.Builds)
                targets[build] = await AgentAsync(session, build, cancellationToken);
            await using var server = await GrpcJsAsync(session, cancellationToken);
            var peer = new Target(Address(server), "");
            var check = session.Scratch.File("check.bin");
            await File.WriteAllBytesAsync(check, Framed([]), cancellationToken);
            var events = session.Scratch.File("events.bin");
            await File.WriteAllBytesAsync(events, Framed(new GetEventsRequest { Tail = Events }.ToByteArray()), cancellationToken);
            Figure[] figures =
            [
                .. await MeasureAsync("unary calls", "/grpc.health.v1.Health/Check", check, 20_000),
                .. await MeasureAsync("streams of 50 events", "/mcp.v1.NodeAgent/GetEvents", events, 2_000),
            ];
            await session.EndNodesAsync("rpc");
            return figures;

            async Task<Figure[]> MeasureAsync(string what, string path, string body, int calls)
            {
                var rounds = new Rounds();
                var (now, nowSlow) = Add(targets[session.Now]);
                var (theirs, theirsSlow) = Add(peer);
                var (before, beforeSlow) = session.Before is { } earlier ? Add(targets[earlier]) : (null, null);
                await rounds.RunAsync(5, cancellationToken);
                return
                [
                    new($"{what} per second", "calls/s", Goal.AtLeastTimes(2), now!)
                    {
                        Before = before, PeerName = "@grpc/grpc-js", Peer = theirs,
                    },
                    new($"{what}, 99 % within", "ms", Goal.None, nowSlow!)
                    {
                        Before = beforeSlow, PeerName = "@grpc/grpc-js, 99 % within", Peer = theirsSlow,
                    },
                ];

                (Samples? Rate, Samples? Slow) Add(Target target)
                {
                    var slow = new Samples();
                    return (rounds.Add(async token =>
                    {
                        var load = await h2load.RunAsync(target.Address + path, target.Token, body, calls, token);
                        slow.Add(load.Slow);
                        return load.PerSecond;
                    }), slow);
                }
            }
        });

    private sealed record Target(string Address, string Token);

    private static async Task<Target> AgentAsync(Session session, Build build, CancellationToken cancellationToken)
    {
        var node = await session.NodeAsync("rpc", build, cancellationToken);
        await node.StopAgentAsync();
        new PastYears(node.DataDirectory).Write(0, 0.001);
        await node.StartAgentAsync(cancellationToken);
        var config = node.LoadNode();
        return new(config.Address.ToString().TrimEnd('/'), config.ReadToken().Reveal());
    }

    private static Task<AgentProcess> GrpcJsAsync(Session session, CancellationToken cancellationToken)
    {
        var node = Peers.Need(session.Peers.Node, "node");
        var modules = Path.Combine(SourceTree.Root, "tests/Mcp.Wire.Tests/clients/node_modules");
        if (!Directory.Exists(Path.Combine(modules, "@grpc", "grpc-js")))
            throw new InvalidOperationException("@grpc/grpc-js is not installed");
        using var certificate = Mcp.Testing.Agents.TestCertificates.SelfSigned("localhost");
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        var unary = session.Scratch.File("unary.bin");
        File.WriteAllBytes(unary, [0x08, 0x01]); // SERVING
        var message = session.Scratch.File("event.bin");
        File.WriteAllBytes(message, new Event
        {
            Id = 1000,
            At = new() { Seconds = 1_764_000_000, Nanos = 123_456_700 },
            Service = "s000",
            Component = "c001",
            Kind = "state",
            From = "exited",
            To = "running",
            Message = "exited -> running",
        }.ToByteArray());
        return AgentProcess.StartAsync(
            node,
            [
                Path.Combine(SourceTree.Root, "bench", "grpc-server.js"), modules,
                session.Scratch.Write("key.pem", key.ExportPkcs8PrivateKeyPem()),
                session.Scratch.Write("certificate.pem", certificate.ExportCertificatePem()), unary, message,
                Events.ToString(CultureInfo.InvariantCulture),
            ],
            [], cancellationToken);
    }

    private static string Address(AgentProcess server) =>
        "https://127.0.0.1:" + server.Output.Split('\n').First(line => line.StartsWith("ready: ", StringComparison.Ordinal))[7..].Trim();

    /// <summary>As gRPC puts a message into a request: not compressed, then its length.</summary>
    private static byte[] Framed(byte[] message)
    {
        var framed = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        return framed;
    }
}
