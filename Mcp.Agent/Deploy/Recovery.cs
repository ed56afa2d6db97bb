using System.Collections.Concurrent;
using Mcp.Agent.Deploy.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>Sees to it that operations left open are settled: those of an agent that was killed, and those that an engine or a disk did not
/// let end. When the agent starts, before an operation on the same service, and every few seconds until all is settled.</summary>
internal sealed class Recovery(
    OperationHost operations, OperationJournal journal, Settlement settlement, RouteTable routes, TimeProvider time, ILogger<Recovery> log)
        : BackgroundService
{
    private const int MaxTries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, int> _tries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private bool _routesApplied;

    /// <summary>Applies the routes, and locks the services of all that is open, before anybody can ask for them; the rest is done in the
    /// background.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ApplyRoutesAsync(cancellationToken);
        if (SettleAll() || !_routesApplied)
            Wake();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Settles what is open of a service, for the operation that has just locked it.</summary>
    /// <exception cref="AgentException">That is not possible now.</exception>
    public async Task SettleAsync(string service, CancellationToken cancellationToken)
    {
        foreach (var open in journal.FindOpen(service))
        {
            var ended = await settlement.SettleAsync(open.ToOperation(), open, isLastTry: true, cancellationToken);
            if (!Settlement.IsUnsettled(ended))
                continue;
            Wake();
            throw new AgentException(AgentError.ServiceLocked, ended.Message, ended.Remedy);
        }
    }

    /// <summary>Something was left open.</summary>
    public void Wake()
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is going to look anyway.
        }
    }

    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            // What did not let an operation end (an engine that is gone, a disk that is full) seldom ends at once.
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_routesApplied)
                await ApplyRoutesAsync(stoppingToken);
            if (SettleAll() || !_routesApplied)
                Wake();
        }
    }

    private async Task ApplyRoutesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await routes.ApplyAllAsync(cancellationToken);
            _routesApplied = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The routes of the services could not be applied; the agent tries again");
        }
    }

    /// <summary>Begins to settle all that is open. True when some of it can't be settled now.</summary>
    private bool SettleAll()
    {
        var left = false;
        try
        {
            foreach (var open in journal.FindOpen())
            {
                var operation = open.ToOperation();
                if (operations.Find(open.Id) is { Ended.IsCompleted: false } || !operations.TryLock(operation))
                {
                    left = true;
                    continue;
                }
                operations.Run(operation, async token =>
                {
                    var tries = _tries[open.Id] = _tries.GetValueOrDefault(open.Id) + 1;
                    var ended = await settlement.SettleAsync(operation, open, isLastTry: tries >= MaxTries, token);
                    if (Settlement.IsUnsettled(ended))
                        Wake();
                    else
                        _tries.TryRemove(open.Id, out _);
                    return ended;
                });
            }
        }
        catch (AgentException e)
        {
            log.LogError(e, "The journal can't be read; open operations are not settled for now");
            left = true;
        }
        return left;
    }
}
