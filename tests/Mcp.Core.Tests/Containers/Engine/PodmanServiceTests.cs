using System.Collections.Concurrent;
using System.Diagnostics;
using Mcp.Core.Containers;
using Mcp.Core.Containers.Engine;
using Mcp.Core.Tests.Containers.Contract;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Engine;

[Trait("Group", "contract")]
public sealed class PodmanServiceTests(PodmanFixture fixture) : IClassFixture<PodmanFixture>, IDisposable
{
    private readonly TempFolder _data = new("mcp-svc-");
    private readonly ConcurrentQueue<string> _log = new();

    public void Dispose() => _data.Dispose();

    [EngineFact]
    public async Task Start_RealPodman_AnswersAndIsGoneAfterDisposal()
    {
        int id;
        string socket;
        await using (var service = Service())
        {
            await service.StartAsync(default);
            (id, socket) = (service.ProcessId!.Value, service.SocketPath);
            using var runtime = new DockerEngineRuntime(socket);
            Assert.Equal("podman", (await runtime.GetInfoAsync(default)).Name);
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(socket)!));
        }

        Assert.False(Directory.Exists($"/proc/{id}"));
        Assert.False(File.Exists(socket));
        Assert.DoesNotContain(_log, line => line.Contains("again", StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task Dispose_WithRunningContainer_LeavesItRunningForTheNextService()
    {
        string id;
        DateTimeOffset? started;
        await using (var service = Service())
        {
            await service.StartAsync(default);
            using var runtime = new DockerEngineRuntime(service.SocketPath);
            id = await runtime.RunAsync(
                new ContainerSpec { Name = "survivor-" + Guid.NewGuid().ToString("N"), Image = TestEngine.Image }, default);
            started = (await runtime.InspectAsync(id, default))!.StartedAt;
            var clock = Stopwatch.StartNew();
            await service.DisposeAsync();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(4), $"ending took {clock.Elapsed}");
        }

        await using var next = Service();
        await next.StartAsync(default);
        using var again = new DockerEngineRuntime(next.SocketPath);
        var info = await again.InspectAsync(id, default);
        Assert.Equal((ContainerState.Running, started), (info!.State, info.StartedAt));
        await again.RemoveAsync(id, default);
    }

    [EngineFact]
    public async Task Supervision_ServiceKilled_StartsAnotherOnTheSameSocket()
    {
        await using var service = Service();
        await service.StartAsync(default);
        var first = service.ProcessId!.Value;
        using var runtime = new DockerEngineRuntime(service.SocketPath);
        await runtime.GetInfoAsync(default);

        Process.GetProcessById(first).Kill();

        await Eventually.TrueAsync(
            async () => service.ProcessId is { } now && now != first && await runtime.GetInfoAsync(default) is not null,
            TimeSpan.FromSeconds(20),
            () => "it is not started again: " + string.Join('\n', _log));
        Assert.Contains(_log, line => line.Contains("ended with exit code 137", StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task Restart_ServiceThatHangs_StartsAnotherOnTheSameSocket()
    {
        await using var service = Service();
        await service.StartAsync(default);
        var first = service.ProcessId!.Value;
        using var runtime = new DockerEngineRuntime(service.SocketPath);
        await ChildProcess.RunAsync("kill", ["-STOP", $"{first}"]);

        await service.RestartAsync();

        await Eventually.TrueAsync(
            async () => service.ProcessId is { } now && now != first && await runtime.GetNameAsync(default) == "podman",
            TimeSpan.FromSeconds(20), () => "it is not started again: " + string.Join('\n', _log));
        Assert.False(Directory.Exists($"/proc/{first}"));
    }

    [EngineFact]
    public async Task Start_LeftOverOfAKilledAgent_IsReplaced()
    {
        var files = new PodmanServiceFiles(_data.Path);
        files.Prepare();
        await using var leftOver = ChildProcess.Start(Wrapper(), ["system", "service", "--time=0", "unix://" + files.SocketPath]);
        files.WriteProcessId(leftOver.Id);
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(files.SocketPath)), TimeSpan.FromSeconds(10), () => leftOver.Output);

        await using var service = Service();
        await service.StartAsync(default);

        Assert.True(leftOver.HasExited);
        Assert.NotEqual(leftOver.Id, service.ProcessId);
        using var runtime = new DockerEngineRuntime(service.SocketPath);
        await runtime.GetInfoAsync(default);
    }

    [EngineFact]
    public async Task Open_NoSocketButPodmanOnPath_RunsItsOwnService()
    {
        Wrapper();
        var machine = new EngineSurroundings
        {
            Environment = name => name == "PATH" ? _data.Path : null,
            FileExists = path => path.StartsWith(_data.Path, StringComparison.Ordinal) && File.Exists(path),
            IsWindows = false,
        };

        await using var engine = await ContainerEngine.OpenAsync(
            new EngineSettings { DataDirectory = _data.Path, Kind = EngineKind.Podman, Socket = null }, machine, _log.Enqueue,
            TimeProvider.System, default);

        Assert.Equal(("podman", "own podman service"), (engine.Info.Name, engine.Origin));
        Assert.NotNull(await engine.Runtime.InspectImageAsync(TestEngine.Image, default));
    }

    [EngineFact]
    public async Task Open_ConfiguredSocket_IsUsedAndNotEnded()
    {
        await using (var engine = await ContainerEngine.OpenAsync(
            new EngineSettings { DataDirectory = _data.Path, Socket = "unix://" + fixture.Engine.SocketPath }, _log.Enqueue,
            TimeProvider.System, default))
            Assert.Equal("configuration", engine.Origin);

        await fixture.Runtime.GetInfoAsync(default);
    }

    private PodmanService Service() => new(Wrapper(), _data.Path, _log.Enqueue, TimeProvider.System);

    /// <summary>podman with the storage of the fixture's engine.</summary>
    private string Wrapper()
    {
        var path = _data.Write(
            "podman",
            $"#!/bin/sh\nexec {ChildProcess.Find("podman")} {string.Join(' ', ((PodmanEngine)fixture.Engine).GlobalArguments)} \"$@\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
