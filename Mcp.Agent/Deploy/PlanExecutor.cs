using Mcp.Agent.Deploy.Health;
using Mcp.Core.Containers;
using Mcp.Core.Operations;
using Mcp.Core.Planning;
using Microsoft.Extensions.Logging;

namespace Mcp.Agent.Deploy;

/// <summary>How a plan's run ended; the error is null on success.</summary>
internal sealed record ExecutionResult(OperationOutcome Outcome, Exception? Error, IReadOnlyList<string> Notes);

/// <summary>Carries out a plan step by step, and takes it back when a step fails.</summary>
internal sealed class PlanExecutor(IContainerRuntime runtime, ImagePuller puller, HealthGate gate, DeployOptions options, TimeProvider time, ILogger<PlanExecutor> log)
{
    /// <param name="record">What the plan's Record step does; the point of no return. It is told the images that were pulled.</param>
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, Plan plan, Action<IReadOnlyCollection<DeployedImage>> record, CancellationToken cancellationToken)
    {
        var done = new Stack<PlanStep>();
        var pulled = new Dictionary<string, PulledImage>(StringComparer.Ordinal);
        var notes = new List<string>();
        var recorded = false;
        foreach (var step in plan.Steps)
        {
            var started = time.GetTimestamp();
            if (step.Unless is { } unless && pulled.GetValueOrDefault(unless.Reference)?.Image.Id == unless.ImageId)
            {
                Report(operation, step, StepState.Skipped, "the image is the same as before", started);
                continue;
            }
            Report(operation, step, StepState.Running, "", started);
            try
            {
                var message = await DoAsync(operation, step, pulled, record, started, cancellationToken);
                if (step.Action == StepAction.Pull && message.Length > 0)
                    notes.Add(message);
                Report(operation, step, StepState.Done, message, started);
                recorded |= step.Action == StepAction.Record;
                done.Push(step);
            }
            catch (Exception e) when (recorded && e is EngineException)
            {
                // The new state stands; what could not be cleaned up is taken up by the next deploy.
                Report(operation, step, StepState.Failed, e.Message, started);
                notes.Add($"{step.Description} failed: {e.Message}; the next deploy of {plan.Service} tries again");
            }
            catch (Exception e)
            {
                if (e is not (EngineException or AgentException or OperationCanceledException))
                    log.LogError(e, "Step {Step} of operation {Operation} broke", step.Description, operation.Id);
                Report(operation, step, StepState.Failed, e.Message, started);
                return await UndoAsync(operation, plan, step, done, e);
            }
        }
        return new(OperationOutcome.Succeeded, null, notes);
    }

    private async Task<string> DoAsync(
        Operation operation, PlanStep step, Dictionary<string, PulledImage> pulled, Action<IReadOnlyCollection<DeployedImage>> record, long started, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case StepAction.Pull:
                var image = await puller.PullAsync(step.Image!, step.Digest, new Progress(line => Report(operation, step, StepState.Running, line, started)), cancellationToken);
                pulled[step.Image!] = image;
                return image.Note;
            case StepAction.Rename:
                await runtime.RenameAsync(step.Container, step.Names!.Value.To, cancellationToken);
                return "";
            case StepAction.Create:
                // By id: a tag that moves between here and the pull changes nothing.
                var spec = step.Spec! with { ImageId = pulled.GetValueOrDefault(step.Spec.Image)?.Image.Id ?? step.Spec.ImageId };
                return (await runtime.CreateAsync(spec, cancellationToken))[..12];
            case StepAction.Stop:
                await runtime.StopAsync(step.Container, options.StopTimeout, cancellationToken);
                return "";
            case StepAction.Start:
                await runtime.StartAsync(step.Container, cancellationToken);
                return "";
            case StepAction.Verify:
                return await gate.WaitAsync(step.Container, step.Health!, cancellationToken);
            case StepAction.Record:
                record([.. pulled.Values.Select(p => p.Image)]);
                return "";
            case StepAction.Remove:
                await runtime.RemoveAsync(step.Container, cancellationToken);
                return "";
            default:
                throw new InvalidOperationException($"no way to do {step.Action}");
        }
    }

    /// <summary>Takes back what was done, last first, and goes on when a part of it fails. Only a deploy has something to go back to;
    /// of the others, no more than containers that they made is taken back.</summary>
    private async Task<ExecutionResult> UndoAsync(Operation operation, Plan plan, PlanStep failed, Stack<PlanStep> done, Exception error)
    {
        var notes = new List<string>();
        // A step that failed may have done half of its work: undoing is safe for work that was never done.
        done.Push(failed);
        foreach (var step in done.Where(s => plan.Kind == OperationKind.Deploy || s.Action == StepAction.Create))
        {
            var started = time.GetTimestamp();
            try
            {
                if (await UndoAsync(step))
                    Report(operation, step, StepState.Reverted, "", started);
            }
            catch (EngineException e)
            {
                log.LogError(e, "Undoing step {Step} of operation {Operation} failed", step.Description, operation.Id);
                notes.Add($"taking back '{step.Description}' failed: {e.Message}");
            }
        }
        return new(plan.Kind == OperationKind.Deploy && notes.Count == 0 ? OperationOutcome.RolledBack : OperationOutcome.Failed, error, notes);
    }

    /// <summary>False when the step left nothing to take back. Not cancellable: a rollback runs to its end.</summary>
    private async Task<bool> UndoAsync(PlanStep step)
    {
        switch (step.Action)
        {
            case StepAction.Rename:
                if (await runtime.InspectAsync(step.Container, CancellationToken.None) is { } renamed && renamed.Name != step.Names!.Value.From)
                    await runtime.RenameAsync(step.Container, step.Names.Value.From, CancellationToken.None);
                return true;
            case StepAction.Create:
                // By name and operation: when creating failed because the name was taken, that container is not ours to remove.
                if (await runtime.InspectAsync(step.Spec!.Name, CancellationToken.None) is { } created
                    && created.Labels.GetValueOrDefault(ContainerLabels.Operation) == step.Spec.Labels[ContainerLabels.Operation])
                    await runtime.RemoveAsync(created.Id, CancellationToken.None);
                return true;
            case StepAction.Stop:
                await runtime.StartAsync(step.Container, CancellationToken.None);
                return true;
            case StepAction.Start:
                // Killed rather than asked: it is not good, and the old one waits for its ports.
                await runtime.StopAsync(step.Container, TimeSpan.Zero, CancellationToken.None);
                return true;
            default:
                return false;
        }
    }

    private void Report(Operation operation, PlanStep step, StepState state, string message, long started) =>
        operation.Publish(new StepProgressed(operation.Id, time.GetUtcNow(), step.Index, state, message, time.GetElapsedTime(started)));

    /// <summary>Reports on the thread that pulls: System.Progress would reorder lines.</summary>
    private sealed class Progress(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
