using Mcp.Core;
using Mcp.Core.Containers;

namespace Mcp.Agent.Monitor;

/// <summary>Listens to the engine's events for as long as the agent runs, whatever becomes of the engine meanwhile.</summary>
internal sealed partial class EngineListener(IContainerRuntime runtime, TimeProvider time, ILogger<EngineListener> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <param name="happened">Called for each event.</param>
    /// <param name="reconnected">Called whenever events may have been missed.</param>
    public async Task RunAsync(Action<ContainerEvent> happened, Action reconnected, CancellationToken cancellationToken)
    {
        var pause = new Backoff(FirstPause, LongestPause, time);
        while (true)
        {
            try
            {
                await using var events = runtime.EventsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                var next = events.MoveNextAsync();
                // Only now, with the stream on its way: what happens after the sweep's look must come as an event.
                reconnected();
                while (await next)
                {
                    pause.Reset();
                    happened(events.Current);
                    next = events.MoveNextAsync();
                }
                LogEnded(pause.Next.TotalSeconds);
            }
            // A request that was cancelled by no one here is a broken connection, too.
            catch (Exception e) when (e is EngineException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                LogLost(e.Message, pause.Next.TotalSeconds);
            }
            cancellationToken.ThrowIfCancellationRequested();
            reconnected();
            await pause.WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "the engine's event stream ended; listening again in {Pause} s")]
    private partial void LogEnded(double pause);

    [LoggerMessage(EventId = 321, Level = LogLevel.Warning,
        Message = "the engine's event stream broke: {Failure}; listening again in {Pause} s")]
    private partial void LogLost(string failure, double pause);
}
