using System.Runtime.CompilerServices;
using Mcp.Core.Containers;

namespace Mcp.Agent.Tests.Deploy.Crash;

/// <summary>An agent's hold on the engine, which can be cut for good: what the agent still wants then is neither done nor answered, as if
/// it had been killed. The engine goes on, and so does another agent on it.</summary>
internal sealed class MortalRuntime(IContainerRuntime engine) : IContainerRuntime
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _changes;
    private (int Change, bool After)? _killAt;

    /// <summary>Completes when it has been cut.</summary>
    public Task Killed => _killed.Task;

    public void Kill() => _killed.TrySetResult();

    /// <summary>Cuts it at the so-maniest call that changes something, from 0.</summary>
    /// <param name="after">The engine has done it; nobody hears of it.</param>
    public void KillAt(int change, bool after) => (_changes, _killAt) = (0, (change, after));

    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) => AskAsync(() => engine.GetInfoAsync(cancellationToken));

    public Task<string> GetNameAsync(CancellationToken cancellationToken) => AskAsync(() => engine.GetNameAsync(cancellationToken));

    public Task<ImageInfo?> InspectImageAsync(string image, CancellationToken cancellationToken) =>
        AskAsync(() => engine.InspectImageAsync(image, cancellationToken));

    public Task PullAsync(string image, IProgress<string>? progress, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.PullAsync(image, progress, cancellationToken));

    public Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken) =>
        AskAsync(() => engine.ListImagesAsync(cancellationToken));

    public Task TagImageAsync(string image, string reference, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.TagImageAsync(image, reference, cancellationToken));

    public Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.RemoveImageAsync(reference, cancellationToken));

    public Task<IReadOnlyList<string>> LoadImageAsync(Stream archive, CancellationToken cancellationToken) =>
        AskAsync(() => engine.LoadImageAsync(archive, cancellationToken));

    public Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.CreateAsync(spec, cancellationToken));

    public Task<string> RunAsync(ContainerSpec spec, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.RunAsync(spec, cancellationToken));

    public Task StartAsync(string container, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.StartAsync(container, cancellationToken));

    public Task StopAsync(string container, TimeSpan timeout, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.StopAsync(container, timeout, cancellationToken));

    public Task RemoveAsync(string container, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.RemoveAsync(container, cancellationToken));

    public Task RenameAsync(string container, string newName, CancellationToken cancellationToken) =>
        ChangeAsync(() => engine.RenameAsync(container, newName, cancellationToken));

    public Task<ContainerInfo?> InspectAsync(string container, CancellationToken cancellationToken) =>
        AskAsync(() => engine.InspectAsync(container, cancellationToken));

    public Task<IReadOnlyList<ContainerInfo>> ListAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        AskAsync(() => engine.ListAsync(labels, cancellationToken));

    public Task<IReadOnlySet<string>> ListRunningAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        AskAsync(() => engine.ListRunningAsync(labels, cancellationToken));

    public Task<ExecResult> ExecAsync(string container, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        AskAsync(() => engine.ExecAsync(container, command, cancellationToken));

    public IAsyncEnumerable<ContainerLogLine> LogsAsync(string container, LogQuery query, CancellationToken cancellationToken) =>
        engine.LogsAsync(container, query, cancellationToken);

    public async IAsyncEnumerable<ContainerEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in engine.EventsAsync(cancellationToken))
        {
            await LiveAsync();
            yield return happened;
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        await LiveAsync();
        var answer = await call();
        await LiveAsync();
        return answer;
    }

    private Task ChangeAsync(Func<Task> call) => ChangeAsync(async () =>
    {
        await call();
        return 0;
    });

    private async Task<T> ChangeAsync<T>(Func<Task<T>> call)
    {
        var number = Interlocked.Increment(ref _changes) - 1;
        if (_killAt == (number, false))
            Kill();
        await LiveAsync();
        var answer = await call();
        if (_killAt == (number, true))
            Kill();
        await LiveAsync();
        return answer;
    }

    /// <summary>The dead wait for ever.</summary>
    private Task LiveAsync() => _killed.Task.IsCompleted ? new TaskCompletionSource().Task : Task.CompletedTask;
}
