using Mcp.Agent.Deploy.Health;
using Mcp.Agent.Ownership;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <param name="Message">What people should know of it, mostly nothing.</param>
/// <param name="Verified">The container that turned out to be healthy; null: the step verifies none.</param>
internal sealed record StepResult(string Message, ContainerInfo? Verified = null)
{
    public static readonly StepResult Silent = new("");
}

/// <summary>Does one step of a plan.</summary>
internal sealed class StepRunner(
    IContainerRuntime runtime, OwnContainers containers, ImagePuller puller, HealthGate gate, TaskGate tasks, RouteTable routes,
    TimeProvider time)
{
    /// <param name="pulled">The images that the plan has pulled so far.</param>
    public async Task<StepResult> DoAsync(
        Plan plan, PlanStep step, PulledImages pulled, IProgress<string> progress, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case StepAction.Pull:
                var image = await puller.PullAsync(step.Image!, step.Digest, progress, cancellationToken);
                pulled.Add(step.Image!, image);
                return new(image.Note);
            case StepAction.Rename:
                await runtime.RenameAsync(step.Container, step.Names!.Value.To, cancellationToken);
                return StepResult.Silent;
            case StepAction.Create:
                // By id: a tag that moves after the pull changes nothing.
                var spec = step.Spec! with { ImageId = pulled.IdOf(step.Spec.Image) ?? step.Spec.ImageId };
                return new((await runtime.CreateAsync(containers.Mark(spec), cancellationToken))[..12]);
            case StepAction.Stop:
                await runtime.StopAsync(step.Container, step.Time ?? ComponentDefinition.DefaultStopTimeout, cancellationToken);
                return StepResult.Silent;
            case StepAction.Start:
                await runtime.StartAsync(step.Container, cancellationToken);
                return StepResult.Silent;
            case StepAction.Verify:
                var verified = await gate.WaitAsync(step.Container, step.Health!, cancellationToken);
                return new(verified.Text, verified.Container);
            case StepAction.Complete:
                return new(
                    await tasks.WaitAsync(step.Container, step.Time ?? ComponentDefinition.DefaultTimeout, progress, cancellationToken));
            case StepAction.Switch:
                await routes.SwitchAsync(plan.Service, step.Component, step.Routes, cancellationToken);
                return StepResult.Silent;
            case StepAction.Drain:
                await Task.Delay(step.Time!.Value, time, cancellationToken);
                return StepResult.Silent;
            case StepAction.Remove:
                await runtime.RemoveAsync(step.Container, cancellationToken);
                return StepResult.Silent;
            default:
                throw new InvalidOperationException($"{step.Action} is not carried out here");
        }
    }

    /// <summary>What need not stay up was looked at once, right after its start. Before the record it is looked at once more, all of it in
    /// one listing.</summary>
    /// <param name="verified">By the step that verified it.</param>
    /// <exception cref="AgentException">A container has ended.</exception>
    public Task LookAgainAsync(
        string service, IEnumerable<(PlanStep Step, ContainerInfo Container)> verified, CancellationToken cancellationToken) =>
        gate.RequireUpAsync(
            service, [.. verified.Where(v => gate.OnlyLooks(v.Step.Health!)).Select(v => v.Container)], cancellationToken);
}
