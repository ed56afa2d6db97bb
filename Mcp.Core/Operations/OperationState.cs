using Mcp.Core.Collections;

namespace Mcp.Core.Operations;

/// <summary>What an operation's updates come to, and the work on images before it. The command line, the cmdlets and sync read updates
/// through it alone.
/// <code>
/// var state = new OperationState("node1"); await foreach (var update in updates)
///     state = state.After(update);
/// if (state.Failure is { } failure) ...   // else state.Summary
/// </code></summary>
/// <param name="Node">The node's name, for texts.</param>
/// <param name="Target">What the user named: "hello" or "hello/web"; null: the service that the plan names.</param>
public sealed record OperationState(string Node, string? Target = null)
{
    /// <summary>Empty until the operation has begun.</summary>
    public string OperationId { get; private init; } = "";

    /// <summary>Another operation has the service locked; null when none has, or no longer.</summary>
    public OperationWaiting? Waiting { get; private init; }

    /// <summary>The last progress of image work; null once the operation itself reports.</summary>
    public ImageProgressed? Image { get; private init; }

    public OperationPlanned? Plan { get; private init; }

    public OperationEnded? End { get; private init; }

    /// <summary>Every step of the plan, in its order.</summary>
    public ValueList<OperationStep> Steps { get; private init; } = [];

    /// <summary>Images that were built, pushed or sent.</summary>
    public ValueList<ImageResult> Images { get; private init; } = [];

    public ValueList<string> Warnings { get; private init; } = [];

    /// <summary>Failed also when the operation ended without a result.</summary>
    public OperationOutcome Outcome => End?.Outcome ?? OperationOutcome.Failed;

    /// <summary>It succeeded, and there was nothing to do.</summary>
    public bool IsUpToDate => Outcome == OperationOutcome.Succeeded && Plan is { Steps.Count: 0 };

    /// <summary>Why it did not succeed; null when it did. Asked once there are no more updates.</summary>
    public OperationFailure? Failure => OperationFailure.Of(this);

    /// <summary>"Deployed hello to node1 as release 3". For an operation that succeeded.</summary>
    public string Summary => OperationText.Summary(this);

    public OperationState After(OperationUpdate update)
    {
        var next = this with
        {
            OperationId = update.OperationId.Length > 0 ? update.OperationId : OperationId,
            // Images are made before there is an operation, and a waiting one has not begun.
            Waiting = update is ImageUpdate ? Waiting : update as OperationWaiting,
            Image = update is ImageUpdate ? update as ImageProgressed ?? (update is ImagePrinted ? Image : null) : null,
            Warnings = [.. Warnings, .. WarningsOf(update)],
        };
        return update switch
        {
            OperationPlanned plan => next with { Plan = plan, Steps = plan.Steps.Select(s => new OperationStep(s)).ToValueList() },
            StepProgressed { Index: var step } progress when Has(step) =>
                next with { Steps = Steps.With(step, Steps[step].After(progress)) },
            ImageReady ready => next with { Images = [.. Images, ready.Result] },
            OperationEnded end => next with { End = end },
            _ => next,
        };
    }

    /// <summary>The step that an update tells of; one that the plan does not have is known by its number.</summary>
    public OperationStep StepOf(StepProgressed progress) => Has(progress.Index)
        ? Steps[progress.Index]
        : new OperationStep(new(progress.Index, "", "", $"step {progress.Index}", "", "")).After(progress);

    // An index is the step's place in the plan.
    private bool Has(int step) => step >= 0 && step < Steps.Count && Steps[step].Summary.Index == step;

    /// <summary>What one update warns of.</summary>
    public static ValueList<string> WarningsOf(OperationUpdate update) => update switch
    {
        OperationPlanned plan => plan.Warnings,
        ImagesPlanned images => images.Warnings,
        ImageWarned warned => [warned.Warning],
        _ => [],
    };
}

/// <summary>A step and how far it is.</summary>
/// <param name="State">null: it has not begun.</param>
public sealed record OperationStep(StepSummary Summary, StepState? State = null, string Message = "", TimeSpan Elapsed = default)
{
    public bool IsOver => State is not (null or StepState.Running);

    /// <summary>"pull registry/app:v1 (image v0 -> v1)".</summary>
    public string Text => Summary.Description + (Summary.Reason.Length > 0 ? $" ({Summary.Reason})" : "");

    /// <summary>While it runs: "web: pull registry/app:v1, 40 %".</summary>
    public string RunningText =>
        (Summary.Component.Length > 0 ? Summary.Component + ": " : "") + Summary.Description + (Message.Length > 0 ? ", " + Message : "");

    internal OperationStep After(StepProgressed progress) =>
        this with { State = progress.State, Message = progress.Message, Elapsed = progress.Elapsed };
}
