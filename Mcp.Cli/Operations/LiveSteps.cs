using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>Finished steps stay as lines; what runs now stands below them with a spinner and its time. Nothing is taller than the screen.</summary>
internal sealed class LiveSteps(CliHost host)
{
    private const string Asking = "asking the agent";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, (StepProgressed Progress, long Since)> _running = [];
    private StepLine? _line;

    public async Task<OperationEnded?> ShowAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        OperationEnded? ended = null;
        await host.Console.Status().Spinner(Spinner.Known.Dots).StartAsync(Asking, async status =>
        {
            await using var source = updates.GetAsyncEnumerator();
            while (await NextAsync(source, status))
            {
                Take(source.Current);
                ended = source.Current as OperationEnded;
                status.Status(Now());
            }
        });
        return ended;
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<OperationUpdate> source, StatusContext status)
    {
        var next = source.MoveNextAsync().AsTask();
        while (await Task.WhenAny(next, Task.Delay(Tick, host.Time, CancellationToken.None)) != next)
            status.Status(Now());
        return await next;
    }

    private void Take(OperationUpdate update)
    {
        if (update is OperationPlanned plan)
            _line = new StepLine(plan);
        if (update is not StepProgressed step || _line is null)
            return;
        if (!StepLine.IsFinal(step.State))
        {
            var since = _running.TryGetValue(step.Index, out var known) ? known.Since : host.Time.GetTimestamp();
            _running[step.Index] = (step, since);
            return;
        }
        _running.Remove(step.Index);
        host.Console.Write(_line.Finished(step, Mark(step.State)));
    }

    private string Now()
    {
        if (_line is null)
            return Asking;
        if (_running.Count == 0)
            return "…";
        var text = string.Join("  ·  ", _running.Values.Select(r => _line.Running(r.Progress, host.Time.GetElapsedTime(r.Since))));
        var width = Math.Max(10, host.Console.Profile.Width - 4);
        return Markup.Escape(text.Length > width ? text[..(width - 1)] + "…" : text);
    }

    private string Mark(StepState state) => (state, host.Console.Profile.Capabilities.Unicode) switch
    {
        (StepState.Done, true) => "✓",
        (StepState.Done, false) => "+",
        (StepState.Failed, true) => "✗",
        (StepState.Failed, false) => "x",
        (StepState.Reverted, true) => "↶",
        (StepState.Reverted, false) => "<",
        _ => "-",
    };
}
