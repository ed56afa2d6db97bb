using Mcp.Cli.Output;
using Mcp.Cli.Plans;
using Mcp.Core;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>One line per finished step: for logs and pipes.</summary>
/// <param name="withOutput">And each line that engines print while they build and push.</param>
/// <param name="subject">Begins each line, where several streams are shown alternately.</param>
internal sealed class PlainSteps(CliHost host, bool withOutput = false, string subject = "")
{
    private OperationState _state = new("");

    public async Task ShowAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        await foreach (var update in updates)
            Show(update);
    }

    public void Show(OperationUpdate update)
    {
        _state = _state.After(update);
        foreach (var line in Lines(update))
        {
            if (subject.Length > 0)
                host.Console.Write(new Text(subject + "  "));
            host.Console.Write(line);
        }
        host.Out.Flush();
    }

    private IEnumerable<Paragraph> Lines(OperationUpdate update) => update switch
    {
        OperationWaiting waiting =>
            [new Paragraph().Append(Padded("waiting"), StateStyle.Odd)
                .Append($" {OperationText.LockedBy(waiting, host.Time.LocalTimeZone)}\n")],
        OperationPlanned plan => ComponentPlanLine.Replacements(plan),
        StepProgressed progress when _state.StepOf(progress) is { IsOver: true } step => [StepLine.Of(step, _state, Mark(progress.State))],
        ImagesPlanned images => ImageLine.Planned(images),
        ImageProgressed { State: not StepState.Running } image => [ImageLine.Finished(image, Mark(image.State))],
        ImagePrinted printed when withOutput => [new Paragraph(printed.Line + "\n")],
        _ => [],
    };

    private static string Mark(StepState state) => Padded(StateText.Of(state));

    private static string Padded(string word) => word.PadRight("rolled-back".Length);
}
