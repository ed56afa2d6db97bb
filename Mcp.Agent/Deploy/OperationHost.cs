using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Mcp.Agent.Auth;
using Mcp.Agent.Monitor;
using Mcp.Core.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Locks services, one operation for each, and runs operations independent of the calls that began them. Stopping the agent waits
/// for them.</summary>
internal sealed class OperationHost(BusyServices busy, TimeProvider time, ILogger<OperationHost> log) : IHostedService, IDisposable
{
    private const int KeptOperations = 200;

    /// <summary>Of all kept operations together, when another one begins. A deploy of 300 components reports some 2000, which take 2.5 MB;
    /// of what is no longer kept, the outcome is stored.</summary>
    private const int KeptUpdates = 2500;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Operation> _running = [];
    private readonly ConcurrentDictionary<string, Operation> _known = [];
    private readonly ConcurrentDictionary<string, Task> _tasks = [];
    private readonly Queue<string> _order = [];
    private readonly CancellationTokenSource _stopping = new();

    public Operation? Find(string id) => _known.GetValueOrDefault(id);

    /// <summary>The operation that has the service now; null: none.</summary>
    public Operation? Running(string service)
    {
        lock (_lock)
            return _running.GetValueOrDefault(service);
    }

    /// <summary>Begins an operation that has its service to itself until <see cref="Run"/> has ended, or <see cref="Abandon"/>.</summary>
    /// <param name="waiting">Called with the operation that has the service locked, each time that it is waited for; null: a locked
    /// service is an error.</param>
    public async Task<Operation> LockAsync(
        OperationRequest request, Func<OperationWaiting, Task>? waiting, CancellationToken cancellationToken)
    {
        var operation = new Operation(NewId(), request.Kind, request.Service, request.Component, request.Caller, time.GetUtcNow());
        while (!TryLock(operation, out var holder))
        {
            if (waiting is null)
                throw Locked(holder);
            await waiting(new(time.GetUtcNow(), holder.Actor, holder.Kind, holder.Id, holder.StartedAt));
            await holder.Ended.WaitAsync(cancellationToken);
        }
        return operation;
    }

    /// <summary>Locks the service of an operation that an agent before this one began. False when another operation has it.</summary>
    public bool TryLock(Operation operation) => TryLock(operation, out _);

    /// <summary>Cancels the operation that has the service.</summary>
    /// <exception cref="AgentException">There is none, or it can't be cancelled any more.</exception>
    public Operation Cancel(string service, Caller by)
    {
        var operation = Running(service) ?? throw new AgentException(
            AgentError.NotFound, $"no operation runs on service {service}", "`mcp audit` shows what was done");
        if (!operation.TryCancel(by))
            throw new AgentException(
                AgentError.CannotCancel,
                $"the {operation.Kind.ToString().ToLowerInvariant()} of {service} by {operation.Actor} (operation {operation.Id}) is "
                + "recorded, or was interrupted and is being settled: it can't be cancelled any more",
                operation.Kind is OperationKind.Deploy or OperationKind.Rollback
                    ? $"wait for its end (`mcp watch {operation.Id}`), then `mcp rollback {service}`"
                    : $"wait for its end: `mcp watch {operation.Id}`");
        log.LogWarning("Operation {Operation} on {Service} is cancelled by {Caller}", operation.Id, service, by.Name);
        return operation;
    }

    /// <summary>Unlocks the service of an operation that was not run after all.</summary>
    public void Abandon(Operation operation)
    {
        Unlock(operation);
        operation.Abandon();
    }

    /// <summary>Runs an operation that has its service in the background, and unlocks the service at its end.</summary>
    public void Run(Operation operation, Func<CancellationToken, Task<OperationEnded>> run)
    {
        Remember(operation);
        _tasks[operation.Id] = RunAsync(operation, run);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets running operations end; those that have not when the host stops waiting are cancelled, which rolls them
    /// back.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_tasks.Values);
        try
        {
            await all.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _stopping.CancelAsync();
            await all;
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(Operation operation, Func<CancellationToken, Task<OperationEnded>> run)
    {
        // The caller gets the operation at once; nothing of it runs on the caller's thread.
        await Task.Yield();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        operation.OnCancel(() => _ = end.CancelAsync());
        OperationEnded ended;
        try
        {
            using (busy.Enter(operation.Service))
                ended = await run(end.Token);
        }
        catch (Exception e)
        {
            // Failing steps are part of the result; this is a defect, and those who watch must not wait for ever.
            log.LogError(e, "Operation {Operation} on {Service} failed in the agent", operation.Id, operation.Service);
            ended = new(
                operation.Id, time.GetUtcNow(), OperationOutcome.Failed, $"the agent failed: {e.Message}",
                    "see the agent's log; `mcp status` shows what runs", "internal", [], time.GetUtcNow() - operation.StartedAt);
        }
        // Unlocked before its end is reported: a client may begin the next operation at once.
        Unlock(operation);
        operation.Publish(ended);
        _tasks.TryRemove(operation.Id, out _);
    }

    private bool TryLock(Operation operation, [NotNullWhen(false)] out Operation? holder)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(operation.Service, out holder))
                return false;
            _running.Add(operation.Service, operation);
            return true;
        }
    }

    private static AgentException Locked(Operation holder) => new(
        AgentError.ServiceLocked,
        $"{holder.Service} is locked: {holder.Kind.ToString().ToLowerInvariant()} by {holder.Actor} "
        + $"since {holder.StartedAt:HH:mm:ss} UTC (operation {holder.Id})",
        "wait until it has ended (`--wait` does), then try again");

    private void Unlock(Operation operation)
    {
        lock (_lock)
            _running.Remove(operation.Service);
    }

    private void Remember(Operation operation)
    {
        _known[operation.Id] = operation;
        lock (_lock)
        {
            _order.Enqueue(operation.Id);
            while (_order.Count > KeptOperations
                || (Find(_order.Peek()) is not { Ended.IsCompleted: false } && _order.Sum(id => Find(id)?.UpdateCount ?? 0) > KeptUpdates))
                _known.TryRemove(_order.Dequeue(), out _);
        }
    }

    /// <summary>Sorts by time, short enough for a container's name. A pipeline can begin hundreds in one second: 32 random bits keep their
    /// ids apart.</summary>
    private string NewId() =>
        time.GetUtcNow().ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetHexString(8, lowercase: true);
}
