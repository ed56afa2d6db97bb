using System.Diagnostics;
using Grpc.Compat.Tests.Probe;

namespace Grpc.Compat.Tests.Interop;

/// <summary>A server of probe.proto in another language, in a process of its own.</summary>
public abstract class ForeignServer(Runtime runtime) : IProbePeer
{
    private Process? process;
    private string[] ports = [];

    public Uri Address => new($"http://127.0.0.1:{ports[0]}");

    public Uri LimitedAddress => new($"http://127.0.0.1:{ports[1]}");

    public async Task InitializeAsync()
    {
        if (PeerRuntime.Missing(runtime) is not null)
            return;
        process = Process.Start(PeerRuntime.Script(runtime, "server"))!;
        var line = await Guard.Within(process.StandardOutput.ReadLineAsync())
            ?? throw new InvalidOperationException("The server did not start: " + await process.StandardError.ReadToEndAsync());
        ports = line.Split(' ');
    }

    public async Task DisposeAsync()
    {
        if (process is null)
            return;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
        process.Dispose();
    }
}

public sealed class NodeServer() : ForeignServer(Runtime.Node);

public sealed class PythonServer() : ForeignServer(Runtime.Python);

/// <summary>Our client against @grpc/grpc-js.</summary>
[Trait("Group", "interop")]
[Requires(Runtime.Node)]
public sealed class NodeServerTests(NodeServer peer) : ServerContract, IClassFixture<NodeServer>
{
    private protected override IProbePeer Peer => peer;
}

/// <summary>Our client against grpcio.</summary>
[Trait("Group", "interop")]
[Requires(Runtime.Python)]
public sealed class PythonServerTests(PythonServer peer) : ServerContract, IClassFixture<PythonServer>
{
    private protected override IProbePeer Peer => peer;
}
