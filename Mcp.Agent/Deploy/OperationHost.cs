using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Mcp.Agent.Auth;
using Mcp.Agent.Monitor;
using Mcp.Core.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>What an operation does once it has its service: decides while the caller waits, and returns what runs on its own.</summary>
internal delegate Task<Func<CancellationToken, Task<OperationEnded>>> PrepareOperation(Operation operation, CancellationToken cancellationToken);

/// <summary>Runs operations, at most one per service, independent of the calls that asked for them. Ending the agent waits for them.</summary>
internal sealed class OperationHost(BusyServices busy, TimeProvider time, ILogger<OperationHost> log) : IHostedService, IDisposable
{
    private const int KeptOperations = 200;

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

    /// <summary>Prepares an operation and, when that succeeds, runs what it returned in the background. While either is under way the service is taken.</summary>
    /// <param name="waiting">Told who has the service, each time that it has to be waited for; null: nobody waits, a taken service is an error.</param>
    /// <param name="prepare">Decides, and touches nothing; what it throws goes to the caller.</param>
    public async Task<Operation> BeginAsync(
        OperationKind kind, string service, string? component, Caller caller, Func<OperationWaiting, Task>? waiting, PrepareOperation prepare, CancellationToken cancellationToken)
    {
        var operation = new Operation(NewId(), kind, service, component, caller, time.GetUtcNow());
        while (Take(operation) is { } holder)
        {
            if (waiting is null)
                throw Busy(holder);
            await waiting(new(time.GetUtcNow(), holder.Actor, holder.Kind, holder.Id, holder.StartedAt));
            await holder.Ended.WaitAsync(cancellationToken);
        }
        Func<CancellationToken, Task<OperationEnded>> run;
        try
        {
            run = await prepare(operation, cancellationToken);
        }
        catch
        {
            Release(operation);
            operation.Abandon();
            throw;
        }
        Remember(operation);
        _tasks[operation.Id] = RunAsync(operation, run);
        return operation;
    }

    /// <summary>Runs what is left of an operation of an agent before this one, unless its service is taken. False when it is.</summary>
    public bool TryResume(Operation operation, Func<CancellationToken, Task<OperationEnded>> run)
    {
        if (Take(operation) is not null)
            return false;
        Remember(operation);
        _tasks[operation.Id] = RunAsync(operation, run);
        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets running operations end; when the host's patience does, they are cancelled, which rolls them back.</summary>
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
        OperationEnded ended;
        try
        {
            using (busy.Enter(operation.Service))
                ended = await run(_stopping.Token);
        }
        catch (Exception e)
        {
            // The runner reports what goes wrong with steps; this is a defect, and the watchers must not wait for ever.
            log.LogError(e, "Operation {Operation} on {Service} broke", operation.Id, operation.Service);
            ended = new(
                operation.Id, time.GetUtcNow(), OperationOutcome.Failed, $"the agent failed: {e.Message}", "see the agent's log; `mcp status` shows what runs", "internal", [], time.GetUtcNow() - operation.StartedAt);
        }
        // Released before it is said to have ended: whoever hears that may ask for the next operation at once.
        Release(operation);
        operation.Publish(ended);
        _tasks.TryRemove(operation.Id, out _);
    }

    /// <summary>null when the service is the operation's now; otherwise who has it.</summary>
    private Operation? Take(Operation operation)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(operation.Service, out var other))
                return other;
            _running.Add(operation.Service, operation);
            return null;
        }
    }

    private static AgentException Busy(Operation holder) => new(
        AgentError.Busy,
        $"{holder.Actor} has been running {holder.Kind.ToString().ToLowerInvariant()} of {holder.Service} since {holder.StartedAt:HH:mm:ss} UTC (operation {holder.Id})",
        "wait until it has ended (`--wait` does), then try again");

    private void Release(Operation operation)
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
            if (_order.Count > KeptOperations)
                _known.TryRemove(_order.Dequeue(), out _);
        }
    }

    /// <summary>Sorts by time, short enough for a container's name.</summary>
    private string NewId() =>
        time.GetUtcNow().ToString("yyMMddHHmmss", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetHexString(4, lowercase: true);
}
