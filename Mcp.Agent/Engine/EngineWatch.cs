using System.Globalization;
using System.Runtime.CompilerServices;
using Mcp.Agent.Events;
using Mcp.Core;
using Mcp.Core.Containers;

namespace Mcp.Agent.Engine;

/// <summary>Ends a hung engine service of the agent's own, which then is started again. False: the engine is not the agent's to
/// restart.</summary>
internal delegate Task<bool> EngineRestart(CancellationToken cancellationToken);

/// <summary>Tells an engine that hangs from one that is busy: asked for its name, a busy one answers at once. Callers that only want to
/// know something are told within 5 s; operations wait as long as the engine's own time limits.</summary>
internal sealed class EngineWatch(
    IContainerRuntime runtime, EngineRestart restart, EventLog events, TimeProvider time, ILogger<EngineWatch> log) : BackgroundService
{
    /// <summary>A caller waits this long before the engine is asked whether it hangs.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>An engine that does not tell its name within this time hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Between two questions while it answers.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>On a machine under heavy load a sound engine may need seconds.</summary>
    public static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private DateTimeOffset? _silentSince;
    private bool _restarted;

    /// <summary>Asks the engine for something that people wait for.</summary>
    /// <exception cref="EngineException">The engine hangs, or what <paramref name="ask"/> throws.</exception>
    public async Task<T> PromptAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        ThrowIfSilent();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return await UnlessItHangsAsync(ask(end.Token), end);
    }

    /// <summary>A stream that people follow ends when the engine hangs, however long it was quiet before.</summary>
    public async IAsyncEnumerable<T> PromptAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfSilent();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var items = open(end.Token).GetAsyncEnumerator(end.Token);
        while (true)
        {
            var next = items.MoveNextAsync().AsTask();
            if (!(next.IsCompleted ? await next : await UnlessItHangsAsync(next, end)))
                yield break;
            yield return items.Current;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(_silentSince is null ? Pause : Soon, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            if (!await AnswersAsync(stoppingToken) && !stoppingToken.IsCancellationRequested)
                await RestartAsync(stoppingToken);
        }
    }

    private async Task<T> UnlessItHangsAsync<T>(Task<T> asking, CancellationTokenSource end)
    {
        if (await AnswersBeforeAsync(asking, end.Token))
            return await asking;
        await end.CancelAsync();
        await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // It may have ended well in the last moment, and what it holds must not be lost.
        return asking.IsCompletedSuccessfully ? await asking : throw Silent();
    }

    /// <summary>True when the task has ended; false when the engine hangs meanwhile.</summary>
    private async Task<bool> AnswersBeforeAsync(Task asking, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (var pause = Soon; ; pause = pause * 2 < Pause ? pause * 2 : Pause)
        {
            if (await Task.WhenAny(asking, Task.Delay(pause, time, over.Token)) == asking || cancellationToken.IsCancellationRequested)
            {
                await over.CancelAsync();
                return true;
            }
            if (!await AnswersAsync(cancellationToken) && !asking.IsCompleted && !cancellationToken.IsCancellationRequested)
                return false;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await runtime.GetNameAsync(either.Token);
        }
        catch (EngineException)
        {
            // It is not there, which every call is told at once.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            lock (_lock)
            {
                if (_silentSince is null)
                    log.LogError("The container engine does not answer since {Since:HH:mm:ss} UTC", asked);
                _silentSince ??= asked;
            }
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        lock (_lock)
        {
            if (_silentSince is not null)
                log.LogInformation("The container engine answers again");
            (_silentSince, _restarted) = (null, false);
        }
        return true;
    }

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_restarted || _silentSince is not { } since || time.GetUtcNow() - since < RestartAfter)
                return;
            _restarted = true;
        }
        if (!await restart(cancellationToken))
            return;
        var what = $"podman did not answer for {DurationText.Of(RestartAfter)}; the agent has restarted its service";
        log.LogWarning("{What}; containers are not affected", what);
        events.Append(new(EventKinds.EngineRestarted, what));
    }

    private void ThrowIfSilent()
    {
        lock (_lock)
            if (_silentSince is null)
                return;
        throw Silent();
    }

    private EngineException Silent()
    {
        lock (_lock)
        {
            var since = (_silentSince ?? time.GetUtcNow()).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            return new(
                EngineError.Unreachable, $"the agent answers, but its container engine does not, since {since} UTC",
                "look on the node whether it hangs (`podman ps` or `docker ps`), and restart it; if the agent runs podman's service "
                + $"itself, it restarts it after {DurationText.Of(RestartAfter)}");
        }
    }
}
