using Mcp.Cli.Output;
using Mcp.Cli.Plans;
using Mcp.Core;
using Mcp.Core.Operations;
using Spectre.Console;

namespace Mcp.Cli.Operations;

/// <summary>One line per finished step: for logs and pipes.</summary>
/// <param name="withOutput">And each line that engines print while they build and push.</param>
/// <param name="subject">Begins each line, where several streams are shown in turn.</param>
internal sealed class PlainSteps(CliHost host, bool withOutput = false, string subject = "")
{
    private StepLine? _line;

    public async Task<OperationEnded?> ShowAsync(IAsyncEnumerable<OperationUpdate> updates)
    {
        OperationEnded? ended = null;
        await foreach (var update in updates)
        {
            Show(update);
            ended = update as OperationEnded;
        }
        return ended;
    }

    public void Show(OperationUpdate update)
    {
        if (update is OperationPlanned plan)
            _line = new StepLine(plan);
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
        OperationWaiting waiting => [new Paragraph().Append("waiting ".PadRight("reverted".Length + 1), StateStyle.Odd).Append(WaitLine.Told(waiting, host) + "\n")],
        OperationPlanned plan => ComponentPlanLine.Replacements(plan),
        StepProgressed step when _line is not null && StepLine.IsFinal(step.State) => [_line.Finished(step, Mark(step.State))],
        ImagesPlanned images => ImageLine.Planned(images),
        ImageProgressed image when StepLine.IsFinal(image.State) => [ImageLine.Finished(image, Mark(image.State))],
        ImagePrinted printed when withOutput => [new Paragraph(printed.Line + "\n")],
        _ => [],
    };

    private static string Mark(StepState state) => StateText.Of(state).PadRight("reverted".Length);
}
