using System.Collections.Concurrent;
using Mcp.Agent.Deploy;
using Mcp.Core.Planning;

namespace Mcp.FaultAgent;

/// <summary>Stops operations at chosen moments, so that whoever holds this agent can kill it, or something else, right there.</summary>
internal sealed class StepHolds(Action<string> say)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _holds = new(StringComparer.Ordinal);

    /// <summary>"SERVICE before 4" or "SERVICE after 4"; a service's components have names that begin with its own.</summary>
    public void Add(string point) => _holds[point] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string point)
    {
        if (_holds.TryRemove(point, out var hold))
            hold.TrySetResult();
    }

    public async Task AtAsync(PlanStep step, StepMoment moment)
    {
        foreach (var (point, hold) in _holds)
            if (point.Split(' ') is [var service, var when, var index]
                && index == $"{step.Index}" && string.Equals(when, $"{moment}", StringComparison.OrdinalIgnoreCase) && IsOf(service, step))
            {
                say($"held {point}");
                await hold.Task;
            }
    }

    /// <summary>The record step belongs to no component, and says its service.</summary>
    private static bool IsOf(string service, PlanStep step) =>
        step.Component.StartsWith(service, StringComparison.Ordinal) || step.Description.Split(' ').Contains(service);
}
