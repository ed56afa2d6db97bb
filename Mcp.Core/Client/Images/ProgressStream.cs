using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Mcp.Core.Client.Images;

/// <summary>Work that reports its progress as a stream.</summary>
internal static class ProgressStream
{
    /// <summary>Ends when the work has ended, by itself or because the reader left or cancelled: what it has to clean up is clean by then.
    /// Its exception is the stream's.</summary>
    public static async IAsyncEnumerable<T> RunAsync<T>(
        Func<Action<T>, CancellationToken, Task> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reports = Channel.CreateUnbounded<T>();
        var running = PumpAsync();
        try
        {
            await foreach (var report in reports.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return report;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }

        async Task PumpAsync()
        {
            try
            {
                // Off the caller's thread: a consumer that is busy drawing must not hold up the engine's output.
                await Task.Run(() => work(report => reports.Writer.TryWrite(report), ending.Token), CancellationToken.None)
                    .ConfigureAwait(false);
                reports.Writer.TryComplete();
            }
            catch (Exception e)
            {
                // Handed to the reader, who is the one to throw it.
                reports.Writer.TryComplete(e);
            }
        }
    }
}
