using System.Globalization;
using Mcp.Core;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy.Health;

/// <summary>Decides whether a container that was just started is healthy: its health check passes, and it stays up.</summary>
internal sealed class HealthGate(
    IContainerRuntime runtime, ProbeSource probes, DeployOptions options, TimeProvider time, ILogger<HealthGate> log)
{
    private readonly LogTail _logTail = new(runtime, time);

    /// <summary>Returns what it saw, in words. Throws <see cref="AgentError.ContainerFailed"/> when the container ends, and <see
    /// cref="AgentError.Unhealthy"/> when it does not answer well in time, both with the last answer and the container's last log
    /// lines.</summary>
    public async Task<string> WaitAsync(string container, HealthCheck check, CancellationToken cancellationToken)
    {
        var health = check.Definition;
        var watch = new Watch(await InspectAsync(container, cancellationToken), time.GetTimestamp());
        if (watch.Container.State != ContainerState.Running)
            throw await _logTail.EndedAsync(watch.Container, null, cancellationToken);
        var asked = probes(check, watch.Container);

        await using var end = new ContainerEnd(runtime, watch.Container, time, log, cancellationToken);
        await UntilWellAsync(asked, health, watch, end, cancellationToken);
        var stayUp = health.StayUp ?? (health.HasProbe ? TimeSpan.Zero : options.StayUp);
        await end.WaitAsync(stayUp - Elapsed(watch), cancellationToken);
        await RequireUpAsync(watch, cancellationToken);

        var up = string.Create(CultureInfo.InvariantCulture, $"up for {Elapsed(watch).TotalSeconds:0.#} s");
        return watch.Last is { } last ? $"{last.Text}; {up}" : up;
    }

    private async Task UntilWellAsync(
        IReadOnlyList<IHealthProbe> asked, HealthDefinition health, Watch watch, ContainerEnd end, CancellationToken cancellationToken)
    {
        var startPeriod = health.StartPeriod ?? HealthDefinition.DefaultStartPeriod;
        var retries = health.Retries ?? HealthDefinition.DefaultRetries;
        var failures = 0;
        while (!await AskAsync(asked, health.Timeout ?? HealthDefinition.DefaultTimeout, watch, end, cancellationToken))
        {
            await RequireUpAsync(watch, cancellationToken);
            if (Elapsed(watch) >= startPeriod && ++failures >= retries)
                throw await _logTail.UnhealthyAsync(watch.Container, watch.Last, Elapsed(watch), cancellationToken);
            await end.WaitAsync(health.Interval ?? HealthDefinition.DefaultInterval, cancellationToken);
        }
    }

    /// <summary>True when all answer well, one after the other.</summary>
    private async Task<bool> AskAsync(
        IReadOnlyList<IHealthProbe> asked, TimeSpan timeout, Watch watch, ContainerEnd end, CancellationToken cancellationToken)
    {
        foreach (var probe in asked)
        {
            var answer = await AskAsync(probe, timeout, end, cancellationToken);
            // What a container says while it ends tells less than what it said before.
            if (!answer.IsGood && end.Happened.IsCompleted)
                return false;
            watch.Last = answer;
            if (!answer.IsGood)
                return false;
        }
        return true;
    }

    private async Task<ProbeAnswer> AskAsync(IHealthProbe probe, TimeSpan timeout, ContainerEnd end, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var asking = probe.AskAsync(either.Token);
        if (await Task.WhenAny(asking, end.Happened) != asking)
            await either.CancelAsync();
        try
        {
            return await asking;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, $"{probe.Question}: no answer within {DurationText.Of(timeout)}");
        }
    }

    private async Task RequireUpAsync(Watch watch, CancellationToken cancellationToken)
    {
        var now = await InspectAsync(watch.Container.Id, cancellationToken);
        if (!ContainerEnd.IsSameRun(watch.Container, now))
            throw await _logTail.EndedAsync(now, watch.Last, cancellationToken);
    }

    private async Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken) =>
        await runtime.InspectAsync(container, cancellationToken)
        ?? throw new AgentException(AgentError.ContainerFailed, $"container {container} was removed right after its start",
            "see who removed it: `podman events`, then deploy again");

    private TimeSpan Elapsed(Watch watch) => time.GetElapsedTime(watch.Since);

    private sealed class Watch(ContainerInfo container, long since)
    {
        public ContainerInfo Container { get; } = container;

        public long Since { get; } = since;

        public ProbeAnswer? Last { get; set; }
    }
}
