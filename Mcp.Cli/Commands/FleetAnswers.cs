using Mcp.Core.Client;

namespace Mcp.Cli.Commands;

/// <summary>Answers of several nodes, gathered: values by node in the config's order, so that two runs look alike; errors reported as they
/// come.</summary>
internal static class FleetAnswers
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(150);

    /// <summary>A pause of this share of the time so far says that who is missing is slow or hung.</summary>
    private const double LongPause = 0.3;

    /// <param name="show">Called with what has come, whenever those that are missing let it wait, and at the end; so one node that hangs
    /// does not hold up what the others said.</param>
    public static async Task<(IReadOnlyList<(string Node, T Value)> Values, IReadOnlyList<McpException> Errors)> GatherAsync<T>(
        CommandContext context, Func<AgentClient, CancellationToken, Task<T>> question, CancellationToken cancellationToken,
        Action<IReadOnlyList<(string Node, T Value)>>? show = null)
    {
        var values = new List<(string Node, T Value)>();
        var errors = new List<McpException>();
        var shown = 0;
        var fleet = context.FleetToAsk;
        var order = fleet.Nodes.Select((n, i) => (n.Name, i)).ToDictionary(n => n.Name, n => n.i);
        var started = context.Host.Time.GetTimestamp();

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var answers = fleet.AskAsync(question, ending.Token).GetAsyncEnumerator(CancellationToken.None);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = answers.MoveNextAsync().AsTask();
                if (shown < values.Count && show is not null && !await ComesSoonAsync(next))
                    Show();
                if (!await next)
                    break;
                var answer = answers.Current;
                if (answer.Error is { } error)
                {
                    errors.Add(error);
                    context.Report(error);
                }
                else
                {
                    values.Add((answer.Node.Name, answer.Value!));
                }
            }
        }
        finally
        {
            // The enumeration can't be left while it waits for an answer.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (shown < values.Count || shown == 0)
            Show();
        return ([.. InOrder(values)], errors);

        async Task<bool> ComesSoonAsync(Task answer)
        {
            var pause = context.Host.Time.GetElapsedTime(started) * LongPause;
            var late = Task.Delay(pause > ShortestPause ? pause : ShortestPause, context.Host.Time, ending.Token);
            return await Task.WhenAny(answer, late) == answer;
        }

        void Show()
        {
            show?.Invoke([.. InOrder(values.Skip(shown))]);
            context.Host.Out.Flush();
            shown = values.Count;
        }

        IEnumerable<(string Node, T Value)> InOrder(IEnumerable<(string Node, T Value)> some) => some.OrderBy(v => order[v.Node]);
    }
}
