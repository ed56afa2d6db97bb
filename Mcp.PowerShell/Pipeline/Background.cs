using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Keeps the network off the pipeline's thread. A downstream cmdlet may hold that thread for minutes; calls that wait for it would
/// miss their deadlines meanwhile.</summary>
internal static class Background
{
    /// <summary>Enough that a burst of log lines doesn't switch threads for each, little enough that a slow reader slows the node
    /// down.</summary>
    private const int Ahead = 256;

    public static Task<T> Ask<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        Task.Run(() => call(cancellationToken), cancellationToken);

    /// <summary>Every item of several sources as they arrive. Leaving the enumeration ends the sources.</summary>
    public static async IAsyncEnumerable<T> Each<T>(
        IReadOnlyCollection<Func<CancellationToken, IAsyncEnumerable<T>>> sources,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Ahead) { SingleReader = true });
        var producing = Task.Run(() => ProduceAsync(sources, channel.Writer, ended.Token), CancellationToken.None);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
                yield return item;
        }
        finally
        {
            await ended.CancelAsync();
            await producing;
        }
    }

    public static IAsyncEnumerable<T> Each<T>(Func<CancellationToken, IAsyncEnumerable<T>> source, CancellationToken cancellationToken) =>
        Each([source], cancellationToken);

    private static async Task ProduceAsync<T>(
        IReadOnlyCollection<Func<CancellationToken, IAsyncEnumerable<T>>> sources, ChannelWriter<T> writer,
        CancellationToken cancellationToken)
    {
        await Task.WhenAll(sources.Select(source => CopyAsync(source, writer, cancellationToken)));
        writer.TryComplete();
    }

    private static async Task CopyAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, ChannelWriter<T> writer, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await foreach (var item in source(cancellationToken).WithCancellation(cancellationToken))
                await writer.WriteAsync(item, cancellationToken);
        }
        catch (Exception e)
        {
            // The reader gets the first failure, after the items that came before it, and ends the others by leaving.
            writer.TryComplete(e);
        }
    }
}
