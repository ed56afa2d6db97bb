using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Lets so many steps that change something at the engine begin at once: an engine serialises on its locks, and more calls would
/// only wait there. Of those that wait here the lowest step goes first, so that a container is started before further ones are
/// created.</summary>
internal sealed class EngineSlots(int count)
{
    /// <summary>podman on two cores is fastest with 4 to 10 starts at once (docs/decisions/operations.md).</summary>
    public const int Best = 10;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, int> _waiting = new();
    private int _free = count;

    /// <summary>Waits until the step may begin; its slot is free again once the result is disposed.</summary>
    /// <returns>null: such a step needs none. Most of a stop, a pull or a health check is waiting.</returns>
    public async Task<IDisposable?> EnterAsync(PlanStep step)
    {
        if (step.Action is not (StepAction.Create or StepAction.Start or StepAction.Rename or StepAction.Remove))
            return null;
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                turn.SetResult();
            }
            else
            {
                _waiting.Enqueue(turn, step.Index);
            }
        }
        await turn.Task;
        return new Slot(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var next, out _))
                next.SetResult();
            else
                _free++;
        }
    }

    private sealed class Slot(EngineSlots owner) : IDisposable
    {
        public void Dispose() => owner.Leave();
    }
}
