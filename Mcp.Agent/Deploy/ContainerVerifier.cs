using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Decides whether a container that was just started is good: it must stay up for a while.</summary>
internal sealed class ContainerVerifier(IContainerRuntime runtime, DeployOptions options, TimeProvider time, ILogger<ContainerVerifier> log)
{
    private const int ReportedLogLines = 10;

    /// <summary>Returns what it saw, in words. Throws <see cref="AgentError.ContainerFailed"/> with the container's last words.</summary>
    public async Task<string> VerifyAsync(string container, CancellationToken cancellationToken)
    {
        var first = await InspectAsync(container, cancellationToken);
        if (first.State == ContainerState.Running)
            await WaitForEndAsync(first.Id, cancellationToken);
        var last = await InspectAsync(container, cancellationToken);
        if (last.State == ContainerState.Running && last.StartedAt == first.StartedAt && last.RestartCount == first.RestartCount)
            return $"up for {options.Settle.TotalSeconds:0.#} s";
        throw new AgentException(
            AgentError.ContainerFailed, await DescribeFailureAsync(last, cancellationToken),
            "mend the image, its command or its environment, and deploy again");
    }

    /// <summary>Until the container ends or the settling time is over. The engine's events only shorten the wait; what is inspected afterwards decides.</summary>
    private async Task WaitForEndAsync(string id, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = EndsAsync(id, enough.Token);
        try
        {
            await Task.WhenAny(ended, Task.Delay(options.Settle, time, enough.Token));
        }
        finally
        {
            await enough.CancelAsync();
            await ended;
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task EndsAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in runtime.EventsAsync(cancellationToken))
                if (happened.ContainerId == id && happened.Action == "die")
                    return;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (EngineException e)
        {
            log.LogDebug(e, "No engine events while waiting for {Container}", id);
        }
        // The event stream is gone, not the container: the settling time decides.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken) =>
        await runtime.InspectAsync(container, cancellationToken)
        ?? throw new AgentException(AgentError.ContainerFailed, $"container {container} is gone right after its start", "see who removed it: `podman events`, then deploy again");

    private async Task<string> DescribeFailureAsync(ContainerInfo container, CancellationToken cancellationToken)
    {
        var what = container.State switch
        {
            ContainerState.Running => $"container {container.Name} restarted right after its start",
            _ when container.OutOfMemory => $"container {container.Name} was killed for lack of memory right after its start",
            _ => $"container {container.Name} ended right after its start with exit code {container.ExitCode?.ToString() ?? "unknown"}",
        };
        var lines = new List<string>();
        try
        {
            await foreach (var line in runtime.LogsAsync(container.Id, new LogQuery(Tail: ReportedLogLines), cancellationToken))
                lines.Add(line.Text);
        }
        catch (EngineException e)
        {
            lines.Add($"(its log could not be read: {e.Message})");
        }
        return lines.Count == 0 ? what + "; it logged nothing" : $"{what}; its last lines:\n  {string.Join("\n  ", lines)}";
    }
}
