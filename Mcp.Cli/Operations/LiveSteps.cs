using Mcp.Cli.Output;
using Mcp.Cli.Plans;
using Mcp.Core;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>Finished steps stay as lines; what runs now is shown below them with a spinner and its time. Nothing is taller than the
/// screen.</summary>
/// <param name="withOutput">What engines print while they build and push stays as lines too.</param>
internal sealed class LiveSteps(CliHost host, bool withOutput = false)
{
    private const string Asking = "asking the agent";
    private const string Looking = "looking for the images";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Since when a step runs, by its index; since when an image's phase or a wait lasts.
    private readonly Dictionary<int, long> _since = [];
    private OperationState _state = new("");
    private long _began;

    public async Task ShowAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        await host.Console.Status().Spinner(Spinner.Known.Dots).StartAsync(withOutput ? Looking : Asking, async status =>
        {
            // After the display's own hook, so that it stands between that and what is written.
            var erase = new EraseBelow();
            if (host.Console.Profile.Capabilities.Ansi)
                host.Console.Pipeline.Attach(erase);
            try
            {
                await using var source = updates.GetAsyncEnumerator();
                while (await NextAsync(source, status))
                {
                    Take(source.Current);
                    status.Status(Now());
                }
            }
            finally
            {
                host.Console.Pipeline.Detach(erase);
            }
        });
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
        var before = _state;
        _state = _state.After(update);
        switch (update)
        {
            case OperationWaiting waiting:
                _began = host.Time.GetTimestamp();
                var mark = host.Console.Profile.Capabilities.Unicode ? "… " : ". ";
                host.Console.Write(
                    new Paragraph().Append(mark, StateStyle.Odd)
                        .Append($"waiting: {OperationText.LockedBy(waiting, host.Time.LocalTimeZone)}\n"));
                break;
            case OperationPlanned plan:
                foreach (var line in ComponentPlanLine.Replacements(plan))
                    host.Console.Write(line);
                break;
            case ImageProgressed { State: StepState.Running } image:
                if (before.Image is not { State: StepState.Running } known || known.Image != image.Image || known.Phase != image.Phase)
                    _began = host.Time.GetTimestamp();
                break;
            case ImageProgressed image:
                host.Console.Write(ImageLine.Finished(image, Mark(image.State)));
                break;
            case ImagePrinted printed when withOutput:
                host.Console.Write(new Text(printed.Line + "\n", StateStyle.Off));
                break;
            case StepProgressed progress when _state.Plan is not null:
                var step = _state.StepOf(progress);
                if (!step.IsOver)
                {
                    _since.TryAdd(progress.Index, host.Time.GetTimestamp());
                    break;
                }
                _since.Remove(progress.Index);
                host.Console.Write(StepLine.Of(step, _state, Mark(progress.State)));
                break;
        }
    }

    private string Now()
    {
        var text = _state switch
        {
            { Waiting: { } waiting } => $"waiting for the {StateText.Of(waiting.Kind)} by {waiting.Actor}{For(_began)}",
            { Image: { State: StepState.Running } image } => ImageText.Running(image) + For(_began),
            { Plan: null } => withOutput ? Looking : Asking,
            _ =>
                string.Join(
                    "  ·  ",
                    _state.Steps.Where(s => s.State == StepState.Running).Select(s => s.RunningText + For(_since[s.Summary.Index]))
                        .DefaultIfEmpty("…")),
        };
        var width = Math.Max(10, host.Console.Profile.Width - 4);
        return Markup.Escape(text.Length > width ? text[..(width - 1)] + "…" : text);
    }

    private string For(long since) =>
        host.Time.GetElapsedTime(since) is var elapsed && elapsed >= TimeSpan.FromSeconds(1) ? " " + RelativeTime.Elapsed(elapsed) : "";

    private string Mark(StepState state) => (state, host.Console.Profile.Capabilities.Unicode) switch
    {
        (StepState.Done, true) => "✓",
        (StepState.Done, false) => "+",
        (StepState.Failed, true) => "✗",
        (StepState.Failed, false) => "x",
        (StepState.RolledBack, true) => "↶",
        (StepState.RolledBack, false) => "<",
        _ => "-",
    };
}
