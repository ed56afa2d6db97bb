using Mcp.Core.Containers;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

internal enum UndoOutcome
{
    /// <summary>Such a step leaves nothing.</summary>
    None,

    /// <summary>This one has left nothing, or nothing any more.</summary>
    Nothing,

    Undone,
}

/// <summary>Rolls one step back, or finishes it after a crash. Both may be repeated, and done to steps that were never or half done: each
/// looks first. Needs no more of a step than the journal keeps.</summary>
internal sealed class StepUndo(IContainerRuntime runtime, RouteTable routes)
{
    public async Task<UndoOutcome> UndoAsync(string service, string operationId, PlanStep step, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case StepAction.Rename:
                if (await runtime.InspectAsync(step.Container, cancellationToken) is not { } renamed
                    || renamed.Name == step.Names!.Value.From)
                    return UndoOutcome.Nothing;
                await runtime.RenameAsync(renamed.Id, step.Names.Value.From, cancellationToken);
                return UndoOutcome.Undone;
            case StepAction.Create:
                if (await OwnAsync(operationId, step, cancellationToken) is not { } created)
                    return UndoOutcome.Nothing;
                await runtime.RemoveAsync(created.Id, cancellationToken);
                return UndoOutcome.Undone;
            case StepAction.Stop:
                if (await runtime.InspectAsync(step.Container, cancellationToken) is not { } stopped)
                    return UndoOutcome.Nothing;
                // Most likely it is just stopping, and nothing would start it again once it has stopped.
                if (stopped.IsUp)
                    await runtime.StopAsync(stopped.Id, step.Time ?? TimeSpan.Zero, cancellationToken);
                await runtime.StartAsync(stopped.Id, cancellationToken);
                return UndoOutcome.Undone;
            case StepAction.Start:
                if (await OwnAsync(operationId, step, cancellationToken) is not { } started)
                    return UndoOutcome.Nothing;
                // Killed rather than asked: it is not good, and the old one waits for its ports. What the operation made goes as a whole,
                // with all that its engine keeps of it.
                if (started.Id != step.Container)
                    await runtime.RemoveAsync(started.Id, cancellationToken);
                else
                    await runtime.StopAsync(started.Id, TimeSpan.Zero, cancellationToken);
                return UndoOutcome.Undone;
            case StepAction.Switch:
                return await routes.ApplyStoredAsync(service, cancellationToken) ? UndoOutcome.Undone : UndoOutcome.Nothing;
            default:
                return UndoOutcome.None;
        }
    }

    /// <summary>Does a step that follows the record, in so far as it is not done yet. A drain is not waited for again.</summary>
    public async Task FinishAsync(PlanStep step, CancellationToken cancellationToken)
    {
        if (step.Action is StepAction.Drain or StepAction.Record
            || await runtime.InspectAsync(step.Container, cancellationToken) is not { } container)
            return;
        switch (step.Action)
        {
            case StepAction.Stop when container.IsUp:
                await runtime.StopAsync(container.Id, step.Time ?? TimeSpan.Zero, cancellationToken);
                break;
            case StepAction.Remove:
                await runtime.RemoveAsync(container.Id, cancellationToken);
                break;
            case StepAction.Rename when container.Name == step.Names!.Value.From:
                await runtime.RenameAsync(container.Id, step.Names.Value.To, cancellationToken);
                break;
        }
    }

    /// <summary>A step names a container that the plan made by its name, which by now another one may have: that one is not the
    /// step's.</summary>
    private async Task<ContainerInfo?> OwnAsync(string operationId, PlanStep step, CancellationToken cancellationToken) =>
        await runtime.InspectAsync(step.Container, cancellationToken) is { } container
        && (container.Id == step.Container || container.Labels.GetValueOrDefault(ContainerLabels.Operation) == operationId)
            ? container
            : null;
}
