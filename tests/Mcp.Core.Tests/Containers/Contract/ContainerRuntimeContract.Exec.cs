using Mcp.Core.Containers;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

/// <summary>Commands in a container that runs.</summary>
public abstract partial class ContainerRuntimeContract
{
    [EngineFact]
    public async Task Exec_Command_GivesExitCodeAndBothStreams()
    {
        var id = await Runtime.RunAsync(Spec("exec", Serve), default);

        var result = await Runtime.ExecAsync(id, ["sh", "-c", "echo 'out'; echo 'err' >&2; exit 3"], default);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["err", "out"], result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Equal(0, (await Runtime.ExecAsync(id, ["sh", "-c", "exit 0"], default)).ExitCode);
    }

    [EngineFact]
    public async Task Exec_InAContainerThatIsStoppedOrGone_Fails()
    {
        var id = await Runtime.RunAsync(Spec("execdone", Serve), default);
        await Runtime.StopAsync(id, TimeSpan.Zero, default);

        await FailsAsync(EngineError.Failed, () => Runtime.ExecAsync(id, ["sh", "-c", "exit 0"], default));
        await FailsAsync(EngineError.NotFound, () => Runtime.ExecAsync("no-such-container", ["sh", "-c", "exit 0"], default));
    }

    [EngineFact]
    public async Task Exec_Cancelled_IsLeftAtOnce()
    {
        var id = await Runtime.RunAsync(Spec("execslow", Serve), default);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runtime.ExecAsync(id, ["sh", "-c", "sleep 3600"], patience.Token));
    }
}
