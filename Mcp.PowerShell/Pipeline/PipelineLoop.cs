using System.Collections.Concurrent;
using System.Management.Automation;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Runs an async method so that each of its continuations is on the pipeline's thread, the only one that may write objects. The
/// thread sleeps while the method awaits. What a write throws (downstream had enough, Ctrl+C) surfaces inside the method, whose finally
/// blocks then end the producer.</summary>
internal sealed class PipelineLoop : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];

    private PipelineLoop()
    {
    }

    /// <param name="grace">How long a stopped method may tidy up.</param>
    public static void Run(Func<Task> method, TimeSpan grace, CancellationToken stop)
    {
        var previous = Current;
        var loop = new PipelineLoop();
        SetSynchronizationContext(loop);
        try
        {
            loop.Pump(method(), grace, stop);
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _work.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The loop has ended without this method: let it reach its finally blocks elsewhere. It can't write any more, PowerShell sees
            // to that.
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("the pipeline's thread can't be waited for");

    private void Pump(Task task, TimeSpan grace, CancellationToken stop)
    {
        _ = task.ContinueWith(
            _ => _work.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        using var stopped = stop.Register(() =>
            Task.Delay(grace, CancellationToken.None).ContinueWith(_ => _work.CompleteAdding(), TaskScheduler.Default));

        foreach (var (callback, state) in _work.GetConsumingEnumerable(CancellationToken.None))
            callback(state);
        if (!task.IsCompleted)
            throw new PipelineStoppedException();
        task.GetAwaiter().GetResult();
    }
}
