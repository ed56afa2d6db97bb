using System.Diagnostics;

namespace Mcp.EndToEnd.Faults;

/// <summary>A client that asks a hundred times a second, on a fixed schedule: a slow answer does not put off the next question.</summary>
/// <param name="port">The one to ask now.</param>
internal sealed class SteadyClient(Func<int> port) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    // A connection for each: one that is kept would hide that nobody takes new ones.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, MaxConnectionsPerServer = 1000 }) { Timeout =
            TimeSpan.FromSeconds(5) };
    private readonly CancellationTokenSource _enough = new();
    private readonly List<Answer> _answers = [];
    private Task _asking = Task.CompletedTask;

    /// <summary>Completes at the first answer.</summary>
    public async Task StartAsync()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _asking = AskAsync(first);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task<Figures> StopAsync()
    {
        await _enough.CancelAsync();
        await _asking;
        return new([.. _answers.OrderBy(a => a.AskedAt)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _asking;
        _http.Dispose();
        _enough.Dispose();
    }

    private async Task AskAsync(TaskCompletionSource first)
    {
        var under = new List<Task>();
        using var ticks = new PeriodicTimer(Interval);
        var clock = Stopwatch.StartNew();
        for (var asked = 0; !_enough.IsCancellationRequested;)
        {
            await ticks.WaitForNextTickAsync(CancellationToken.None);
            // Ticks that were missed are made up for.
            for (; asked < clock.Elapsed / Interval; asked++)
                under.Add(AskOnceAsync(first));
        }
        await Task.WhenAll(under);
    }

    private async Task AskOnceAsync(TaskCompletionSource first)
    {
        var askedAt = TimeProvider.System.GetUtcNow();
        string? text = null;
        try
        {
            text = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port()}/"));
            first.TrySetResult();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Counted below.
        }
        lock (_answers)
            _answers.Add(new(askedAt, TimeProvider.System.GetUtcNow(), text));
    }

    /// <param name="Text">null: none came.</param>
    internal sealed record Answer(DateTimeOffset AskedAt, DateTimeOffset At, string? Text);

    internal sealed record Figures(IReadOnlyList<Answer> Answers)
    {
        public int Failed => Answers.Count(a => a.Text is null);

        public IReadOnlyList<string> Served => [.. Answers.Where(a => a.Text is not null).Select(a => a.Text!).Distinct()];

        /// <summary>The first good answer to what was asked after that.</summary>
        public DateTimeOffset FirstAnswerAfter(DateTimeOffset moment) => Answers.Where(a => a.AskedAt >= moment && a.Text is not null)
            .Min(a => a.At);

        public DateTimeOffset FirstFailure => Answers.First(a => a.Text is null).AskedAt;

        /// <summary>The last question that got no answer.</summary>
        public DateTimeOffset LastFailure => Answers.Last(a => a.Text is null).AskedAt;

        public override string ToString()
        {
            var slowest = Answers.Where(a => a.Text is not null).Max(a => a.At - a.AskedAt);
            return $"{Answers.Count} requests, {Failed} failed, slowest {slowest.TotalMilliseconds:0} ms, served " +
                $"{string.Join(" then ", Served)}";
        }
    }
}
