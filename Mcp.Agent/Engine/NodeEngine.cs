using System.Runtime.CompilerServices;
using Mcp.Core.Containers;

namespace Mcp.Agent.Engine;

/// <summary>
/// The engine of this node as the rest of the agent sees it, whether it is there yet or not. An agent that runs and says that the engine
/// is down is worth more than one that doesn't start, so a missing engine is an error of each call and is looked for again.
/// </summary>
internal sealed class NodeEngine(EngineSearch search, TimeProvider time, ILogger<NodeEngine> logger)
    : IContainerRuntime, IHostedService, IAsyncDisposable
{
    /// <summary>Between two searches; calls in between get the last answer.</summary>
    public static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _searching = new(1);
    private OpenEngine? _engine;
    private EngineException? _missing;
    private DateTimeOffset _searchedAt;
    private bool _ended;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RuntimeAsync(cancellationToken);
        }
        catch (EngineException)
        {
            // Logged; everything that needs no engine works.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    /// <summary>Ends an engine service of the agent's own; containers keep running.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        if (Interlocked.Exchange(ref _engine, null) is { } engine)
            await engine.Owner.DisposeAsync();
    }

    /// <summary>See <see cref="EngineRestart"/>.</summary>
    public async Task<bool> RestartAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _engine)?.Restart is not { } restart)
            return false;
        await restart().WaitAsync(cancellationToken);
        return true;
    }

    public async Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).GetInfoAsync(cancellationToken);

    public async Task<string> GetNameAsync(CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).GetNameAsync(cancellationToken);

    public async Task<ImageInfo?> InspectImageAsync(string image, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).InspectImageAsync(image, cancellationToken);

    public async Task PullAsync(string image, IProgress<string>? progress, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).PullAsync(image, progress, cancellationToken);

    public async Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).ListImagesAsync(cancellationToken);

    public async Task TagImageAsync(string image, string reference, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).TagImageAsync(image, reference, cancellationToken);

    public async Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).RemoveImageAsync(reference, cancellationToken);

    public async Task<IReadOnlyList<string>> LoadImageAsync(Stream archive, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).LoadImageAsync(archive, cancellationToken);

    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).CreateAsync(spec, cancellationToken);

    public async Task<string> RunAsync(ContainerSpec spec, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).RunAsync(spec, cancellationToken);

    public async Task StartAsync(string container, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).StartAsync(container, cancellationToken);

    public async Task StopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).StopAsync(container, timeout, cancellationToken);

    public async Task RemoveAsync(string container, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).RemoveAsync(container, cancellationToken);

    public async Task RenameAsync(string container, string newName, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).RenameAsync(container, newName, cancellationToken);

    public async Task<ContainerInfo?> InspectAsync(string container, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).InspectAsync(container, cancellationToken);

    public async Task<IReadOnlyList<ContainerInfo>> ListAsync(
        IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).ListAsync(labels, cancellationToken);

    public async Task<IReadOnlySet<string>> ListRunningAsync(
        IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).ListRunningAsync(labels, cancellationToken);

    public async Task<ExecResult> ExecAsync(string container, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        await (await RuntimeAsync(cancellationToken)).ExecAsync(container, command, cancellationToken);

    public async IAsyncEnumerable<ContainerLogLine> LogsAsync(
        string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in (await RuntimeAsync(cancellationToken)).LogsAsync(container, query, cancellationToken))
            yield return line;
    }

    public async IAsyncEnumerable<ContainerEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in (await RuntimeAsync(cancellationToken)).EventsAsync(cancellationToken))
            yield return happened;
    }

    private async ValueTask<IContainerRuntime> RuntimeAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _engine) is { } found)
            return found.Runtime;
        await _searching.WaitAsync(cancellationToken);
        try
        {
            if (_engine is { } foundMeanwhile)
                return foundMeanwhile.Runtime;
            if (_ended)
                throw new EngineException(EngineError.Unreachable, "the agent is stopping", "try again when it has been started again");
            if (_missing is { } missing && time.GetUtcNow() - _searchedAt < SearchInterval)
                throw new EngineException(missing.Error, missing.Message, missing.Remedy, missing);
            return (await SearchAsync(cancellationToken)).Runtime;
        }
        finally
        {
            _searching.Release();
        }
    }

    private async Task<OpenEngine> SearchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var engine = await search(cancellationToken);
            _missing = null;
            Volatile.Write(ref _engine, engine);
            logger.LogInformation("Engine: {Engine}", engine.Description);
            return engine;
        }
        catch (EngineException e)
        {
            // Once, and again when the reason changes: the search continues until it succeeds.
            if (_missing?.Message != e.Message)
                logger.LogError("No engine: {Problem}; {Remedy}. The agent keeps trying", e.Message, e.Remedy);
            _missing = e;
            throw;
        }
        finally
        {
            _searchedAt = time.GetUtcNow();
        }
    }
}
