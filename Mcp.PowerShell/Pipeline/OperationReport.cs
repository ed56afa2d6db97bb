using System.Globalization;
using System.Management.Automation;
using Mcp.Core.Client;
using Mcp.Core.Operations;
using Mcp.Core.Status;

namespace Mcp.PowerShell.Pipeline;

/// <summary>Shows an operation, and the work on images before it, while it runs (progress and verbose) and keeps what it came to.</summary>
/// <param name="id">Of the progress bar, where several are shown at once.</param>
/// <param name="subject">Where lines of several operations mingle: what to put before each.</param>
internal sealed class OperationReport(Cmdlet cmdlet, string activity, int id = 0, string subject = "")
{
    private readonly ImageReport _images = new(cmdlet, activity, id, subject);
    private readonly SortedDictionary<int, McpStep> _steps = [];
    private readonly ProgressRecord _progress = new(id, activity, "asking the node");
    private string[] _warnings = [];
    private OperationEnded? _ended;
    private bool _shown;

    public IReadOnlyList<McpImage> Images => _images.Images;

    public IReadOnlyList<McpStep> Steps => [.. _steps.Values];

    public IReadOnlyList<string> Warnings => [.. _images.Warnings, .. _warnings];

    public IReadOnlyList<ComponentStatus> Components => [.. _ended?.Components ?? []];

    public string OperationId { get; private set; } = "";

    /// <summary>The number that the deploy got.</summary>
    public int? Release { get; private set; }

    public OperationOutcome Outcome => _ended?.Outcome ?? OperationOutcome.Failed;

    public TimeSpan Elapsed => _ended?.Elapsed ?? TimeSpan.Zero;

    public void Show(OperationUpdate update)
    {
        if (update is ImageUpdate image)
        {
            _images.Show(image);
            return;
        }
        OperationId = update.OperationId;
        switch (update)
        {
            case OperationWaiting waiting:
                Waiting(waiting);
                break;
            case OperationPlanned plan:
                Planned(plan);
                break;
            case StepProgressed progress:
                Progressed(progress);
                break;
            case OperationEnded ended:
                _ended = ended;
                cmdlet.WriteVerbose($"{activity}: {ended.Outcome.Word()} after {ended.Elapsed.TotalSeconds:0.0} s (operation {ended.OperationId})");
                break;
        }
    }

    /// <summary>Before the first update: somebody is asked, which may take a while.</summary>
    public void Begin(string status)
    {
        _shown = true;
        _progress.StatusDescription = status;
        cmdlet.WriteProgress(_progress);
    }

    /// <summary>Takes the progress bar away.</summary>
    public void Close()
    {
        _images.Close();
        if (!_shown)
            return;
        _progress.RecordType = ProgressRecordType.Completed;
        cmdlet.WriteProgress(_progress);
    }

    /// <summary>Why it failed; null when it did not.</summary>
    public McpException? Failure(string node)
    {
        if (_ended is { Outcome: OperationOutcome.Succeeded })
            return null;
        return _ended is null
            ? new(ErrorKind.Internal, "no-result", $"{activity}: the node ended the operation without a result", "see the agent's log on the node", node)
            : new(KindOf(_ended.ErrorId), _ended.ErrorId.Length > 0 ? _ended.ErrorId : "operation-failed", _ended.DescribeFailure(), _ended.Remedy, node);
    }

    public McpDeployResult Result(string service, string node) => new()
    {
        Service = service,
        Node = node,
        Outcome = Outcome.Word(),
        Release = Release,
        OperationId = OperationId,
        Elapsed = Elapsed,
        Images = Images,
        Steps = Steps,
        Components = [.. Components.Select(c => c.ToObject(node))],
        Warnings = Warnings,
    };

    private static ErrorKind KindOf(string errorId) => errorId switch
    {
        "image-not-found" => ErrorKind.NotFound,
        "port-taken" or "name-taken" => ErrorKind.Conflict,
        _ => ErrorKind.OperationFailed,
    };

    private void Waiting(OperationWaiting waiting)
    {
        var who = string.Create(CultureInfo.InvariantCulture,
            $"{waiting.Actor} has it since {waiting.Since.LocalDateTime:HH:mm:ss} ({waiting.Kind.Word()}, operation {waiting.Holder})");
        cmdlet.WriteVerbose($"{subject}waiting: {who}");
        Begin("waiting: " + who);
    }

    private void Planned(OperationPlanned plan)
    {
        Release = plan.Release;
        foreach (var step in plan.Steps)
        {
            _steps[step.Index] = step.ToObject();
            cmdlet.WriteVerbose($"{subject}plan: {step.Description}{(step.Reason.Length > 0 ? $" ({step.Reason})" : "")}");
            if (step.RunLine.Length > 0)
                cmdlet.WriteVerbose(step.RunLine);
        }
        _warnings = [.. plan.Warnings];
        foreach (var warning in plan.Warnings)
            cmdlet.WriteWarning(subject + warning);
        Show(0, "");
    }

    private void Progressed(StepProgressed progress)
    {
        if (!_steps.TryGetValue(progress.Index, out var step))
            return;
        _steps[progress.Index] = step with { State = progress.State.Word(), Elapsed = progress.Elapsed };
        if (progress.State == StepState.Running)
        {
            Show(_steps.Values.Count(s => s.State is "done" or "skipped"), progress.Message.Length > 0 ? $"{step.Description}: {progress.Message}" : step.Description);
            return;
        }
        var message = progress.Message.Length > 0 ? ": " + progress.Message : "";
        cmdlet.WriteVerbose($"{subject}{progress.State.Word()}: {step.Description}{message} ({progress.Elapsed.TotalSeconds:0.0} s)");
    }

    private void Show(int done, string status)
    {
        _shown = true;
        _progress.PercentComplete = _steps.Count == 0 ? -1 : 100 * done / _steps.Count;
        _progress.StatusDescription = status.Length > 0 ? status : "planned";
        cmdlet.WriteProgress(_progress);
    }
}
