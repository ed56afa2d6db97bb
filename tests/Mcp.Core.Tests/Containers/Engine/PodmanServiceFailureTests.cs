using System.Collections.Concurrent;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Testing;

namespace Mcp.Core.Tests.Containers.Engine;

/// <summary>With programs that stand in for a podman which does not work.</summary>
public sealed class PodmanServiceFailureTests : IDisposable
{
    private readonly TempFolder _data = new("mcp-svc-");
    private readonly ConcurrentQueue<string> _log = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Start_PodmanThatFails_TellsItsWordsAndExitCode()
    {
        await using var service = Service("echo 'Error: cannot set up storage' >&2; exit 125");

        var error = await Assert.ThrowsAsync<EngineException>(() => service.StartAsync(default));

        Assert.Equal(EngineError.Unreachable, error.Error);
        Assert.Contains("exit code 125: Error: cannot set up storage", error.Message, StringComparison.Ordinal);
        Assert.Contains("podman info", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NotExecutable_IsUnreachable()
    {
        await using var service = new PodmanService(_data.Write("podman", "no program"), _data.Path, _log.Enqueue, TimeProvider.System);

        Assert.Equal(EngineError.Unreachable, (await Assert.ThrowsAsync<EngineException>(() => service.StartAsync(default))).Error);
    }

    [Fact]
    public async Task Start_ProcessFileNamesAnotherProgram_LeavesThatAlone()
    {
        var files = new PodmanServiceFiles(_data.Path);
        files.Prepare();
        using var stranger = System.Diagnostics.Process.Start("sleep", ["60"]);
        files.WriteProcessId(stranger.Id);

        Assert.Null(await files.EndLeftOverAsync(TimeSpan.FromSeconds(1), default));

        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Fact]
    public void SocketPath_DeepDataDirectory_FitsIntoASocketAddress()
    {
        var deep = Path.Combine(_data.Path, new string('x', 120));

        var path = new PodmanServiceFiles(deep).SocketPath;

        Assert.True(path.Length < 108, path);
        Assert.Equal(path, new PodmanServiceFiles(deep).SocketPath);
        Assert.NotEqual(path, new PodmanServiceFiles(deep + "y").SocketPath);
    }

    private PodmanService Service(string script)
    {
        var path = _data.Write("podman", "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new PodmanService(path, _data.Path, _log.Enqueue, TimeProvider.System);
    }
}
