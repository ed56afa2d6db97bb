using System.Management.Automation;
using Mcp.Core.Operations;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Shows work on images while it is done: steps as progress, the engine's lines with -Verbose, what is odd as warnings.</summary>
internal sealed class ImageReport(Cmdlet cmdlet, string activity, int id = 0, string subject = "")
{
    private readonly ProgressRecord _progress = new(id, activity, "looking for images") { PercentComplete = -1 };
    private readonly List<McpImage> _images = [];
    private readonly List<string> _warnings = [];
    private bool _shown;

    public IReadOnlyList<McpImage> Images => _images;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Show(ImageUpdate update)
    {
        switch (update)
        {
            case ImagesPlanned plan:
                Planned(plan);
                break;
            case ImageProgressed progress:
                Progressed(progress);
                break;
            case ImagePrinted printed:
                _progress.CurrentOperation = printed.Line.Trim();
                cmdlet.WriteVerbose(subject + printed.Line);
                Show();
                break;
            case ImageWarned warned:
                Warn(warned.Warning);
                break;
            case ImageSupplied supplied:
                _images.Add(supplied.Result.ToObject());
                break;
        }
    }

    /// <summary>Before the first update: image registries and nodes are asked, which may take a while.</summary>
    public void Begin() => Show();

    /// <summary>Takes the progress bar away.</summary>
    public void Close()
    {
        if (!_shown)
            return;
        _shown = false;
        _progress.RecordType = ProgressRecordType.Completed;
        cmdlet.WriteProgress(_progress);
    }

    private void Planned(ImagesPlanned plan)
    {
        foreach (var image in plan.Images)
        {
            cmdlet.WriteVerbose(image.Action == ImageAction.None
                ? $"{subject}{image.Image} is there{(image.Digest.Length > 0 ? ": " + image.Digest : "")}"
                : $"{subject}{image.Image}: {Word(image.Action)}{(image.Reason.Length > 0 ? $" ({image.Reason})" : "")}");
        }
        foreach (var warning in plan.Warnings)
            Warn(warning);
    }

    private void Progressed(ImageProgressed progress)
    {
        var (doing, done) = progress.Phase switch
        {
            ImagePhase.Build => ("building", "built"),
            ImagePhase.Push => ("pushing", "pushed"),
            _ => ("sending", "sent"),
        };
        // "sent X to alpha", but "built X: 3 of 4 layers reused".
        var said = progress.Message.Length == 0 ? "" : (progress.Phase == ImagePhase.Send ? " " : ": ") + progress.Message;
        if (progress.State == StepState.Running)
        {
            _progress.StatusDescription = $"{doing} {progress.Image}{said}";
            Show();
            return;
        }
        _progress.CurrentOperation = "";
        cmdlet.WriteVerbose($"{subject}{(progress.State == StepState.Done ? done : progress.State.Word())} {progress.Image}{said} ({progress.Elapsed.TotalSeconds:0.0} s)");
    }

    private void Warn(string warning)
    {
        _warnings.Add(warning);
        cmdlet.WriteWarning(subject + warning);
    }

    private void Show()
    {
        _shown = true;
        _progress.RecordType = ProgressRecordType.Processing;
        cmdlet.WriteProgress(_progress);
    }

    private static string Word(ImageAction action) => action switch
    {
        ImageAction.Build => "to be built",
        ImageAction.BuildAndPush => "to be built and pushed",
        ImageAction.BuildAndSend => "to be built and sent",
        _ => "to be sent",
    };
}
