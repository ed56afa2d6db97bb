using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Lets so many steps that change something at the engine begin at once: an engine serialises on its locks, and more calls would
/// only wait there, until they are taken for hanging. Of those that wait here the lowest step goes first, so that a container is started
/// before further ones are created.</summary>
internal sealed class EngineSlots
{
    /// <summary>podman on two cores is fastest with 4 to 10 starts at once (docs/decisions/operations.md).</summary>
    public const int Best = 10;

    /// <summary>Most of a stop is waiting for the container, but three hundred ends at once keep an engine from answering for
    /// minutes.</summary>
    public const int Stops = 50;

    private readonly Lane _changes = new(Best);
    private readonly Lane _stops = new(Stops);

    /// <summary>Waits until the step may begin; its slot is free again once the result is disposed.</summary>
    /// <returns>null: such a step needs none.</returns>
    public async Task<IDisposable?> EnterAsync(PlanStep step)
    {
        var lane = step.Action switch
        {
            StepAction.Create or StepAction.Start or StepAction.Rename or StepAction.Remove => _changes,
            StepAction.Stop => _stops,
            _ => null,
        };
        return lane is null ? null : await lane.EnterAsync(step.Index);
    }

    private sealed class Lane(int count)
    {
        private readonly Lock _lock = new();
        private readonly PriorityQueue<TaskCompletionSource, int> _waiting = new();
        private int _free = count;

        public async Task<IDisposable> EnterAsync(int step)
        {
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
                    _waiting.Enqueue(turn, step);
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

        private sealed class Slot(Lane owner) : IDisposable
        {
            public void Dispose() => owner.Leave();
        }
    }
}
