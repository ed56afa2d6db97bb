using System.Runtime.CompilerServices;
using Mcp.Agent.Auth;
using Mcp.Core.Operations;

namespace Mcp.Agent.Deploy;

/// <summary>One run of a plan: keeps what it reported, so that a client that connects late or again sees all of it.</summary>
internal sealed class Operation(string id, OperationKind kind, string service, string? component, Caller caller, DateTimeOffset startedAt)
{
    private readonly Lock _lock = new();
    private readonly List<OperationUpdate> _updates = [];
    private TaskCompletionSource _changed = NewSignal();
    private readonly TaskCompletionSource _over = NewSignal();
    private bool _ended;

    public string Id => id;

    public OperationKind Kind => kind;

    public string Service => service;

    /// <summary>null: all of the service's.</summary>
    public string? Component => component;

    public Caller Caller => caller;

    /// <summary>Name of the token that began it.</summary>
    public string Actor => caller.Name;

    /// <summary>Completes when it has ended and its service is free.</summary>
    public Task Ended => _over.Task;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>How much it keeps.</summary>
    public int UpdateCount
    {
        get
        {
            lock (_lock)
                return _updates.Count;
        }
    }

    /// <summary>null before it is planned.</summary>
    public OperationPlanned? Planned { get; private set; }

    public void Publish(OperationUpdate update)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _updates.Add(update);
            Planned ??= update as OperationPlanned;
            _ended |= update is OperationEnded;
            changed = _changed;
            _changed = NewSignal();
        }
        changed.SetResult();
        if (update is OperationEnded)
            _over.TrySetResult();
    }

    /// <summary>It could not be planned, and does not begin.</summary>
    public void Abandon() => _over.TrySetResult();

    /// <summary>Everything from the first update to the last, as it comes. Leaving early does not touch the operation.</summary>
    public async IAsyncEnumerable<OperationUpdate> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = 0; ;)
        {
            List<OperationUpdate> fresh;
            Task changed;
            bool ended;
            lock (_lock)
            {
                fresh = _updates[next..];
                changed = _changed.Task;
                ended = _ended;
            }
            foreach (var update in fresh)
                yield return update;
            if (ended)
                yield break;
            next += fresh.Count;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
