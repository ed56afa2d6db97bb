namespace Mcp.Agent.Deploy;

/// <summary>Lets so many calls that change something go to the engine at once; an engine serialises on its locks, and more calls only wait
/// there. Of those that wait here the lowest step goes first, so that a container is started before further ones are created.</summary>
internal sealed class EngineSlots(int count)
{
    /// <summary>podman on two cores is fastest with 4 to 10 starts at once (docs/decisions/operations.md).</summary>
    public const int Best = 8;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, int> _waiting = new();
    private int _free = count;

    /// <param name="step">The step's place in its plan.</param>
    public async Task<T> RunAsync<T>(int step, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        await EnterAsync(step, cancellationToken);
        try
        {
            return await call();
        }
        finally
        {
            Leave();
        }
    }

    public Task RunAsync(int step, Func<Task> call, CancellationToken cancellationToken) => RunAsync(step, async () =>
    {
        await call();
        return 0;
    }, cancellationToken);

    private async Task EnterAsync(int step, CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }
            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, step);
        }
        await using var left = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    private void Leave()
    {
        lock (_lock)
        {
            // Those that were cancelled meanwhile are passed over.
            while (_waiting.TryDequeue(out var next, out _))
                if (next.TrySetResult())
                    return;
            _free++;
        }
    }
}
