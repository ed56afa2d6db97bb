using System.Globalization;
using Mcp.Core;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy.Health;

/// <param name="Text">What was seen, in words.</param>
/// <param name="Container">As it was looked at last.</param>
internal sealed record Verified(string Text, ContainerInfo Container);

/// <summary>Decides whether a container that was just started is healthy: its health check passes, and it stays up.</summary>
internal sealed class HealthGate(
    IContainerRuntime runtime, SharedEvents events, ProbeSource probes, DeployOptions options, TimeProvider time, ILogger<HealthGate> log)
{
    private readonly LogTail _logTail = new(runtime, time);

    /// <summary>Throws <see cref="AgentError.ContainerFailed"/> when the container ends, and <see
    /// cref="AgentError.Unhealthy"/> when it does not answer well in time, both with the last answer and the container's last log
    /// lines.</summary>
    public async Task<Verified> WaitAsync(string container, HealthCheck check, CancellationToken cancellationToken)
    {
        var health = check.Definition;
        var watch = new Watch(await InspectAsync(container, cancellationToken), time.GetTimestamp());
        if (watch.Container.State != ContainerState.Running)
            throw await _logTail.EndedAsync(watch.Container, null, cancellationToken);
        var asked = probes(check, watch.Container);
        var now = watch.Container;
        // Else it has been looked at this very moment, and there is nothing to wait for.
        if (asked.Count > 0 || StayUp(health) > TimeSpan.Zero)
        {
            await using var end = new ContainerEnd(runtime, events, watch.Container, time, log, cancellationToken);
            await UntilWellAsync(asked, health, watch, end, cancellationToken);
            await end.WaitAsync(StayUp(health) - Elapsed(watch), cancellationToken);
            now = await RequireUpAsync(watch, cancellationToken);
        }

        var up = string.Create(CultureInfo.InvariantCulture, $"up for {Elapsed(watch).TotalSeconds:0.#} s");
        return new(watch.Last is { } last ? $"{last.Text}; {up}" : up, now);
    }

    /// <summary>Nothing is asked of the container but that it runs: it is looked at, and not waited for.</summary>
    public bool OnlyLooks(HealthCheck check) =>
        !check.Definition.HasProbe && check.Addresses.Count == 0 && StayUp(check.Definition) <= TimeSpan.Zero;

    /// <summary>One more look at containers of a service that need not stay up, right before they are recorded.</summary>
    /// <exception cref="AgentException">One of them has ended since.</exception>
    public async Task RequireUpAsync(string service, IReadOnlyCollection<ContainerInfo> containers, CancellationToken cancellationToken)
    {
        if (containers.Count == 0)
            return;
        var running = await runtime.ListRunningAsync(ContainerLabels.Filter(service), cancellationToken);
        if (containers.FirstOrDefault(c => !running.Contains(c.Id)) is { } ended)
            throw await _logTail.EndedAsync(await InspectAsync(ended.Id, cancellationToken), null, cancellationToken);
    }

    private async Task UntilWellAsync(
        IReadOnlyList<IHealthProbe> asked, HealthDefinition health, Watch watch, ContainerEnd end, CancellationToken cancellationToken)
    {
        var pace = new ProbePace(health, time);
        while (true)
        {
            var since = time.GetTimestamp();
            if (await AskAsync(asked, health.Timeout ?? HealthDefinition.DefaultTimeout, watch, end, cancellationToken))
                return;
            var (counts, pause) = pace.After(Elapsed(watch), since);
            // Events tell of its end; as they may be lost, it is looked at once in an interval as well.
            if (counts || end.Happened.IsCompleted)
                await RequireUpAsync(watch, cancellationToken);
            if (pause is null)
                throw await _logTail.UnhealthyAsync(watch.Container, watch.Last, Elapsed(watch), cancellationToken);
            await end.WaitAsync(pause.Value, cancellationToken);
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

    private async Task<ContainerInfo> RequireUpAsync(Watch watch, CancellationToken cancellationToken)
    {
        var now = await InspectAsync(watch.Container.Id, cancellationToken);
        return ContainerEnd.IsSameRun(watch.Container, now) ? now : throw await _logTail.EndedAsync(now, watch.Last, cancellationToken);
    }

    private async Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken) =>
        await runtime.InspectAsync(container, cancellationToken)
        ?? throw new AgentException(AgentError.ContainerFailed, $"container {container} was removed right after its start",
            "see who removed it: `podman events`, then deploy again");

    private TimeSpan StayUp(HealthDefinition health) => health.StayUp ?? (health.HasProbe ? TimeSpan.Zero : options.StayUp);

    private TimeSpan Elapsed(Watch watch) => time.GetElapsedTime(watch.Since);

    private sealed class Watch(ContainerInfo container, long since)
    {
        public ContainerInfo Container { get; } = container;

        public long Since { get; } = since;

        public ProbeAnswer? Last { get; set; }
    }
}
