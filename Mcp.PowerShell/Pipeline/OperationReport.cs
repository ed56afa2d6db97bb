using System.Management.Automation;
using Mcp.Core;
using Mcp.Core.Operations;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Shows an operation, and work on images, while it runs: progress, lines with -Verbose, warnings. Keeps what it came
/// to.</summary>
/// <param name="id">Of the progress bar, where several are shown at once.</param>
/// <param name="subject">Begins each line, where lines of several operations are mixed.</param>
internal sealed class OperationReport(Cmdlet cmdlet, string activity, string node = "", int id = 0, string subject = "")
{
    private readonly ProgressRecord _progress = new(id, activity, "asking the node") { PercentComplete = -1 };
    private bool _shown;

    public OperationState State { get; private set; } = new(node);

    public void Show(OperationUpdate update)
    {
        State = State.After(update);
        switch (update)
        {
            case ImagesPlanned plan:
                foreach (var image in plan.Images)
                    Verbose(
                        image.Action == ImageAction.None ? $"{image.Image} is up to date{After(": ", image.Digest)}" : ImageText.Of(image));
                break;
            case ImagePrinted printed:
                _progress.CurrentOperation = printed.Line.Trim();
                Verbose(printed.Line);
                Show(_progress.StatusDescription);
                break;
            case ImageProgressed { State: StepState.Running } image:
                Show(ImageText.Running(image));
                break;
            case ImageProgressed image:
                _progress.CurrentOperation = "";
                Verbose(
                    $"{StateText.Of(image.State)}: {StateText.Of(image.Phase)} {image.Image}{After(": ", image.Message)} " +
                    $"({image.Elapsed.TotalSeconds:0.0} s)");
                break;
            case OperationWaiting waiting:
                var locked = "waiting: " + OperationText.LockedBy(waiting, TimeZoneInfo.Local);
                Verbose(locked);
                Show(locked);
                break;
            case OperationPlanned:
                Planned();
                break;
            case StepProgressed progress:
                Progressed(State.StepOf(progress));
                break;
            case OperationEnded end:
                cmdlet.WriteVerbose(
                    $"{activity}: {StateText.Of(end.Outcome)} after {end.Elapsed.TotalSeconds:0.0} s (operation {end.OperationId})");
                break;
        }
        foreach (var warning in OperationState.WarningsOf(update))
            cmdlet.WriteWarning(subject + warning);
    }

    /// <summary>Shows the progress bar, also before the first update: a node or an image registry is asked, which may take a
    /// while.</summary>
    public void Show(string status)
    {
        _shown = true;
        _progress.StatusDescription = status;
        cmdlet.WriteProgress(_progress);
    }

    /// <summary>Takes the progress bar away.</summary>
    public void Close()
    {
        if (!_shown)
            return;
        _shown = false;
        _progress.RecordType = ProgressRecordType.Completed;
        cmdlet.WriteProgress(_progress);
    }

    private void Planned()
    {
        foreach (var step in State.Steps)
        {
            Verbose($"plan: {step.Text}");
            if (step.Summary.RunLine.Length > 0)
                cmdlet.WriteVerbose(step.Summary.RunLine);
        }
        _progress.PercentComplete = 0;
        Show("planned");
    }

    private void Progressed(OperationStep step)
    {
        if (step.IsOver)
        {
            Verbose(
                $"{StateText.Of(step.State!.Value)}: {step.Summary.Description}{After(": ", step.Message)} " +
                $"({step.Elapsed.TotalSeconds:0.0} s)");
            return;
        }
        _progress.PercentComplete = State.Steps.Count == 0
            ? -1
            : 100 * State.Steps.Count(s => s.State is StepState.Done or StepState.Skipped) / State.Steps.Count;
        Show(step.RunningText);
    }

    private void Verbose(string line) => cmdlet.WriteVerbose(subject + line);

    private static string After(string separator, string text) => text.Length > 0 ? separator + text : "";
}
