using Mcp.Agent.Events;
using Mcp.Agent.Monitor;
using Mcp.Agent.Ownership;
using Mcp.Agent.Tests.Deploy;
using Mcp.Agent.Tests.Engine;
using Mcp.Agent.Registry;
using Mcp.Core.Containers;
using Mcp.Core.Status;
using Mcp.Testing.Containers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Tests.Monitor;

/// <summary>The monitor in a real host, as the agent runs it.</summary>
public sealed class MonitorServiceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NodeWatchFixture _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Host_Started_RunsTheMonitorAndStopsItWithItself()
    {
        await _node.DeployAsync("app");
        using var host = Host();

        await host.StartAsync();
        await UntilAsync(() => _node.Engine.Listeners == 1 && _node.State.Of("app", "app").Observed == ObservedState.Running);
        _node.Engine.Exit("app", 9);
        var state = await EventAsync("state");
        Assert.Equal("running -> exited (exit code 9)", state.Message);

        await host.StopAsync();
        Assert.Equal(0, _node.Engine.Listeners);
        var calls = _node.Engine.Calls.Count;
        _node.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(calls, _node.Engine.Calls.Count);
    }

    [Fact]
    public async Task Host_NoEngineEvents_SweepsAtTheInterval()
    {
        await _node.DeployAsync("app");
        using var host = Host();
        await host.StartAsync();
        await UntilAsync(() => _node.State.Of("app", "app").Observed == ObservedState.Running);
        _node.Registry.Store.SetDesired("app", null, DesiredState.Stopped);

        await AdvanceUntilAsync(() => _node.Kinds.Contains("drift"), TimeSpan.FromSeconds(15));

        await host.StopAsync();
    }

    [Fact]
    public async Task Host_OperationEnded_SweepsAtOnce()
    {
        using var host = Host();
        await host.StartAsync();
        await UntilAsync(() => _node.Engine.Calls.Any(c => c.Verb == EngineVerb.List));

        using (_node.Busy.Enter("app"))
            await _node.DeployAsync("app");

        await UntilAsync(() => _node.State.Of("app", "app").Observed == ObservedState.Running);
        await host.StopAsync();
    }

    [Fact]
    public async Task Host_EngineLostAndBack_ListensAgain()
    {
        await _node.DeployAsync("app");
        using var host = Host();
        await host.StartAsync();
        await UntilAsync(() => _node.Engine.Listeners == 1);

        _node.Engine.GoDown();
        await EventAsync("engine-lost");
        _node.Engine.ComeBack();
        await AdvanceUntilAsync(() => _node.Kinds.Contains("engine-back") && _node.Engine.Listeners == 1, TimeSpan.FromSeconds(1));
        _node.Engine.Exit("app", 2);
        await EventAsync("state");

        Assert.Equal(["engine-lost", "engine-back", "state"], _node.Kinds);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(nameof(AgentError.RegistryDiskFull))]
    [InlineData(nameof(AgentError.RegistryFailed))]
    public async Task Host_RegistryCannotStore_GoesOnAndRecovers(string error)
    {
        await _node.DeployAsync("app");
        var errors = new ErrorLog();
        _node.Engine.On(EngineVerb.List, _ => throw new AgentException(Enum.Parse<AgentError>(error), "disk full", "free space"));
        using var host = Host(errors);

        await host.StartAsync();
        await AdvanceUntilAsync(() => _node.State.Of("app", "app").Observed == ObservedState.Running, TimeSpan.FromSeconds(15));

        Assert.Contains("the monitor can't store what it sees: disk full; free space", errors.Lines);
        await host.StopAsync();
    }

    [Fact]
    public async Task Host_EventsRequestCancelledByTheConnection_ListensAgain()
    {
        await _node.DeployAsync("app");
        _node.Engine.On(EngineVerb.Events, _ => throw new TaskCanceledException("the connection was closed"));
        using var host = Host();

        await host.StartAsync();
        await AdvanceUntilAsync(() => _node.Engine.Listeners == 1, TimeSpan.FromSeconds(1));

        await host.StopAsync();
    }

    [Fact]
    public async Task Host_LoopThatFails_StopsTheHostLoudly()
    {
        var errors = new ErrorLog();
        _node.Engine.On(EngineVerb.List, _ => throw new NotSupportedException("a bug"));
        using var host = Host(errors);
        var stopped = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);

        await host.StartAsync();
        await stopped.Task.WaitAsync(Patience);

        Assert.Contains("the monitor failed and stops the agent", errors.Lines);
        await UntilAsync(() => _node.Engine.Listeners == 0);
    }

    private IHost Host(ILoggerProvider? log = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.Services
            .AddSingleton<TimeProvider>(_node.Time)
            .AddSingleton<IContainerRuntime>(_node.Engine)
            .AddSingleton(_node.Registry.Store)
            .AddSingleton(DeployFixture.Agent)
            .AddSingleton<OwnContainers>()
            .AddSingleton(Watches.Of(_node.Engine, _node.Time))
            .AddSingleton(_node.Events)
            .AddSingleton(_node.Options)
            .AddMonitor()
            .AddSingleton(_node.State)
            .AddSingleton(_node.Busy);
        return builder.Build();
    }

    private async Task<EventEntry> EventAsync(string kind)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var happened in _node.Events.FollowAsync(new(), limit.Token))
            if (happened.Kind == kind)
                return happened;
        throw new InvalidOperationException();
    }

    private Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step) => UntilAsync(condition, () => _node.Time.Advance(step));

    // The fake engine has no way to say that it was asked; a short look now and then, in real time, is cheap and never decides a result.
    private static async Task UntilAsync(Func<bool> condition, Action? step = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            step?.Invoke();
            await Task.Delay(10, limit.Token);
        }
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            lock (_lines)
                _lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
