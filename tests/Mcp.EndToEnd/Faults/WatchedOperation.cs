using Mcp.Core.Operations;

namespace Mcp.EndToEnd.Faults;

/// <summary>An operation as a client sees it, which goes on watching through whatever happens to the agent.</summary>
internal sealed class WatchedOperation
{
    private readonly TaskCompletionSource<OperationPlanned> _planned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<StepProgressed> _steps = [];
    private Task<OperationEnded> _ended = null!;

    /// <summary>As it was told; the agent begins right after.</summary>
    public OperationPlanned Plan { get; private set; } = null!;

    public IReadOnlyList<StepProgressed> Steps
    {
        get
        {
            lock (_steps)
                return [.. _steps];
        }
    }

    public string Id => Plan.OperationId;

    /// <summary>Returns once its plan is known; throws what the call throws.</summary>
    public static async Task<WatchedOperation> FollowAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        var watched = new WatchedOperation();
        watched._ended = watched.ReadAsync(updates);
        if (await Task.WhenAny(watched._planned.Task, watched._ended) == watched._ended)
            await watched._ended;
        watched.Plan = await watched._planned.Task;
        return watched;
    }

    /// <summary>The end that the client is told.</summary>
    public Task<OperationEnded> EndAsync() => _ended.WaitAsync(TimeSpan.FromSeconds(90));

    private async Task<OperationEnded> ReadAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        await foreach (var update in updates)
            switch (update)
            {
                case OperationPlanned planned:
                    _planned.TrySetResult(planned);
                    break;
                case StepProgressed step:
                    lock (_steps)
                        _steps.Add(step);
                    break;
                case OperationEnded ended:
                    return ended;
            }
        throw new InvalidOperationException("the stream of updates ended without the operation's end");
    }
}
