using System.Globalization;
using Mcp.Core;
using Mcp.Core.Containers;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy.Health;

/// <summary>Waits for a task's end: exit code 0 is success.</summary>
internal sealed class TaskGate(IContainerRuntime runtime, SharedEvents events, TimeProvider time, ILogger<TaskGate> log)
{
    /// <summary>podman tells of an end a quarter of a second later, and many tasks take less.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly LogTail _logTail = new(runtime, time);

    /// <summary>Returns what it saw. Throws <see cref="AgentError.TaskFailed"/> with the task's last log lines.</summary>
    public async Task<string> WaitAsync(string container, TimeSpan timeout, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var now = await InspectAsync(container, cancellationToken);
        if (IsUnderWay(now))
            now = await UntilEndAsync(now, since, timeout, progress, cancellationToken);
        if (now is { State: ContainerState.Exited, ExitCode: 0 })
            return "ended with exit code 0";
        var how = now.OutOfMemory ? "was killed: out of memory"
            : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {now.ExitCode}");
        throw await _logTail.TaskAsync(
            now, $"task {now.Name} {how}", "fix what it reports, and deploy again; what it has done so far is not rolled back",
            cancellationToken);
    }

    private static bool IsUnderWay(ContainerInfo task) =>
        task.State is ContainerState.Running or ContainerState.Paused or ContainerState.Created;

    private async Task<ContainerInfo> UntilEndAsync(
        ContainerInfo started, long since, TimeSpan timeout, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await using var end = new ContainerEnd(runtime, events, started, time, log, cancellationToken);
        var now = started;
        for (var pause = FirstLook; IsUnderWay(now); pause = pause * 2 < LookInterval ? pause * 2 : LookInterval)
        {
            var left = timeout - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
                throw await _logTail.TaskAsync(
                    now, $"task {now.Name} did not end within {DurationText.Of(timeout)}",
                    "see what it waits for, or give it more time (`timeout`), and deploy again", cancellationToken);
            // Events may be lost with the engine's connection.
            await end.WaitAsync(left < pause ? left : pause, cancellationToken);
            now = await InspectAsync(started.Id, cancellationToken);
            if (pause == LookInterval)
                progress.Report(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(since).TotalSeconds:0} s"));
        }
        return now;
    }

    private async Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken) =>
        await runtime.InspectAsync(container, cancellationToken)
        ?? throw new AgentException(AgentError.TaskFailed, $"container {container} was removed before it ended",
            "see who removed it: `podman events`, then deploy again");
}
