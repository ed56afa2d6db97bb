using System.Globalization;
using Mcp.Core;
using Mcp.Core.Containers;

namespace Mcp.Agent.Deploy.Health;

/// <summary>Why a container failed, with the end of its log: a rollback removes the container and its log.</summary>
internal sealed class LogTail(IContainerRuntime runtime, TimeProvider time)
{
    private const int ReportedLogLines = 10;

    /// <summary>A log has no end of its own: an engine that hangs must not keep a rollback from beginning.</summary>
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(5);

    public async Task<AgentException> EndedAsync(ContainerInfo container, ProbeAnswer? last, CancellationToken cancellationToken)
    {
        var what = container.State switch
        {
            ContainerState.Running => $"container {container.Name} restarted right after its start",
            _ when container.OutOfMemory => $"container {container.Name} was killed right after its start: out of memory",
            _ => $"container {container.Name} ended right after its start with exit code "
                + (container.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown"),
        };
        return new(AgentError.ContainerFailed, what, "fix the image, its command or its environment, and deploy again")
        {
            Said = Answer(last) + await LogAsync(container, cancellationToken),
        };
    }

    public async Task<AgentException> UnhealthyAsync(
        ContainerInfo container, ProbeAnswer? last, TimeSpan after, CancellationToken cancellationToken)
    {
        var what = string.Create(CultureInfo.InvariantCulture,
            $"container {container.Name} runs, but is not healthy after {after.TotalSeconds:0.#} s");
        return new(AgentError.Unhealthy, what,
            "fix the image or its settings, or [components.health] (a slow start needs a longer start_period), and deploy again")
        {
            Said = Answer(last) + await LogAsync(container, cancellationToken),
        };
    }

    public async Task<AgentException> TaskAsync(ContainerInfo container, string what, string remedy, CancellationToken cancellationToken) =>
        new(AgentError.TaskFailed, what, remedy) { Said = await LogAsync(container, cancellationToken) };

    private static string Answer(ProbeAnswer? last) => last is null ? "" : $"; the last answer: {last.Text}";

    private async Task<string> LogAsync(ContainerInfo container, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        using var limit = new CancellationTokenSource(LogLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await foreach (var line in runtime.LogsAsync(container.Id, new LogQuery(Tail: ReportedLogLines), either.Token))
                lines.Add(line.Text);
        }
        catch (EngineException e)
        {
            lines.Add($"(its log could not be read: {e.Message})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            lines.Add($"(its log could not be read: the engine gave no answer within {DurationText.Of(LogLimit)})");
        }
        return lines.Count == 0 ? "; it logged nothing" : $"; its last lines:\n  {string.Join("\n  ", lines)}";
    }
}
