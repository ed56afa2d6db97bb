using System.Net;
using System.Net.Sockets;
using Mcp.Core.Collections;
using Mcp.Core.Containers;
using Mcp.Testing;
using Mcp.Testing.Engines;

namespace Mcp.Core.Tests.Containers.Contract;

/// <summary>What every <see cref="IContainerRuntime"/> does, whatever is behind it. This part: lives of containers.</summary>
public abstract partial class ContainerRuntimeContract(ContractFixture fixture) : IAsyncLifetime
{
    /// <summary>Runs until told to end, and ends with 5; deaf until it has said that it is ready.</summary>
    protected const string Serve = "trap 'exit 5' TERM; echo 'ready'; sleep 3600 & wait";

    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..8];

    protected IContainerRuntime Runtime => fixture.Runtime;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (fixture.Unavailable is not null)
            return;
        foreach (var container in await Runtime.ListAsync(Of("test", _prefix), default))
            await Runtime.RemoveAsync(container.Id, default);
    }

    [EngineFact]
    public async Task GetInfo_Always_NamesEngineAndVersion()
    {
        var info = await Runtime.GetInfoAsync(default);
        Assert.Equal(info.Name, await Runtime.GetNameAsync(default));

        Assert.Contains(info.Name, new[] { "podman", "docker", "fake" });
        Assert.NotEmpty(info.Version);
        Assert.NotEmpty(info.ApiVersion);
    }

    [EngineFact]
    public async Task Create_FullSpec_IsShownByInspectUnstarted()
    {
        var port = FreePort.Take();
        using var folder = new TempFolder();
        var spec = Spec("full", "sleep 3600") with
        {
            RestartPolicy = "on-failure:3",
            User = "12:34",
            Ports = [new PortBinding("127.0.0.1", port, 8080), new PortBinding(null, port, 53, "udp")],
            Mounts = [new Mount(folder.Path, "/data", ReadOnly: true)],
            Environment = ["GRÜSSE=Käse & \"Brot\" $HOME", "EMPTY=", "LINES=a\nb"],
            Labels = Labels().With("ümlaut", "wért = 1,2"),
        };

        var id = await Runtime.CreateAsync(spec, default);
        var info = await Runtime.InspectAsync(id, default);

        Assert.NotNull(info);
        Assert.Equal((id, spec.Name, spec.Image), (info.Id, info.Name, info.Image));
        Assert.Equal(ContainerState.Created, info.State);
        Assert.Null(info.ExitCode);
        Assert.Null(info.StartedAt);
        Assert.Null(info.FinishedAt);
        Assert.Equal(fixture.DefaultNetwork, info.Network);
        Assert.Equal(0, info.RestartCount);
        Assert.Equal(("on-failure:3", "12:34"), (info.RestartPolicy, info.User));
        Assert.Equal(spec.Ports.OrderBy(p => p.ContainerPort), info.Ports.OrderBy(p => p.ContainerPort));
        Assert.Equal(spec.Mounts, info.Mounts);
        Assert.Equal(spec.Command, info.Command);
        Assert.All(spec.Environment, variable => Assert.Contains(variable, info.Environment));
        Assert.All(spec.Labels, label => Assert.Equal(label.Value, info.Labels[label.Key]));
        Assert.True(DateTimeOffset.UtcNow - info.CreatedAt < TimeSpan.FromMinutes(1), $"created at {info.CreatedAt}");
        Assert.StartsWith("sha256:", info.ImageId, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Create_NameInUse_IsNameTaken()
    {
        await Runtime.CreateAsync(Spec("twice", "sleep 3600"), default);

        await FailsAsync(EngineError.NameTaken, () => Runtime.CreateAsync(Spec("twice", "sleep 3600"), default));
    }

    [EngineFact]
    public async Task Create_ImageNotThere_IsImageNotFound()
    {
        await FailsAsync(
            EngineError.ImageNotFound, () => Runtime.CreateAsync(Spec("noimage", "") with { Image = "localhost/not-there:v1" }, default));
        await FailsAsync(EngineError.ImageNotFound, () => Runtime.CreateAsync(Spec("noimage", "") with { Image = "not-there" }, default));
    }

    [EngineFact]
    public async Task Create_NetworkNotThere_IsNetworkNotFoundAndLeavesNothing()
    {
        await FailsAsync(
            EngineError.NetworkNotFound, () => Runtime.CreateAsync(Spec("nonet", "sleep 3600") with { Network = "no-such-net" }, default));

        Assert.Null(await Runtime.InspectAsync(Name("nonet"), default));
    }

    [EngineFact]
    public async Task Create_LocalImageByShortName_Works()
    {
        var id = await Runtime.CreateAsync(Spec("short", "sleep 3600") with { Image = "mcp-test:v1" }, default);

        Assert.NotNull(await Runtime.InspectAsync(id, default));
    }

    [EngineFact]
    public async Task Run_Container_RunsWithStartTime()
    {
        var id = await Runtime.RunAsync(Spec("run", Serve), default);
        var info = await Runtime.InspectAsync(Name("run"), default);

        Assert.NotNull(info);
        Assert.Equal(id, info.Id);
        Assert.Equal(ContainerState.Running, info.State);
        Assert.Null(info.ExitCode);
        Assert.Null(info.FinishedAt);
        Assert.True(DateTimeOffset.UtcNow - info.StartedAt < TimeSpan.FromMinutes(1), $"started at {info.StartedAt}");
    }

    [EngineFact]
    public async Task Run_HostPortOfAnotherContainer_IsPortTakenAndLeavesNothing()
    {
        var port = FreePort.Take();
        await Runtime.RunAsync(Spec("holder", Serve) with { Ports = [new PortBinding("127.0.0.1", port, 80)] }, default);

        var error = await FailsAsync(
            EngineError.PortTaken,
            () => Runtime.RunAsync(Spec("late", Serve) with { Ports = [new PortBinding("127.0.0.1", port, 81)] }, default));

        Assert.Contains($"{port}", error.Message + error.Remedy, StringComparison.Ordinal);
        Assert.Null(await Runtime.InspectAsync(Name("late"), default));
    }

    [EngineFact]
    public async Task Start_PortFreedMeanwhile_Works()
    {
        var port = FreePort.Take();
        var holder = await RunServingAsync(Spec("holder", Serve) with { Ports = [new PortBinding(null, port, 80)] });
        var late = await Runtime.CreateAsync(Spec("late", Serve) with { Ports = [new PortBinding(null, port, 80)] }, default);
        await FailsAsync(EngineError.PortTaken, () => Runtime.StartAsync(late, default));

        await Runtime.StopAsync(holder, TimeSpan.FromSeconds(5), default);
        await Runtime.StartAsync(late, default);

        Assert.Equal(ContainerState.Running, (await Runtime.InspectAsync(late, default))!.State);
    }

    [EngineFact]
    public async Task Start_RunningOrMissing_IsNoErrorOrNotFound()
    {
        var id = await Runtime.RunAsync(Spec("again", Serve), default);

        await Runtime.StartAsync(id, default);
        await FailsAsync(EngineError.NotFound, () => Runtime.StartAsync(Name("missing"), default));
    }

    [EngineFact]
    public async Task Start_Stopped_RunsAgainAndForgetsExitCode()
    {
        var id = await RunServingAsync(Spec("again", Serve));
        await Runtime.StopAsync(id, TimeSpan.FromSeconds(5), default);

        await Runtime.StartAsync(id, default);

        var info = await Runtime.InspectAsync(id, default);
        Assert.Equal((ContainerState.Running, null), (info!.State, info.ExitCode));
    }

    [EngineFact]
    public async Task Start_Paused_Runs()
    {
        var id = await Runtime.RunAsync(Spec("paused", Serve), default);
        await fixture.PauseAsync(id);
        Assert.Equal(ContainerState.Paused, (await Runtime.InspectAsync(id, default))!.State);

        await Runtime.StartAsync(id, default);

        Assert.Equal(ContainerState.Running, (await Runtime.InspectAsync(id, default))!.State);
    }

    [EngineFact]
    public async Task Stop_ProcessThatHeeds_EndsWithItsOwnCode()
    {
        var id = await RunServingAsync(Spec("heeds", Serve));

        await Runtime.StopAsync(id, TimeSpan.FromSeconds(20), default);

        var info = await UntilAsync(id, c => c.State == ContainerState.Exited);
        Assert.Equal(5, info.ExitCode);
        Assert.NotNull(info.FinishedAt);
        await Runtime.StopAsync(id, TimeSpan.FromSeconds(1), default);
    }

    [EngineFact]
    public async Task Stop_ProcessThatDoesNotHeed_IsKilledAfterTheTimeout()
    {
        var id = await Runtime.RunAsync(Spec("deaf", "sleep 3600"), default);

        await Runtime.StopAsync(id, TimeSpan.FromSeconds(1), default);

        Assert.Equal(137, (await UntilAsync(id, c => c.State == ContainerState.Exited)).ExitCode);
    }

    [EngineFact]
    public async Task Stop_RestartAlways_StaysStopped()
    {
        var id = await RunServingAsync(Spec("always", Serve) with { RestartPolicy = "always" });

        await Runtime.StopAsync(id, TimeSpan.FromSeconds(5), default);

        await UntilAsync(id, c => c.State == ContainerState.Exited);
    }

    /// <summary>podman's own stop does nothing to what has just crashed, and restarts it.</summary>
    [EngineFact]
    public async Task Stop_WhatCrashesAgainAndAgain_StaysStopped()
    {
        // Several, as each is met at another moment of its way down and up again.
        var ids = await Task.WhenAll(
            Enumerable.Range(0, 4)
                .Select(i => Runtime.RunAsync(Spec($"crashes{i}", "exit 3") with { RestartPolicy = "unless-stopped" }, default)));
        await UntilAsync(ids[^1], c => c.RestartCount >= 1);

        foreach (var id in ids)
            await Runtime.StopAsync(id, TimeSpan.Zero, default);

        var stopped = await InspectAllAsync();
        Assert.All(stopped, c => Assert.Equal(ContainerState.Exited, c.State));
        // What is started and stopped meanwhile takes longer than a restart does.
        var after = await RunServingAsync(Spec("after", Serve));
        await Runtime.StopAsync(after, TimeSpan.FromSeconds(5), default);
        Assert.Equal(stopped, await InspectAllAsync());

        Task<ContainerInfo[]> InspectAllAsync() => Task.WhenAll(ids.Select(async id => (await Runtime.InspectAsync(id, default))!));
    }

    [EngineFact]
    public async Task Stop_Paused_Stops()
    {
        var id = await RunServingAsync(Spec("paused", Serve));
        await fixture.PauseAsync(id);

        await Runtime.StopAsync(id, TimeSpan.FromSeconds(3), default);

        await UntilAsync(id, c => c.State == ContainerState.Exited);
    }

    [EngineFact]
    public async Task Stop_Missing_IsNotFound() =>
        await FailsAsync(EngineError.NotFound, () => Runtime.StopAsync(Name("missing"), TimeSpan.Zero, default));

    [EngineFact]
    public async Task Remove_RunningPausedCreatedOrMissing_LeavesNothing()
    {
        var running = await Runtime.RunAsync(Spec("running", "sleep 3600") with { RestartPolicy = "always" }, default);
        var paused = await Runtime.RunAsync(Spec("paused", Serve), default);
        await fixture.PauseAsync(paused);
        var created = await Runtime.CreateAsync(Spec("created", Serve), default);

        foreach (var id in (string[])[running, paused, created, running, Name("missing")])
            await Runtime.RemoveAsync(id, default);

        Assert.Empty(await Runtime.ListAsync(Of("test", _prefix), default));
    }

    [EngineFact]
    public async Task Rename_Running_IsKnownByTheNewName()
    {
        var id = await Runtime.RunAsync(Spec("before", Serve), default);

        await Runtime.RenameAsync(id, Name("after"), default);

        Assert.Equal(id, (await Runtime.InspectAsync(Name("after"), default))!.Id);
        Assert.Null(await Runtime.InspectAsync(Name("before"), default));
        Assert.Equal(Name("after"), Assert.Single(await Runtime.ListAsync(Of("test", _prefix), default)).Name);
    }

    [EngineFact]
    public async Task Rename_ToNameInUseOrOfMissing_IsNameTakenOrNotFound()
    {
        var id = await Runtime.CreateAsync(Spec("one", Serve), default);
        await Runtime.CreateAsync(Spec("two", Serve), default);

        await FailsAsync(EngineError.NameTaken, () => Runtime.RenameAsync(id, Name("two"), default));
        await FailsAsync(EngineError.NotFound, () => Runtime.RenameAsync(Name("missing"), Name("three"), default));
    }

    [EngineFact]
    public async Task Inspect_Missing_IsNull() => Assert.Null(await Runtime.InspectAsync(Name("missing"), default));

    [EngineFact]
    public async Task Exit_ByItself_ShowsCodeAndTimes()
    {
        var id = await Runtime.RunAsync(Spec("exits", "sleep 0.2; exit 3"), default);

        var info = await UntilAsync(id, c => c.State == ContainerState.Exited && c.ExitCode is not null);

        Assert.Equal(3, info.ExitCode);
        Assert.True(info.FinishedAt >= info.StartedAt, $"{info.StartedAt} .. {info.FinishedAt}");
        Assert.Equal(0, info.RestartCount);
    }

    [EngineFact]
    public async Task Restart_OnFailureTwice_GivesUpAfterTwo()
    {
        var id = await Runtime.RunAsync(Spec("crash", "exit 4") with { RestartPolicy = "on-failure:2" }, default);

        var info = await UntilAsync(id, c => c.State == ContainerState.Exited && c.RestartCount == 2 && c.ExitCode is not null);

        Assert.Equal(4, info.ExitCode);
    }

    [EngineFact]
    public async Task Restart_OnFailureWithoutFailure_DoesNotRestart()
    {
        var id = await Runtime.RunAsync(Spec("fine", "exit 0") with { RestartPolicy = "on-failure" }, default);

        var info = await UntilAsync(id, c => c.State == ContainerState.Exited && c.ExitCode is not null);

        Assert.Equal((0, 0), (info.ExitCode, info.RestartCount));
    }

    [EngineFact]
    public async Task Restart_UnlessStopped_CountsEachCrash()
    {
        var id = await Runtime.RunAsync(Spec("loop", "sleep 0.2; exit 1") with { RestartPolicy = "unless-stopped" }, default);

        await UntilAsync(id, c => c.RestartCount >= 2);
    }

    protected static Dictionary<string, string> Of(string key, string value) => new() { [key] = value };

    protected static async Task<EngineException> FailsAsync(EngineError error, Func<Task> act)
    {
        var thrown = await Assert.ThrowsAsync<EngineException>(act);
        Assert.True(thrown.Error == error, $"expected {error}, was {thrown.Error}: {thrown.Message}");
        Assert.NotEmpty(thrown.Remedy);
        return thrown;
    }

    protected string Name(string name) => $"{_prefix}-{name}";

    protected ValueMap Labels() => new([new("test", _prefix)]);

    protected ContainerSpec Spec(string name, string script) => new()
    {
        Name = Name(name),
        Image = fixture.Image,
        RestartPolicy = "no",
        Command = ["sh", "-c", script],
        Labels = Labels(),
    };

    /// <summary>Runs what serves, until it heeds SIGTERM: to who is process 1 and has no trap yet, it means nothing.</summary>
    protected async Task<string> RunServingAsync(ContainerSpec spec)
    {
        var id = await Runtime.RunAsync(spec, default);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var line in Runtime.LogsAsync(id, new LogQuery(Follow: true), patience.Token))
            if (line.Text == "ready")
                return id;
        throw new InvalidOperationException($"{spec.Name} ended before it was ready");
    }

    protected async Task<ContainerInfo> UntilAsync(string container, Func<ContainerInfo, bool> condition)
    {
        ContainerInfo? last = null;
        await Eventually.TrueAsync(
            async () => (last = await Runtime.InspectAsync(container, default)) is not null && condition(last),
            TimeSpan.FromSeconds(30),
            () => $"it stays {last}");
        return last!;
    }
}

internal static class ValueMapAdditions
{
    public static ValueMap With(this ValueMap map, string key, string value) => new(map.Append(new(key, value)));
}
