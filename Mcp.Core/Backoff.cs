namespace Mcp.Core;

/// <summary>Pauses before something is tried again: each twice as long as the one before, up to a limit.</summary>
public sealed class Backoff(TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private readonly TimeSpan _first = first;

    /// <summary>The pause that comes next.</summary>
    public TimeSpan Next { get; private set; } = first;

    /// <summary>To be called when it worked: the next pause is the first one again.</summary>
    public void Reset() => Next = _first;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Next, time, cancellationToken).ConfigureAwait(false);
        Next = Next * 2 < longest ? Next * 2 : longest;
    }
}
