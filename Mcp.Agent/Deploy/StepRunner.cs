using Mcp.Agent.Deploy.Health;
using Mcp.Core.Containers;
using Mcp.Core.Definitions;
using Mcp.Core.Planning;

namespace Mcp.Agent.Deploy;

/// <summary>Does one step of a plan.</summary>
internal sealed class StepRunner(
    IContainerRuntime runtime, ImagePuller puller, HealthGate gate, TaskGate tasks, RouteTable routes, TimeProvider time)
{
    /// <summary>Returns what people should know of it, mostly nothing.</summary>
    /// <param name="pulled">The images that the plan has pulled so far.</param>
    public async Task<string> DoAsync(
        Plan plan, PlanStep step, PulledImages pulled, IProgress<string> progress, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case StepAction.Pull:
                var image = await puller.PullAsync(step.Image!, step.Digest, progress, cancellationToken);
                pulled.Add(step.Image!, image);
                return image.Note;
            case StepAction.Rename:
                await runtime.RenameAsync(step.Container, step.Names!.Value.To, cancellationToken);
                return "";
            case StepAction.Create:
                // By id: a tag that moves after the pull changes nothing.
                var spec = step.Spec! with { ImageId = pulled.IdOf(step.Spec.Image) ?? step.Spec.ImageId };
                return (await runtime.CreateAsync(spec, cancellationToken))[..12];
            case StepAction.Stop:
                await runtime.StopAsync(step.Container, step.Time ?? ComponentDefinition.DefaultStopTimeout, cancellationToken);
                return "";
            case StepAction.Start:
                await runtime.StartAsync(step.Container, cancellationToken);
                return "";
            case StepAction.Verify:
                return await gate.WaitAsync(step.Container, step.Health!, cancellationToken);
            case StepAction.Complete:
                return await tasks.WaitAsync(step.Container, step.Time ?? ComponentDefinition.DefaultTimeout, progress, cancellationToken);
            case StepAction.Switch:
                await routes.SwitchAsync(plan.Service, step.Component, step.Routes, cancellationToken);
                return "";
            case StepAction.Drain:
                await Task.Delay(step.Time!.Value, time, cancellationToken);
                return "";
            case StepAction.Remove:
                await runtime.RemoveAsync(step.Container, cancellationToken);
                return "";
            default:
                throw new InvalidOperationException($"{step.Action} is not carried out here");
        }
    }

    /// <summary>What need not stay up was looked at once, right after its start. Before the record it is looked at once more, all of it in
    /// one listing.</summary>
    /// <param name="done">The steps so far.</param>
    /// <returns>All containers of the service; null: there was nothing to look at.</returns>
    /// <exception cref="AgentException">A container has ended.</exception>
    public async Task<IReadOnlyList<ContainerInfo>?> LookAgainAsync(
        string service, IEnumerable<PlanStep> done, CancellationToken cancellationToken)
    {
        var containers = done.Where(s => s.Action == StepAction.Verify && gate.OnlyLooks(s.Health!)).Select(s => s.Container).ToList();
        return containers.Count == 0 ? null : await gate.RequireUpAsync(service, containers, cancellationToken);
    }
}
