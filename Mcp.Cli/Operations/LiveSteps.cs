using Mcp.Cli.Output;
using Mcp.Cli.Plans;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>Finished steps stay as lines; what runs now stands below them with a spinner and its time. Nothing is taller than the screen.</summary>
/// <param name="withOutput">What engines print while they build and push stays as lines too.</param>
internal sealed class LiveSteps(CliHost host, bool withOutput = false)
{
    private const string Asking = "asking the agent";
    private const string Looking = "looking for the images";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, (StepProgressed Progress, long Since)> _running = [];
    private (ImageProgressed Progress, long Since)? _image;
    private (OperationWaiting Waiting, long Since)? _wait;
    private StepLine? _line;

    public async Task<OperationEnded?> ShowAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        OperationEnded? ended = null;
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
                    ended = source.Current as OperationEnded;
                    status.Status(Now());
                }
            }
            finally
            {
                host.Console.Pipeline.Detach(erase);
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
        switch (update)
        {
            case OperationWaiting waiting:
                _wait = (waiting, host.Time.GetTimestamp());
                host.Console.Write(new Paragraph().Append(host.Console.Profile.Capabilities.Unicode ? "… " : ". ", StateStyle.Odd).Append($"waiting {WaitLine.Told(waiting, host)}\n"));
                break;
            case OperationPlanned plan:
                _wait = null;
                _line = new StepLine(plan);
                foreach (var line in ComponentPlanLine.Replacements(plan))
                    host.Console.Write(line);
                break;
            case ImageProgressed image:
                TakeImage(image);
                break;
            case ImagePrinted printed when withOutput:
                host.Console.Write(new Text(printed.Line + "\n", StateStyle.Off));
                break;
            case StepProgressed step when _line is not null:
                TakeStep(step, _line);
                break;
        }
    }

    private void TakeImage(ImageProgressed image)
    {
        if (!StepLine.IsFinal(image.State))
        {
            _image = (image, _image is { } known && known.Progress.Image == image.Image && known.Progress.Phase == image.Phase ? known.Since : host.Time.GetTimestamp());
            return;
        }
        _image = null;
        host.Console.Write(ImageLine.Finished(image, Mark(image.State)));
    }

    private void TakeStep(StepProgressed step, StepLine line)
    {
        if (!StepLine.IsFinal(step.State))
        {
            var since = _running.TryGetValue(step.Index, out var known) ? known.Since : host.Time.GetTimestamp();
            _running[step.Index] = (step, since);
            return;
        }
        _running.Remove(step.Index);
        host.Console.Write(line.Finished(step, Mark(step.State)));
    }

    private string Now()
    {
        var text = (_image, _line) switch
        {
            _ when _wait is { } wait => WaitLine.Running(wait.Waiting, host.Time.GetElapsedTime(wait.Since)),
            ({ } image, _) => ImageLine.Running(image.Progress, host.Time.GetElapsedTime(image.Since)),
            (_, null) => withOutput ? Looking : Asking,
            (_, { } line) => _running.Count == 0 ? "…" : string.Join("  ·  ", _running.Values.Select(r => line.Running(r.Progress, host.Time.GetElapsedTime(r.Since)))),
        };
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
