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
    private Action? _cancel;
    private bool _ended;
    private bool _committed;

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

    /// <summary>Name of the token that cancelled it; null: none did.</summary>
    public string? CancelledBy { get; private set; }

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

    /// <summary>Has it end and take back what it has done. False: what it does is recorded, or is being settled after an
    /// interruption.</summary>
    public bool TryCancel(Caller by)
    {
        lock (_lock)
        {
            if (_committed || _ended)
                return false;
            CancelledBy ??= by.Name;
            _cancel?.Invoke();
            return true;
        }
    }

    /// <param name="cancel">Has its run end, without waiting for that; called at once when the operation has been cancelled, and never
    /// after its end.</param>
    public void OnCancel(Action cancel)
    {
        lock (_lock)
        {
            _cancel = cancel;
            if (CancelledBy is not null)
                cancel();
        }
    }

    /// <summary>From here on it is finished, and can't be cancelled.</summary>
    /// <exception cref="OperationCanceledException">It has been cancelled.</exception>
    public void Commit()
    {
        lock (_lock)
        {
            if (CancelledBy is not null)
                throw new OperationCanceledException($"cancelled by {CancelledBy}");
            _committed = true;
        }
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
